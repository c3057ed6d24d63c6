// Help: keys that lead somewhere, a list of them, and a first way round that can be left and begun again.
import type { Page } from "@playwright/test";
import { Actor } from "./actor";
import { expect, isWell, test } from "./journey";

/** As somebody whose browser has never shown the way round. */
async function anew(page: Page) {
  await page.evaluate(() => {
    for (const key of Object.keys(localStorage).filter((one) => one.startsWith("ruping.tour"))) {
      localStorage.setItem(key, "ask");
    }
  });
}

for (const speech of ["zh", "en"] as const) {
  test.describe(speech, () => {
    test.use({ speech });

    test("keys lead to where they say", async ({ page, house }) => {
      test.setTimeout(120_000);
      const actor = new Actor(page, speech, house.url);
      await actor.enter("bao");
      await page.keyboard.press("?");
      const list = page.getByRole("dialog", { name: actor.t("help.keys") });
      await expect(list.getByText("g d")).toBeVisible();
      await isWell(page);
      // what lies over the page has the keys for itself
      await page.keyboard.press("g");
      await page.keyboard.press("i");
      await expect(list).toBeVisible();
      await page.keyboard.press("Escape");
      await expect(list).toHaveCount(0);

      await page.keyboard.press("g");
      await page.keyboard.press("i");
      await expect(page.getByRole("heading", { level: 1, name: actor.t("nav.inbox") })).toBeVisible();
      await page.keyboard.press("g");
      await page.keyboard.press("d");
      await expect(page.getByText(actor.t("desk.registers"), { exact: true })).toBeVisible();
      await page.keyboard.press("/");
      await expect(page.getByRole("textbox", { name: actor.t("find.placeholder") })).toBeFocused();
      // letters are letters while one types
      await page.keyboard.type("gi?");
      await expect(page.getByRole("textbox", { name: actor.t("find.placeholder") })).toHaveValue("gi?");
      await page.getByRole("textbox", { name: actor.t("find.placeholder") }).fill("");

      await actor.goTo("document");
      await expect(page.getByRole("row").nth(1)).toBeVisible();
      await page.getByRole("heading", { level: 1 }).click();
      await page.keyboard.press("n");
      await expect(page.getByRole("dialog")).toBeVisible();
      await page
        .getByRole("dialog")
        .getByRole("button", { name: actor.t("act.cancel"), exact: true })
        .click();
      await expect(page.getByRole("dialog")).toHaveCount(0);
      await page.keyboard.press("j");
      const second = page.locator("#content .ant-table-row a[href]");
      await expect(second.first()).toBeFocused();
      await page.keyboard.press("Enter");
      await expect(page).toHaveURL(/\/records\//);
    });

    test("the way round is shown once, can be left, and begun again", async ({ page, house }) => {
      test.setTimeout(120_000);
      const actor = new Actor(page, speech, house.url);
      await anew(page);
      for (const [name, second] of [
        ["chen", "tour.desk"],
        ["auditor", "tour.log"],
        ["secadmin", "tour.two"],
      ] as const) {
        await actor.enter(name);
        await expect(page.getByText(actor.t("tour.welcome"), { exact: true })).toBeVisible();
        await isWell(page);
        await page.getByRole("button", { name: actor.t("tour.next"), exact: true }).click();
        await expect(page.locator(".ant-tour-title", { hasText: actor.t(second) })).toBeVisible();
        await page.keyboard.press("Escape");
        await expect(page.locator(".ant-tour-title", { hasText: actor.t(second) })).toHaveCount(0);
      }
      await page.reload();
      await expect(page.getByRole("heading", { level: 1 })).toBeVisible();
      await expect(page.getByText(actor.t("tour.welcome"), { exact: true })).toHaveCount(0);
      await page.getByRole("button", { name: actor.t("help.title"), exact: true }).click();
      await page.getByRole("menuitem", { name: actor.t("help.tour"), exact: true }).click();
      await expect(page.getByText(actor.t("tour.welcome"), { exact: true })).toBeVisible();
    });
  });
}
