// Scanning: labels typed by a scanner or held before a camera lead to their records, are piled and acted on together, and
// count a stock-take blindly (B12; the web UI, deliverable 4). In both languages.
import type { APIRequestContext, Page } from "@playwright/test";
import { Actor } from "./actor";
import { film, noFilm } from "./camera";
import { PASSWORD } from "./house";
import { expect, isWell, type Speech, test } from "./journey";

type Row = { id: string; version: number; number?: string; state: string; fields: Record<string, unknown> };

/** Somebody at the interface, for what has to be there before anything is scanned. */
class Clerk {
  private constructor(
    private readonly asks: APIRequestContext,
    private readonly url: string,
    private readonly csrf: string,
  ) {}

  /** In the session of the page. */
  static async of(page: Page, url: string): Promise<Clerk> {
    const me = await (await page.request.get(`${url}/api/v1/me`)).json();
    return new Clerk(page.request, url, me.csrf);
  }

  async get<T>(path: string): Promise<T> {
    const answer = await this.asks.get(`${this.url}/api/v1${path}`);
    expect(answer.ok(), await answer.text()).toBe(true);
    return answer.json();
  }

  async post<T>(path: string, data: unknown, headers: Record<string, string> = {}): Promise<T> {
    const answer = await this.asks.post(`${this.url}/api/v1${path}`, {
      data,
      headers: { "x-csrf-token": this.csrf, ...headers },
    });
    expect(answer.ok(), await answer.text()).toBe(true);
    return answer.json();
  }

  async list(register: string, query = ""): Promise<Row[]> {
    return (await this.get<{ items: Row[] }>(`/registers/${register}/records?limit=200&${query}`)).items;
  }

  async person(name: string): Promise<string> {
    const [found] = await this.list("person", `q=${encodeURIComponent(name)}`);
    return found?.id ?? "";
  }
}

function labelOf(id: string): string {
  return `RP:${id.replaceAll("-", "").toUpperCase()}`;
}

/** As a scanner types: quickly, and Enter. */
async function scan(page: Page, text: string) {
  await page.keyboard.type(text);
  await page.keyboard.press("Enter");
}

/** More copies of a document that is there, by who keeps them. */
async function copies(clerk: Clerk, count: number, keeper = "包管件"): Promise<Row[]> {
  const [document] = await clerk.list("document", `q=${encodeURIComponent("旧试验大纲")}`);
  const [place] = await clerk.list("place", `q=${encodeURIComponent("一号保密柜")}`);
  if (!document || !place) {
    throw new Error("the house has not what it should have");
  }
  const before = new Set((await clerk.list("copy")).map((one) => one.id));
  const input = { copies_count: count, keeper: await clerk.person(keeper), place: place.id };
  const match = { "If-Match": `"${document.version}"` };
  await clerk.post(`/records/${document.id}/actions/make_copies`, { input }, match);
  const all = (await clerk.list("copy")).filter((one) => !before.has(one.id));
  expect(all).toHaveLength(count);
  return all.sort((one, other) => (String(one.fields.serial) < String(other.fields.serial) ? -1 : 1));
}

async function lendable(actor: Actor, url: string, all: Row[]) {
  const clerk = await Clerk.of(actor.page, url);
  const borrower = await clerk.person("岳阅读");
  for (const { id } of all) {
    const fields = { copy: id, borrower, purpose: "评审", due_at: "2026-12-01T09:00:00Z" };
    await clerk.post("/registers/loan/records", { action: "request", fields });
  }
  await actor.enter("zhu");
  const head = await Clerk.of(actor.page, url);
  const inbox = await head.get<{ items: { id: string; digest: string }[] }>("/inbox?limit=100");
  for (const { id, digest } of inbox.items) {
    await head.post(`/approvals/${id}`, { decision: "approve", digest });
  }
  await actor.enter("bao");
}

function serial(row: Row | undefined): string {
  return String(row?.fields.serial);
}

/** What the server says of a scan that noted nothing. */
const SAYS = {
  done: { zh: "此项已扫过", en: "this one was scanned before" },
  unknown: { zh: "没有此标签", en: "there is nothing with this label" },
};

/** What the interface tells somebody of the list of a stock-take: as its lines, and with it. */
async function told(page: Page, url: string, take: string): Promise<string> {
  const clerk = await Clerk.of(page, url);
  const whole = await clerk.get<{ lines: unknown[] }>(`/records/${take}`);
  const lines = await clerk.get<{ items: unknown[] }>(`/records/${take}/lines/copies?count=exact`);
  return JSON.stringify([whole, lines]);
}

