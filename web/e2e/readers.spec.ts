// Two who have less of their own than others. A leader: what waits, decided by the keyboard alone, and a board of which
// every figure opens its list. A reader: what is in their name and by when, reading and signing for it, giving back a
// loan, and nothing of what is not theirs (issue: the web UI, acceptance 1; duty M5).
import { Actor } from "./actor";
import { type Books, test } from "./books";
import { PASSWORD } from "./house";
import { expect, isWell, type Speech } from "./journey";
import { Caller } from "./shots/furnish";

const SUBJECTS: Record<Speech, [string, string]> = {
  zh: ["专项会商", "外协洽谈"],
  en: ["Special session", "Talks with suppliers"],
};

/** Somebody asks for two meetings, which begin with a leader's or the unit's word. */
async function plan(actor: Actor, { url, id }: Books) {
  const caller = await Caller.enter(actor.page, url, "bao");
  for (const subject of SUBJECTS[actor.speech]) {
    await caller.begin("meeting", "plan", {
      subject,
      host: id.unit,
      starts_at: "2026-07-02T02:00:00Z",
      ends_at: "2026-07-02T04:00:00Z",
      level: "state.confidential",
      term: { years: 5 },
      scope_persons: [id.bao, id.zhu, id.jian, id.yue, id.ling],
      place: id.safe,
      secrecy_lead: id.zhu,
      content: "会商",
      passing_on: "none",
      recording: false,
      participants: [{ person: id.yue }, { person: id.jian }],
    });
  }
}

/** Goes on with the tab key until it stands on a button of this name. */
async function tabTo(actor: Actor, name: string) {
  const { page } = actor;
  // what is read comes after the list, and its buttons with it
  await expect(page.getByRole("button", { name, exact: true })).toBeVisible();
  for (let at = 0; at < 60; at += 1) {
    await page.keyboard.press("Tab");
    const here = await page.evaluate(() => document.activeElement?.textContent?.trim());
    if (here === name) {
      return;
    }
  }
  throw new Error(`the tab key does not come to ${name}`);
}

/** From entry to entry by its letter, until the one about this. */
async function entry(actor: Actor, subject: string) {
  const { page } = actor;
  await page.keyboard.press("g");
  await page.keyboard.press("i");
  await expect(page.getByRole("heading", { level: 1, name: actor.t("nav.inbox") })).toBeVisible();
  await expect(page.locator(".entry", { hasText: subject })).toBeVisible();
  if (await page.locator(".entry.chosen", { hasText: subject }).isVisible()) {
    return;
  }
  // down first, then up again: which of them stands above the chosen one is not said
  for (let at = 0; at < 40; at += 1) {
    await page.keyboard.press(at < 20 ? "j" : "k");
    // the focus follows when the entry is drawn as chosen
    await page.waitForTimeout(100);
    const here = await page.evaluate(() => document.activeElement?.textContent ?? "");
    if (here.includes(subject)) {
      await page.keyboard.press("Enter");
      await expect(page.locator(".entry.chosen", { hasText: subject })).toBeVisible();
      return;
    }
  }
  throw new Error(`the letters do not come to ${subject}`);
}

/** A copy is asked for, agreed to and lent to the reader. */
async function lend(actor: Actor, { url, id, places }: Books): Promise<string> {
  const { page } = actor;
  let caller = await Caller.enter(page, url, "bao");
  const asked = { borrower: id.yue, purpose: "研读", due_at: "2026-06-20T09:00:00Z", copy: places.free };
  const loan = ((await caller.begin("loan", "request", asked)) as unknown as { record: { id: string } })
    .record;
  caller = await Caller.enter(page, url, "zhu");
  const { items } = await caller.get("/inbox");
  const mine = (items as { id: string; record: { id: string } }[]).find((one) => one.record.id === loan.id);
  await caller.post(`/approvals/${mine?.id}`, { decision: "approve" });
  caller = await Caller.enter(page, url, "bao");
  const signatures = [{ person: id.yue, method: "password", credential: PASSWORD }];
  await caller.act(loan.id, "lend", {}, { signatures });
  return loan.id;
}

test.describe.configure({ mode: "serial" });

// numbers are the same in both languages
test("every figure of the board opens its list", async ({ page, house, speech }) => {
  test.setTimeout(240_000);
  const actor = new Actor(page, speech, house.url);
  await actor.enter("ling");
  await actor.toBoard();
  const links = page.getByRole("main").locator("a.figure, .ant-card-extra a, .legend a");
  const all = await links.evaluateAll((found) =>
    found.map((one) => ({
      to: one.getAttribute("href") ?? "",
      count: Number(/\d+(?=\D*$)/.exec((one.querySelector("strong") ?? one).textContent ?? "")?.[0]),
    })),
  );
  expect(all.length).toBeGreaterThan(8);
  for (const { to, count } of all) {
    await page.getByRole("main").locator(`a[href="${to}"]`).first().click();
    await expect(page.getByRole("heading", { level: 1 })).not.toHaveText(actor.t("nav.board"));
    const rows = page.getByRole("main").locator("tbody tr.ant-table-row, .entry");
    await expect(rows, to).toHaveCount(Math.min(count, 50));
    await page.goBack();
    await expect(page.getByRole("heading", { level: 1, name: actor.t("nav.board") })).toBeVisible();
    await expect(links).toHaveCount(all.length);
  }
});

