// People and units are chosen by where they stand, by who does not know their names: by mouse, and by keyboard alone.
import { Actor } from "./actor";
import { expect, isWell, test } from "./journey";

for (const speech of ["zh", "en"] as const) {
  test.describe(speech, () => {
    test.use({ speech });

    test("who may know it is chosen by unit", async ({ page, house }) => {
      const actor = new Actor(page, speech, house.url);
      await actor.enter("chen");
      await actor.goTo("classification");
      await actor.begin(actor.action("classification", "propose"));
      const unit = actor.register("unit").name[speech];
      const by = (field: string) =>
        actor
          .t("pick.byTreeOf")
          .replace("{{label}}", actor.field("classification", field))
          .replace("{{name}}", unit);
      const title = actor.t("pick.byTree").replace("{{name}}", unit);
      const box = page.getByRole("dialog", { name: title });
      const takes = (count: number) =>
        box.getByRole("button", {
          name: actor.t("pick.take").replace("{{count}}", String(count)),
          exact: true,
        });

      await page.getByRole("button", { name: by("scope_persons"), exact: true }).click();
      await box.getByRole("treeitem", { name: "总体部" }).locator(".ant-tree-switcher").click();
      await box.getByRole("treeitem", { name: "岳阅读" }).locator(".ant-tree-checkbox").click();
      await box.getByRole("treeitem", { name: "朱主任" }).locator(".ant-tree-checkbox").click();
      await isWell(page);
      await takes(2).click();
      await expect(box).toHaveCount(0);
      for (const name of ["岳阅读", "朱主任"]) {
        await expect(page.getByRole("dialog").locator(".ant-select").getByText(name)).toBeVisible();
      }

      // units themselves, by the keyboard
      await page.getByRole("button", { name: by("scope_units"), exact: true }).press("Enter");
      await expect(box.getByRole("treeitem").first()).toBeVisible();
      await box.getByRole("tree").focus();
      await page.keyboard.press("ArrowDown");
      await page.keyboard.press("Enter");
      await takes(1).press("Enter");
      await expect(box).toHaveCount(0);
      await isWell(page);
    });

    test("a borrower is one person", async ({ page, house }) => {
      const actor = new Actor(page, speech, house.url);
      await actor.enter("bao");
      await actor.goTo("loan");
      await actor.begin(actor.action("loan", "request"));
      const unit = actor.register("unit").name[speech];
      const by = actor
        .t("pick.byTreeOf")
        .replace("{{label}}", actor.field("loan", "borrower"))
        .replace("{{name}}", unit);
      await page.getByRole("button", { name: by, exact: true }).click();
      const box = page.getByRole("dialog", { name: actor.t("pick.byTree").replace("{{name}}", unit) });
      await box.getByRole("treeitem", { name: "总体部" }).locator(".ant-tree-switcher").click();
      await box.getByText("岳阅读", { exact: true }).click();
      await expect(box).toHaveCount(0);
      await expect(page.getByRole("dialog").locator(".ant-select").getByText("岳阅读")).toBeVisible();
      await isWell(page);
    });
  });
}