/** The sounds that were made, as their pitches. */
async function listens(page: Page) {
  await page.addInitScript(() => {
    const heard: number[] = [];
    Object.assign(window, { heard });
    const make = AudioContext.prototype.createOscillator;
    AudioContext.prototype.createOscillator = function listen() {
      const made = make.call(this);
      const start = made.start.bind(made);
      made.start = (at?: number) => {
        heard.push(made.frequency.value);
        start(at);
      };
      return made;
    };
  });
}

async function lastSound(page: Page): Promise<"good" | "bad" | "none"> {
  const heard = await page.evaluate(() => (window as unknown as { heard: number[] }).heard.splice(0));
  return heard.length === 0 ? "none" : heard.some((hertz) => hertz < 400) ? "bad" : "good";
}

function status(page: Page) {
  return page.getByRole("main").getByRole("status").first();
}

const UNKNOWN = "RP:0190F3A2B4C57D8E9F00112233445566";

test.afterAll(noFilm);

for (const speech of ["zh", "en"] as Speech[]) {
  test.describe(speech, () => {
    test.use({ speech });

    test("a label opens its record, wherever one is", async ({ page, house }) => {
      test.setTimeout(180_000);
      await listens(page);
      const actor = new Actor(page, speech, house.url);
      await actor.enter("bao");
      const clerk = await Clerk.of(page, house.url);
      const all = await clerk.list("copy");
      const [first] = await clerk.list("copy", "filter=state:in_stock");

      // into the box, with a colon and letters as an input method leaves them
      await page.keyboard.press("/");
      await page.keyboard.insertText(
        labelOf(first?.id ?? "")
          .toLowerCase()
          .replace(":", "："),
      );
      await expect(page).toHaveURL(new RegExp(`/records/${first?.id}$`));
      expect(await lastSound(page)).toBe("good");
      await expect(page.getByText(actor.t("scan.fits"), { exact: true })).toBeVisible();
      await isWell(page);

      // somewhere else, while no field takes the keys
      await page.getByRole("link", { name: actor.t("nav.home") }).click();
      await page.evaluate(() => (document.activeElement as HTMLElement | null)?.blur());
      await scan(page, labelOf(first?.id ?? ""));
      await expect(page).toHaveURL(new RegExp(`/records/${first?.id}$`));

      const banner = page.getByRole("banner");
      await page.keyboard.press("/");
      await scan(page, UNKNOWN);
      await expect(banner.getByText(actor.t("scan.unknown"))).toBeVisible();
      expect(await lastSound(page)).toBe("bad");
      await isWell(page);
      await scan(page, "RP:0190F3");
      await expect(banner.getByText(actor.t("scan.broken"))).toBeVisible();

      // five in a row are a pile
      await page.getByRole("textbox", { name: actor.t("find.placeholder") }).focus();
      for (const { id } of all.slice(0, 5)) {
        await scan(page, labelOf(id));
        await expect(page).toHaveURL(new RegExp(`/records/${id}$`));
      }
      await isWell(page);
      await banner.getByRole("button", { name: actor.t("scan.toPile"), exact: true }).click();
      await expect(page.getByRole("heading", { level: 1, name: actor.t("nav.scan") })).toBeVisible();
      // the one that was scanned before them is in it too, if it is none of them
      const pile = new Set([first?.id, ...all.slice(0, 5).map(({ id }) => id)]);
      await expect(page.getByRole("table").getByRole("row")).toHaveCount(pile.size + 1);

      // gone with who made it
      await page.getByRole("button", { name: "包管件" }).click();
      await page.getByRole("menuitem", { name: actor.t("leave.now") }).click();
      await expect(page.getByRole("button", { name: actor.t("login.enter") })).toBeVisible();
      expect(await page.evaluate(() => sessionStorage.length)).toBe(0);
    });

    test("a pile is lent and comes back", async ({ page, house }) => {
      test.setTimeout(180_000);
      await listens(page);
      const actor = new Actor(page, speech, house.url);
      await actor.enter("bao");
      const [one, two, three] = await copies(await Clerk.of(page, house.url), 3);
      await lendable(
        actor,
        house.url,
        [one, two].flatMap((row) => row ?? []),
      );
      await page
        .getByRole("navigation")
        .getByRole("link", { name: actor.t("nav.scan") })
        .click();
      await expect(page.getByText(actor.t("scan.nothingYet"))).toBeVisible();
      await isWell(page);
      for (const row of [one, two, three]) {
        await scan(page, labelOf(row?.id ?? ""));
        await expect(status(page)).toContainText(serial(row));
        expect(await lastSound(page)).toBe("good");
      }
      await scan(page, labelOf(two?.id ?? ""));
      await expect(status(page)).toContainText(actor.t("scan.twice").replace("{{name}}", ""));
      expect(await lastSound(page)).toBe("bad");
      await scan(page, UNKNOWN);
      await expect(status(page)).toContainText(actor.t("scan.unknown"));
      await scan(page, "000001");
      await expect(status(page)).toContainText("000001");
      expect(await lastSound(page)).toBe("bad");
      await isWell(page);

      // silent, and remembered
      await page.getByRole("button", { name: actor.t("scan.sound"), exact: true }).click();
      await scan(page, UNKNOWN);
      expect(await lastSound(page)).toBe("none");
      await page.reload();
      await expect(page.getByRole("table").getByRole("row")).toHaveCount(4);
      await expect(page.getByRole("button", { name: actor.t("scan.sound") })).toHaveAttribute(
        "aria-pressed",
        "false",
      );

      // one of them was not asked for: what all can do comes when it is out
      const loan = actor.register("loan").name[speech];
      const lend = `${loan} · ${actor.action("loan", "lend")}`;
      await expect(page.getByText(lend)).toContainText(serial(three));
      await expect(page.getByRole("button", { name: lend, exact: true })).toHaveCount(0);
      await page
        .getByRole("button", { name: actor.t("scan.leaveOutOf").replace("{{name}}", serial(three)) })
        .click();
      await page.getByRole("button", { name: lend, exact: true }).click();
      const form = page.getByRole("dialog");
      await actor.choose(actor.t("sign.who").replace("{{place}}", "1"), "岳阅读");
      await form.getByPlaceholder(actor.t("sign.with_password")).fill(PASSWORD);
      await form.getByRole("button", { name: actor.t("bulk.do"), exact: true }).click();
      await expect(form.getByText(actor.t("bulk.is_done"))).toBeVisible({ timeout: 30_000 });
      await isWell(page);
      await form
        .getByRole("button", { name: actor.t("act.close"), exact: true })
        .last()
        .click();
      await actor.isDone();

      const back = `${loan} · ${actor.action("loan", "return")}`;
      await page.getByRole("button", { name: back, exact: true }).click();
      await form.getByRole("button", { name: actor.t("bulk.try"), exact: true }).click();
      await expect(form.getByText(actor.t("bulk.is_tried"))).toBeVisible();
      await form.getByRole("button", { name: actor.t("bulk.do"), exact: true }).click();
      await expect(form.getByText(actor.t("bulk.is_done"))).toBeVisible({ timeout: 30_000 });
      await form
        .getByRole("button", { name: actor.t("act.close"), exact: true })
        .last()
        .click();
      await expect(page.getByRole("button", { name: back, exact: true })).toHaveCount(0);

      // something new about all of them, written down once
      const list = `${actor.register("destruction").name[speech]} · ${actor.action("destruction", "draw_up")}`;
      await page.getByRole("button", { name: list, exact: true }).click();
      await expect(form.getByText(serial(one), { exact: true })).toBeVisible();
      await expect(form.getByText(serial(two), { exact: true })).toBeVisible();
      await isWell(page);
      await page.goBack();
      await page.getByRole("button", { name: actor.t("scan.empty"), exact: true }).click();
      await expect(page.getByText(actor.t("scan.nothingYet"))).toBeVisible();
    });

    test("a camera reads labels", async ({ page, house }) => {
      test.setTimeout(120_000);
      const actor = new Actor(page, speech, house.url);
      await actor.enter("bao");
      const [one, two] = await (await Clerk.of(page, house.url)).list("copy", "filter=state:in_stock");
      await film([labelOf(one?.id ?? ""), labelOf(two?.id ?? "")]);
      await page.goto(`${house.url}/scan`);
      await page.getByRole("button", { name: actor.t("scan.camera"), exact: true }).click();
      await expect(page.getByRole("table").getByRole("row")).toHaveCount(3, { timeout: 20_000 });
      await isWell(page);
      await page.getByRole("button", { name: actor.t("scan.cameraOff"), exact: true }).click();
      await expect(page.locator("video")).toHaveCount(0);
    });

    test("a stock-take is counted blindly by scanning", async ({ page, house }) => {
      test.setTimeout(180_000);
      await listens(page);
      const actor = new Actor(page, speech, house.url);
      await actor.enter("bao");
      const clerk = await Clerk.of(page, house.url);
      const [one, two, three] = await copies(clerk, 3, "陈起草");
      const counters = [await clerk.person("简监销"), await clerk.person("岳阅读")];
      const of_keeper = await clerk.person("陈起草");
      const fields = { occasion: "清点", kind: "regular", of_keeper, counters, finish_by: "2027-03-31" };
      const take = await clerk.post<Row>("/registers/stock_take/records", { action: "open", fields });
      const all = [one, two, three].map((row) => row?.id ?? "");
      // who opened it is not told either what is expected, nor is anybody over the interface
      const of_opener = await told(page, house.url, take.id);
      expect(all.filter((id) => of_opener.includes(id))).toEqual([]);
      await page.goto(`${house.url}/records/${take.id}`);
      await expect(page.getByText(actor.t("scan.blind"))).toBeVisible();
      await expect(page.getByRole("button", { name: actor.t("scan.byScanning"), exact: true })).toHaveCount(
        0,
      );
      await isWell(page);

      await actor.enter("yue");
      await page.goto(`${house.url}/records/${take.id}`);
      // who counts is not shown what is expected, here or there
      await expect(page.getByText(actor.t("scan.blindDo"))).toBeVisible();
      const of_counter = await told(page, house.url, take.id);
      expect(all.filter((id) => of_counter.includes(id))).toEqual([]);
      const table = page.getByRole("main").getByRole("table").first();
      await expect(table.getByText(serial(one), { exact: true })).toHaveCount(0);
      await isWell(page);
      await page.getByRole("button", { name: actor.t("scan.byScanning"), exact: true }).click();
      await expect(page.getByText(actor.t("scan.blindHow"))).toBeVisible();
      await expect(page.getByRole("main").getByText(serial(one), { exact: true })).toHaveCount(0);
      await isWell(page);

      // where it was found is asked for once, and said at its place where it is missing
      await page.getByRole("textbox", { name: actor.t("scan.field") }).focus();
      await scan(page, labelOf(one?.id ?? ""));
      await expect(status(page)).toContainText(actor.t("scan.notNoted"));
      expect(await lastSound(page)).toBe("bad");
      await isWell(page);
      const where = page.getByRole("combobox").first();
      await where.click();
      await where.fill("一号");
      await page.locator(".ant-select-item-option", { hasText: "一号保密柜" }).first().click();
      await page.getByRole("textbox", { name: actor.t("scan.field") }).focus();
      await scan(page, labelOf(one?.id ?? ""));
      await expect(status(page)).toContainText(serial(one));
      expect(await lastSound(page)).toBe("good");
      await scan(page, labelOf(one?.id ?? ""));
      await expect(status(page)).toContainText(SAYS.done[speech]);
      expect(await lastSound(page)).toBe("bad");
      await scan(page, UNKNOWN);
      await expect(status(page)).toContainText(SAYS.unknown[speech]);
      // by hand, where there is no label: the document's number and the copy number
      await scan(page, `WJ2026-机密-00001 ${serial(two)}`);
      await expect(status(page)).toContainText(serial(two));
      await expect(page.getByRole("main").getByText(serial(three), { exact: true })).toHaveCount(0);
      await isWell(page);

      // what was found is told, and nothing else
      const counted = await told(page, house.url, take.id);
      expect(all.map((id) => counted.includes(id))).toEqual([true, true, false]);

      // the others, without a word of which and how many
      const finish = actor.action("stock_take", "finish_counting");
      await page.getByRole("button", { name: finish, exact: true }).click();
      const form = page.getByRole("dialog");
      await expect(form.getByText(serial(three))).toHaveCount(0);
      await isWell(page);
      await form.getByRole("button", { name: finish, exact: true }).click();
      await actor.isDone();
      // its shadow goes last
      await expect(page.locator(".ant-drawer")).toHaveCount(0);
      await expect(page.getByText(actor.t("scan.allDone"))).toBeVisible();
      await isWell(page);
      await page.getByRole("link", { name: actor.t("record.toWhole"), exact: true }).click();
      await expect(page.getByText(actor.t("scan.allDone"))).toHaveCount(0);
      await expect(
        page.getByText(actor.state("stock_take", "compared"), { exact: true }).first(),
      ).toBeVisible();
      await expect(page.getByRole("main").getByText(serial(three), { exact: true }).first()).toBeVisible();
      await isWell(page);
    });
  });
}
