// The rules of the house, read by whose office it is, in both languages: parameters, rules, one definition, a check.
import { Actor } from "./actor";
import { expect, isWell, test } from "./journey";

for (const speech of ["zh", "en"] as const) {
  test.describe(speech, () => {
    test.use({ speech });

    test("the head of the office reads what holds and has a definition checked", async ({ page, house }) => {
      const actor = new Actor(page, speech, house.url);
      await actor.enter("office");
      await page
        .getByRole("navigation")
        .getByRole("link", { name: actor.t("nav.packs"), exact: true })
        .click();
      await expect(page.getByRole("heading", { level: 1, name: actor.t("nav.packs") })).toBeVisible();
      const row = page.getByRole("row", { name: /period\.max\.state\.secret/ });
      await expect(row).toContainText("R-131");
      await expect(row).toContainText(speech === "zh" ? "20 年" : "20 years");
      await isWell(page);
      await page.setViewportSize({ width: 390, height: 844 });
      await expect(row).toBeVisible();
      await page.setViewportSize({ width: 1366, height: 768 });
      await page.getByLabel(actor.t("packs.search"), { exact: true }).fill("R-601");
      await expect(page.getByRole("row", { name: /leak\.report/ })).toBeVisible();
      await expect(page.getByRole("row", { name: /exam\.pass/ })).toHaveCount(0);

      await page.getByRole("tab", { name: actor.t("packs.tab_rules"), exact: true }).click();
      await expect(page.getByRole("row", { name: /R-184 / }).first()).toBeVisible();
      await isWell(page);

      await page.getByRole("tab", { name: actor.t("packs.tab_definitions"), exact: true }).click();
      await isWell(page);
      const name = actor.register("loan").name[speech];
      await page.getByRole("main").getByRole("link", { name, exact: true }).click();
      await expect(page.getByRole("heading", { level: 1, name, exact: true })).toBeVisible();
      await expect(page.getByRole("row", { name: actor.action("loan", "lend") }).first()).toBeVisible();
      await isWell(page);
      await page.getByRole("tab", { name: actor.t("definition.tab_text"), exact: true }).click();
      await expect(page.getByText('key = "loan"')).toBeVisible();
      await isWell(page);
      await page.getByRole("tab", { name: actor.t("definition.tab_history"), exact: true }).click();
      await expect(
        page.getByRole("region", { name: actor.t("definition.nth").replace("{{n}}", "1") }),
      ).toBeVisible();
      await isWell(page);

      // another version: first with a mistake, then with one field more
      await page.getByRole("tab", { name: actor.t("definition.tab_check"), exact: true }).click();
      const text = page.getByLabel(actor.t("packs.text"), { exact: true });
      const was = await text.inputValue();
      await text.fill(was.replace('type = "person"', 'type = "persn"'));
      await page.getByRole("button", { name: actor.t("packs.check"), exact: true }).click();
      await expect(page.getByText(/loan\.toml:\d+:\d+/).first()).toBeVisible();
      await isWell(page);
      await text.fill(
        was.replace('type = "text"\nrequired = true', 'type = "text"\nrequired = true\nmax_length = 90'),
      );
      await page.getByRole("button", { name: actor.t("packs.check"), exact: true }).click();
      await expect(page.getByText("fields.purpose.max_length")).toBeVisible();
      await expect(page.getByText("+ max_length = 90")).toBeVisible();
      await isWell(page);
    });

    test("who has nothing to do with it is not led there", async ({ page, house }) => {
      const actor = new Actor(page, speech, house.url);
      await actor.enter("jian");
      await expect(page.getByRole("link", { name: actor.t("nav.packs"), exact: true })).toHaveCount(0);
      await page.goto(`${house.url}/packs`);
      await expect(page.getByRole("alert")).toBeVisible();
    });
  });
}
