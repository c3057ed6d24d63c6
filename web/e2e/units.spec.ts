// The units as a tree: one is moved by its menu with the keyboard, taken back, and moved by dragging.
import { Actor } from "./actor";
import { expect, isWell, test } from "./journey";

for (const speech of ["zh", "en"] as const) {
  test.describe(speech, () => {
    test.use({ speech });

    test("a unit goes under another and back again", async ({ page, house }) => {
      const actor = new Actor(page, speech, house.url);
      // a name of its own, also in a house that stands already
      const name = `${speech === "zh" ? "测绘组" : "Survey group"} ${Date.now() % 100_000}`;
      await actor.enter("office");
      await actor.goTo("unit");
      await actor.begin(actor.action("unit", "add"));
      await actor.fill(actor.field("unit", "name"), name);
      await actor.send(actor.action("unit", "add"));
      await actor.isDone();

      await page
        .getByRole("navigation")
        .getByRole("link", { name: actor.t("nav.units"), exact: true })
        .click();
      const tree = page.getByRole("tree");
      await expect(tree.getByText(name, { exact: true })).toBeVisible();
      await isWell(page);
      const upper = (await tree.getByRole("link").first().textContent()) ?? "";
      const menu = tree.getByRole("button", {
        name: actor.t("units.move").replace("{{name}}", name),
        exact: true,
      });
      await menu.press("Enter");
      await page.getByRole("combobox", { name: actor.t("units.under") }).click();
      await page.locator(".ant-select-item-option", { hasText: upper }).first().click();
      await page.getByRole("button", { name: actor.t("units.next"), exact: true }).click();
      const box = page.getByRole("dialog");
      await expect(box.getByText(actor.t("units.scopes"))).toBeVisible();
      const move = box.getByRole("button", { name: actor.t("units.do"), exact: true });
      await expect(move).toBeEnabled();
      await isWell(page);
      await move.click();
      const said = page.getByText(actor.t("units.moved").replace("{{name}}", name));
      await expect(said).toBeVisible();
      await isWell(page);
      const item = page.getByRole("treeitem", { name: new RegExp(name) });
      await expect(item.locator(".ant-tree-indent-unit")).toHaveCount(1);
      await page.getByRole("button", { name: actor.t("units.undo"), exact: true }).click();
      await expect(item.locator(".ant-tree-indent-unit")).toHaveCount(0);

      await item.getByText(name, { exact: true }).dragTo(tree.getByText(upper, { exact: true }).first());
      await expect(page.getByRole("dialog").getByText(actor.t("units.scopes"))).toBeVisible();
    });
  });
}
