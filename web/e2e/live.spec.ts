// News without asking: what waits for somebody shows at once, on the page that they look at.
import { Actor } from "./actor";
import { expect, furnish, isWell, test } from "./journey";

for (const speech of ["zh", "en"] as const) {
  test.describe(speech, () => {
    test.use({ speech });

    test("what is asked shows where somebody looks, without a reload", async ({ browser, page, house }) => {
      test.setTimeout(120_000);
      const head = new Actor(page, speech, house.url);
      await head.enter("zhu");
      const link = page.getByRole("navigation").getByRole("link", { name: head.t("nav.inbox") });
      const before = await waiting(await link.textContent());

      const other = await (await browser.newContext({ locale: "zh-CN" })).newPage();
      await furnish(other, speech);
      const bao = new Actor(other, speech, house.url);
      await bao.enter("bao");
      await bao.goTo("copy");
      await other.goto(`${other.url()}?filter=state:in_stock`);
      // one that the journey in the other language has not asked for
      const row = speech === "zh" ? 1 : 2;
      const copy = other.getByRole("row").nth(row).getByRole("link").first();
      await copy.click();
      await other.getByRole("tab", { name: bao.t("related.title") }).click();
      const request = bao.action("loan", "request");
      await other.getByRole("tabpanel").getByRole("button", { name: request, exact: true }).click();
      await bao.choose(bao.field("loan", "borrower"), "岳阅读", "yyd");
      await bao.fill(bao.field("loan", "purpose"), "即时提醒");
      await bao.fill(bao.field("loan", "due_at"), "2027-07-01 17:00");
      await other.locator(".ant-picker-ok").getByRole("button").click();
      await bao.send(request);
      await bao.isDone();
      await other.close();

      // well within the minute after which a page would ask by itself
      await expect(link).toContainText(String(before + 1), { timeout: 15_000 });
      await isWell(page);
      await page.getByRole("button", { name: new RegExp(`^${head.t("live.title")}`) }).click();
      await expect(page.getByRole("dialog", { name: head.t("live.title") })).toBeVisible();
      await isWell(page);
    });

    test("where no stream is to be had the page asks now and then", async ({ page, house }) => {
      await page.route("**/api/v1/events", (route) => route.fulfill({ status: 429, body: "{}" }));
      await page.clock.install();
      const actor = new Actor(page, speech, house.url);
      await actor.enter("zhu");
      await expect(page.getByText(actor.t("desk.registers"), { exact: true })).toBeVisible();
      const asked = page.waitForRequest((one) => one.url().includes("/api/v1/inbox"));
      await page.clock.fastForward("01:05");
      await asked;
    });

    test("a session that ended elsewhere is said at once", async ({ page, house }) => {
      const actor = new Actor(page, speech, house.url);
      await actor.enter("jian");
      await expect(page.getByText(actor.t("desk.registers"), { exact: true })).toBeVisible();
      const session = await page.request.get(`${house.url}/api/v1/me`);
      const { csrf } = await session.json();
      await page.request.delete(`${house.url}/api/v1/session`, { headers: { "x-csrf-token": csrf } });
      await expect(page.getByRole("dialog", { name: actor.t("leave.over") })).toBeVisible();
      await isWell(page);
    });
  });
}

/** The number beside a word; none is none. */
function waiting(text: string | null): number {
  return Number(/(\d+)\s*$/.exec(text ?? "")?.[1] ?? 0);
}
