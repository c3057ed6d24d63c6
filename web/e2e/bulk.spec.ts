// Many records at once: tried, done to all, and undone (capabilities: bulk acts with a trial).
import { Actor } from "./actor";
import { expect, isWell, test } from "./journey";

test("an act on many is tried, done and undone", async ({ page, house, speech }) => {
  const actor = new Actor(page, speech, house.url);
  await actor.enter("bao");
  await actor.goTo("document");
  await page.getByRole("button", { name: actor.t("bulk.all"), exact: true }).click();
  await isWell(page);
  const bar = page.getByRole("region", { name: actor.t("bulk.title") });
  await bar.getByRole("button", { name: actor.action("document", "correct"), exact: true }).click();
  await actor.fill(actor.field("document", "issuer"), "本单位一部");
  // no draft is kept of it: who leaves by accident is asked
  await page.keyboard.press("Escape");
  await expect(page.getByRole("dialog", { name: actor.t("bulk.leave") })).toBeVisible();
  await isWell(page);
  await page.getByRole("button", { name: actor.t("bulk.stay"), exact: true }).click();
  await expect(page.getByRole("dialog", { name: actor.t("bulk.leave") })).toHaveCount(0);
  await page.getByRole("button", { name: actor.t("bulk.try"), exact: true }).click();
  // a correction needs its reason, and nothing was done without it
  await expect(page.getByRole("dialog").getByRole("alert").first()).toBeVisible();
  await actor.fill(actor.t("act.comment"), "机构更名");
  await page.getByRole("button", { name: actor.t("bulk.try"), exact: true }).click();
  await expect(page.getByText(actor.t("bulk.is_tried"))).toBeVisible();
  await isWell(page);
  await page.getByRole("button", { name: actor.t("bulk.do"), exact: true }).click();
  await expect(page.getByText(actor.t("bulk.is_done"))).toBeVisible();
  await expect(
    page.getByRole("cell", { name: actor.t("bulk.came_done"), exact: true }).first(),
  ).toBeVisible();
  await page.getByRole("button", { name: actor.t("bulk.undo"), exact: true }).click();
  await expect(page.getByRole("button", { name: actor.t("bulk.undo"), exact: true })).toHaveCount(0);
  await page
    .getByRole("dialog")
    .getByRole("button", { name: actor.t("act.close"), exact: true })
    .last()
    .click();
  await actor.isDone();
  await expect(page.getByRole("cell", { name: "本单位一部" })).toHaveCount(0);
});