for (const speech of ["zh", "en"] as const) {
  test.describe(speech, () => {
    test.use({ speech });

    test("a leader decides by the keyboard alone", async ({ page, house }) => {
      const actor = new Actor(page, speech, house.url);
      const [first, second] = SUBJECTS[speech];
      await plan(actor, house);
      await actor.enter("ling");
      await expect(page.getByRole("heading", { level: 2, name: actor.t("desk.waiting") })).toBeVisible();
      await isWell(page);

      await entry(actor, first);
      await isWell(page);
      await tabTo(actor, actor.t("do.approve"));
      await page.keyboard.press("Enter");
      await expect(page.locator(".entry", { hasText: first })).toHaveCount(0);

      // a no wants its reason: without one it is not sent
      await entry(actor, second);
      await tabTo(actor, actor.t("do.refuse"));
      await page.keyboard.press("Enter");
      await expect(page.getByText(actor.t("insign.why"))).toBeVisible();
      await isWell(page);
      await expect(page.getByRole("textbox", { name: actor.t("act.comment") })).toBeFocused();
      await page.keyboard.type("时机不成熟");
      await tabTo(actor, actor.t("do.refuse"));
      await page.keyboard.press("Enter");
      await expect(page.locator(".entry", { hasText: second })).toHaveCount(0);
    });

    test("a reader sees what is in their name, and gives a loan back", async ({ page, house }) => {
      const actor = new Actor(page, speech, house.url);
      const loan = await lend(actor, house);
      await actor.enter("yue");
      const mine = page.getByRole("region", { name: actor.t("mydesk.title") });
      const row = mine.getByRole("row").filter({ has: page.locator(`a[href="/records/${loan}"]`) });
      await expect(row).toContainText(actor.state("loan", "lent"));
      // by when
      await expect(row).toContainText("20");
      await isWell(page);
      await row.locator(`a[href="/records/${loan}"]`).click();
      await expect(page.getByText(actor.state("loan", "lent"), { exact: true }).first()).toBeVisible();
      // it is taken back by the registrar, and says so
      const back = actor.action("loan", "return");
      const button = page.getByRole("main").getByRole("button", { name: back, exact: true });
      await expect(button).toHaveAttribute("aria-disabled", "true");
      await expect(button).toHaveAttribute("aria-description", /.+/);
      await isWell(page);

      await actor.enter("bao");
      await page.goto(`${house.url}/records/${loan}`);
      await actor.begin(back);
      await actor.send(back);
      await actor.isDone();
      await actor.enter("yue");
      await expect(mine.or(page.getByText(actor.t("desk.registers"), { exact: true })).first()).toBeVisible();
      await expect(row).toHaveCount(0);
    });

    test("a reader sees nothing of what others hold", async ({ page, house }) => {
      const actor = new Actor(page, speech, house.url);
      await actor.enter("wai");
      await expect(page.getByRole("region", { name: actor.t("mydesk.title") })).toHaveCount(0);
      await actor.goTo("copy");
      await expect(page.getByText(actor.t("empty.registerNot"))).toBeVisible();
      await page.goto(`${house.url}/records/${house.places.copy}`);
      await expect(page.getByRole("main").getByRole("alert").first()).toBeVisible();
      await isWell(page);
      for (const nowhere of ["/registers/nothing", "/nowhere"]) {
        await page.goto(`${house.url}${nowhere}`);
        await isWell(page);
      }
    });

    test("a reader reads and signs for it in the inbox", async ({ page, house }) => {
      test.skip(process.env.RUPING_URL !== undefined, "needs a house of its own");
      const actor = new Actor(page, speech, house.url);
      const subject = speech === "zh" ? "节前提醒" : "Before the holidays";
      const office = await Caller.enter(page, house.url, "ban");
      const given = await office.begin("briefing", "give", { subject, reader: house.id.yue });
      await office.act(given.id, "confirm", {});
      await actor.enter("yue");
      await actor.openInbox();
      await page.locator(".entry", { hasText: subject }).click();
      await expect(page.getByText(actor.t("insign.what"))).toBeVisible();
      await isWell(page);
      await page.getByRole("button", { name: actor.t("insign.sign"), exact: true }).click();
      await actor.prove();
      await expect(page.locator(".entry", { hasText: subject })).toHaveCount(0);
      await page.goto(`${house.url}/records/${given.id}`);
      await expect(page.getByText(actor.state("briefing", "read"), { exact: true }).first()).toBeVisible();
      await expect(page.getByRole("main")).toContainText(actor.field("briefing", "read_by"));
      await isWell(page);
    });
  });
}
