// A file is taken into a register: a template, columns, a trial with problems, the work, and the file back.
import { Actor } from "./actor";
import { expect, isWell, test } from "./journey";

for (const speech of ["zh", "en"] as const) {
  test.describe(speech, () => {
    test.use({ speech });

    test("a file is tried, mended and taken in", async ({ page, house }) => {
      test.setTimeout(120_000);
      const actor = new Actor(page, speech, house.url);
      await actor.enter("office");
      await actor.goTo("unit");
      await page.getByRole("button", { name: actor.t("imports.take"), exact: true }).click();
      await expect(page.getByText(actor.t("imports.drop"))).toBeVisible();
      await isWell(page);
      const sheet = page.waitForEvent("download");
      await page.getByRole("button", { name: actor.t("export.xlsx"), exact: true }).click();
      expect((await sheet).suggestedFilename()).toMatch(/\.xlsx$/);

      const name = actor.field("unit", "name");
      const rows = [`${name},?`, `试飞站${speech},x`, `,y`, `总装厂${speech},z`].join("\n");
      await page.locator("input[type=file]").setInputFiles({
        name: `units-${speech}.csv`,
        mimeType: "text/csv",
        buffer: Buffer.from(`\ufeff${rows}\n`),
      });
      await expect(page.getByRole("heading", { level: 1, name: `units-${speech}.csv` })).toBeVisible();
      // a column that stands for nothing is told, not dropped in silence
      await expect(page.getByText(actor.t("imports.left").replace("{{heads}}", "?"))).toBeVisible();
      await isWell(page);
      await page.getByRole("button", { name: actor.t("imports.try"), exact: true }).click();
      await expect(page.getByText(actor.t("imports.is_checked"))).toBeVisible();
      await expect(page.getByRole("checkbox", { name: actor.t("imports.onlyFailed") })).toBeChecked();
      await expect(page.getByRole("cell", { name: actor.t("imports.came_failed"), exact: true })).toHaveCount(
        1,
      );
      await isWell(page);
      await page.getByRole("button", { name: actor.t("imports.start"), exact: true }).click();
      await expect(page.getByText(actor.t("imports.is_done"))).toBeVisible();
      await page.getByRole("checkbox", { name: actor.t("imports.onlyFailed") }).uncheck();
      await expect(page.getByRole("cell", { name: actor.t("imports.came_made"), exact: true })).toHaveCount(
        2,
      );
      const back = page.waitForEvent("download");
      await page.getByRole("button", { name: actor.t("imports.takeResult"), exact: true }).click();
      expect((await back).suggestedFilename()).toContain(`units-${speech}`);
      await isWell(page);

      await page.getByRole("link", { name: actor.t("imports.mine"), exact: true }).click();
      await expect(page.getByRole("link", { name: `units-${speech}.csv` })).toBeVisible();
      await isWell(page);
    });
  });
}
