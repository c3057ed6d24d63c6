// Who may do what, and who would gain or lose what by other policies, in both languages.
import { Actor } from "./actor";
import { expect, isWell, test } from "./journey";

for (const speech of ["zh", "en"] as const) {
  test.describe(speech, () => {
    test.use({ speech });

    test("the security administrator works out who loses what", async ({ page, house }) => {
      const actor = new Actor(page, speech, house.url);
      await actor.enter("secadmin");
      await page
        .getByRole("navigation")
        .getByRole("link", { name: actor.t("nav.policies"), exact: true })
        .click();
      await expect(page.getByRole("article", { name: "custody.keep" })).toBeVisible();
      await page.getByRole("article", { name: "custody.keep" }).getByText(actor.t("policies.text")).click();
      await expect(page.getByText('@id("custody.keep")')).toBeVisible();
      await isWell(page);
      await page.getByRole("tab", { name: actor.t("policies.tab_roles"), exact: true }).click();
      await expect(page.getByRole("region", { name: actor.t("role.registrar") })).toBeVisible();
      await isWell(page);

      await page.getByRole("tab", { name: actor.t("policies.tab_whatIf"), exact: true }).click();
      await isWell(page);
      const ask = page.getByRole("button", { name: actor.t("policies.ask"), exact: true });
      await ask.click();
      const loses = page.getByRole("region", { name: actor.t("policies.who_loses"), exact: true });
      await expect(loses).toContainText("house.no_print_top_secret");
      await expect(loses).toContainText("bao");
      await isWell(page);

      const text = page.getByLabel(actor.t("policies.text"), { exact: true });
      await text.fill((await text.inputValue()).replace("forbid", "forbidd"));
      await ask.click();
      await expect(page.getByText(/house\/site\.cedar:\d+:\d+/).first()).toBeVisible();
      await isWell(page);
    });

    test("an account says what its roles may do", async ({ page, house }) => {
      const actor = new Actor(page, speech, house.url);
      await actor.enter("secadmin");
      await page
        .getByRole("navigation")
        .getByRole("link", { name: actor.t("nav.accounts"), exact: true })
        .click();
      await page
        .getByRole("row", { name: /^bao/ })
        .getByRole("button", { name: actor.t("policies.duties"), exact: true })
        .click();
      await expect(
        page.getByRole("dialog").getByRole("region", { name: actor.t("role.registrar") }),
      ).toBeVisible();
      await isWell(page);
    });
  });
}
