// What the pictures show: a document with copies, of which one is lent and one is asked for. It goes by the interface,
// as the journeys show the clicking.
import type { Page } from "@playwright/test";
import { PASSWORD } from "../house";

type Made = { id: string; version: number; made?: { id: string; register: string }[] };

export class Caller {
  private constructor(
    private readonly page: Page,
    private readonly url: string,
    private readonly csrf: string,
  ) {}

  static async enter(page: Page, url: string, name: string): Promise<Caller> {
    await page.context().clearCookies();
    const headers = { Origin: url };
    const entered = await page.request.post(`${url}/api/v1/session`, {
      headers,
      data: { name, password: PASSWORD },
    });
    const csrf = entered.ok() ? (await (await page.request.get(`${url}/api/v1/me`)).json()).csrf : "";
    const caller = new Caller(page, url, csrf);
    await caller.post("/session/step-up", { password: PASSWORD });
    return caller;
  }

  async get(path: string) {
    return (await this.page.request.get(`${this.url}/api/v1${path}`)).json();
  }

  async post(path: string, data: unknown, version?: number): Promise<Made> {
    const headers: Record<string, string> = { Origin: this.url, "X-CSRF-Token": this.csrf };
    if (version !== undefined) {
      headers["If-Match"] = `"${version}"`;
    }
    const answer = await this.page.request.post(`${this.url}/api/v1${path}`, { headers, data });
    const text = await answer.text();
    if (!answer.ok()) {
      throw new Error(`${path}: ${text}`);
    }
    return text === "" ? ({} as Made) : JSON.parse(text);
  }

  /** Begins a record. */
  begin(register: string, action: string, fields: unknown): Promise<Made> {
    return this.post(`/registers/${register}/records`, { action, fields });
  }

  /** Acts on a record as it is now. */
  async act(id: string, action: string, input: unknown, more: object = {}): Promise<Made> {
    const { version } = await this.get(`/records/${id}`);
    return this.post(`/records/${id}/actions/${action}`, { input, ...more }, version);
  }

  async one(register: string, words: string): Promise<string> {
    const { items } = await this.get(`/registers/${register}/records?q=${encodeURIComponent(words)}`);
    return items[0].id;
  }
}

const furnished = new Map<string, Record<string, string>>();

/** Places that the pictures name. A house is furnished once: the two languages show the same. */
export async function furnish(page: Page, url: string): Promise<Record<string, string>> {
  const places = furnished.get(url) ?? (await bring(page, url));
  furnished.set(url, places);
  return places;
}

async function bring(page: Page, url: string): Promise<Record<string, string>> {
  const chen = await Caller.enter(page, url, "chen");
  const title = "海鹰二号总体技术方案（送审稿）";
  const term = { years: 10 };
  const level = "state.secret";
  const document = await chen.post("/registers/document/records", {
    action: "draft",
    fields: { title, level, term, doc_no: "海鹰〔2026〕12号", pages: 86 },
  });
  const names = ["陈起草", "丁定密", "包管件", "凌领导", "朱主任", "岳阅读"];
  const scope_persons = await Promise.all(names.map((name) => chen.one("person", name)));
  const { items } = await chen.get("/registers/secret_matter/records?limit=1");
  const basis = items[0].id;
  await chen.post("/registers/classification/records", {
    action: "propose",
    fields: { document: document.id, level, term, scope_persons, basis, reason: "属保密事项范围第3条" },
  });
  const ding = await Caller.enter(page, url, "ding");
  const inbox = await ding.get("/inbox");
  await ding.post(`/approvals/${inbox.items[0].id}`, { decision: "approve" });
  const bao = await Caller.enter(page, url, "bao");
  const keeper = await bao.one("person", "包管件");
  const place = await bao.one("place", "一号保密柜");
  const copies = await bao.act(document.id, "make_copies", { copies_count: 5, keeper, place });
  const [first, second] = (copies.made ?? []).filter((one) => one.register === "copy");
  const borrower = await bao.one("person", "岳阅读");
  const asked = { borrower, purpose: "方案评审", due_at: "2027-07-01T09:00:00Z" };
  const ask = (copy: string | undefined) =>
    bao.post("/registers/loan/records", { action: "request", fields: { copy, ...asked } });
  const loan = (await ask(first?.id)) as unknown as { record: Made };
  const zhu = await Caller.enter(page, url, "zhu");
  const waiting = await zhu.get("/inbox");
  await zhu.post(`/approvals/${waiting.items[0].id}`, { decision: "approve" });
  const again = await Caller.enter(page, url, "bao");
  const signatures = [{ person: borrower, method: "password", credential: PASSWORD }];
  await again.act(loan.record.id, "lend", {}, { signatures });
  await again.post("/registers/loan/records", { action: "request", fields: { copy: second?.id, ...asked } });
  await page.context().clearCookies();
  return { document: document.id, copy: first?.id ?? "", asked: second?.id ?? "", loan: loan.record.id };
}
