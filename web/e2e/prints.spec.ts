// Official pages: looked at and then printed, of one record and of chosen ones, in both languages (issue: the web UI,
// deliverables 4 and 6).
import { readFile } from "node:fs/promises";
import type { Page } from "@playwright/test";
import { Actor } from "./actor";
import { expect, isWell, test } from "./journey";

async function madePdf(page: Page, press: () => Promise<void>): Promise<string> {
  const [download] = await Promise.all([page.waitForEvent("download"), press()]);
  const bytes = await readFile(await download.path());
  expect(bytes.subarray(0, 5).toString()).toBe("%PDF-");
  return download.suggestedFilename();
}

/** The first page of the preview, as a picture that came whole. */
async function firstPage(actor: Actor, total: number) {
  const name = actor.t("print.page").replace("{{page}}", "1").replace("{{total}}", String(total));
  const picture = actor.page.getByRole("img", { name, exact: true });
  await expect(picture).toBeVisible();
  await expect
    .poll(() => picture.evaluate((image) => (image as HTMLImageElement).naturalWidth))
    .toBeGreaterThan(50);
  return picture;
}

/** Many at once take a fresh proof of who it is, and so does looking at them; once it is given it is fresh for a while. */
async function proveIfAsked(actor: Actor) {
  const { page } = actor;
  const ask = page.getByRole("button", { name: actor.t("stepUp.title"), exact: true });
  const picture = page.getByRole("img", { name: /1/ });
  await expect(ask.or(picture).first()).toBeVisible();
  if (await ask.isVisible()) {
    await isWell(page);
    await ask.click();
    await actor.prove();
  }
}

for (const speech of ["zh", "en"] as const) {
  test.describe(speech, () => {
    test.use({ speech });

    test("a form and the label of a copy are looked at and printed", async ({ page, house }) => {
      test.setTimeout(180_000);
      const actor = new Actor(page, speech, house.url);
      await actor.enter("bao");
      await actor.goTo("copy");
      await page.getByRole("row").nth(1).getByRole("link").first().click();
      await expect(page.getByRole("tab", { name: actor.t("custody.title") })).toBeVisible();
      await page.getByRole("button", { name: actor.t("print.title"), exact: true }).click();
      const dialog = page.getByRole("dialog", { name: actor.t("print.title") });
      await actor.choose(actor.t("print.form"), actor.print("copy", "custody"), "");
      await firstPage(actor, 1);
      await isWell(page);

      await actor.choose(actor.t("print.form"), actor.print("copy", "label"), "");
      const roll = await firstPage(actor, 1);
      const before = await roll.getAttribute("src");
      await actor.choose(actor.t("print.size"), "30", "");
      await expect(roll).not.toHaveAttribute("src", before ?? "");
      await isWell(page);
      const take = dialog.getByRole("button", { name: actor.t("print.take"), exact: true });
      const name = await madePdf(page, () => take.click());
      expect(name).toContain(actor.print("copy", "label"));
      await actor.isDone();
    });

    test("labels of chosen copies and a ledger page", async ({ page, house }) => {
      test.setTimeout(180_000);
      const actor = new Actor(page, speech, house.url);
      await actor.enter("bao");
      await actor.goTo("copy");
      await page.getByRole("button", { name: actor.t("bulk.all"), exact: true }).click();
      const bar = page.getByRole("region", { name: actor.t("bulk.title") });
      await bar.getByRole("button", { name: actor.t("print.labels"), exact: true }).click();
      await actor.choose(actor.t("print.size"), "37", "");
      await page.getByRole("spinbutton").fill("5");
      await proveIfAsked(actor);
      await firstPage(actor, 1);
      await isWell(page);
      const dialog = page.getByRole("dialog", { name: actor.t("print.title") });
      const take = dialog.getByRole("button", { name: actor.t("print.take"), exact: true });
      await madePdf(page, () => take.click());
      await actor.isDone();

      const above = page.getByRole("main").getByRole("button", { name: actor.t("print.title"), exact: true });
      await above.click();
      await expect(dialog.getByText(actor.print("copy", "ledger"))).toBeVisible();
      await firstPage(actor, 1);
      await isWell(page);
      await madePdf(page, () => take.click());
      await actor.isDone();
    });
  });
}
