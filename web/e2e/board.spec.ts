// The board of those who lead: every number opens its list, pictures have their words beside them (duty M5 for leaders).
import { Actor } from "./actor";
import { expect, isWell, test } from "./journey";

for (const speech of ["zh", "en"] as const) {
  test.describe(speech, () => {
    test.use({ speech });

    test("a leader sees the board, and every number opens its list", async ({ page, house }) => {
      const actor = new Actor(page, speech, house.url);
      await actor.enter("ling");
      await page
        .getByRole("navigation")
        .getByRole("link", { name: actor.t("nav.board"), exact: true })
        .click();
      await expect(page.getByRole("heading", { level: 1, name: actor.t("nav.board") })).toBeVisible();
      await expect(page.getByRole("img").first()).toBeVisible();
      await expect(page.locator(".board svg").first()).toBeVisible();
      await isWell(page);

      // a number of the words beside a picture
      const card = page
        .locator(".ant-card")
        .filter({ has: page.locator(".legend") })
        .first();
      const group = card.locator(".legend a").first();
      const count = Number(/(\d+)\s*$/.exec((await group.textContent()) ?? "")?.[1]);
      await group.click();
      await expect(page.getByRole("search")).toBeVisible();
      await expect(page.getByRole("main").getByRole("status").first()).toContainText(String(count));
      await expect(page.locator("tbody tr.ant-table-row")).toHaveCount(Math.min(count, 50));
      await isWell(page);

      // a part of a picture
      await page.goBack();
      const bar = page.locator(".board svg path[fill]:not([fill='none'])").last();
      await bar.click();
      await expect(page.getByRole("search")).toBeVisible();

      // the same as tables
      await page.goBack();
      await page.getByRole("switch", { name: actor.t("board.asTables") }).click();
      await expect(page.getByRole("columnheader", { name: actor.t("board.count") }).first()).toBeVisible();
      await expect(page.locator(".board svg")).toHaveCount(0);
      await isWell(page);
      await page.getByRole("switch", { name: actor.t("board.asTables") }).click();
    });

    test("on a phone and in the dark", async ({ page, house }) => {
      const actor = new Actor(page, speech, house.url);
      await page.setViewportSize({ width: 390, height: 844 });
      await actor.enterOnPhone("ling");
      await page.goto(`${house.url}/board`);
      await page.getByRole("button", { name: actor.t("shade.dark") }).click();
      await expect(page.locator(".board svg").first()).toBeVisible();
      await isWell(page);
      const wide = await page.evaluate(() => document.documentElement.scrollWidth > innerWidth);
      expect(wide).toBe(false);
      await page.getByRole("button", { name: actor.t("shade.light") }).click();
    });

    test("who leads nobody has no board in the way", async ({ page, house }) => {
      const actor = new Actor(page, speech, house.url);
      await actor.enter("chen");
      await expect(page.getByText(actor.t("desk.registers"), { exact: true })).toBeVisible();
      await expect(page.getByRole("link", { name: actor.t("nav.board"), exact: true })).toHaveCount(0);
    });
  });
}
