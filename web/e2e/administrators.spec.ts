// The administrators and the auditor, each on what is theirs and nothing else.
import { Actor } from "./actor";
import { expect, isWell, test } from "./journey";

test("an account is made by one administrator and given roles by another", async ({
  page,
  house,
  speech,
}) => {
  const actor = new Actor(page, speech, house.url);
  await actor.enter("sysadmin");
  await isWell(page);
  await page.getByRole("button", { name: actor.t("accounts.make"), exact: true }).click();
  const form = page.getByRole("dialog", { name: actor.t("accounts.make") });
  await form.getByLabel(actor.t("accounts.name"), { exact: true }).fill("xin");
  await form.getByRole("button", { name: actor.t("accounts.make"), exact: true }).click();
  await expect(page.getByRole("dialog", { name: actor.t("accounts.once") }).getByText("xin")).toBeVisible();
  await isWell(page);

  await actor.enter("secadmin");
  const row = page.getByRole("row", { name: /^xin/ });
  await row.getByRole("button", { name: actor.t("accounts.change"), exact: true }).click();
  await isWell(page);
});

test("the auditor reads the log and takes a proof", async ({ page, house, speech }) => {
  const actor = new Actor(page, speech, house.url);
  await actor.enter("auditor");
  await expect(page.getByRole("heading", { level: 1, name: actor.t("nav.log") })).toBeVisible();
  await isWell(page);
  const taken = page.waitForEvent("download");
  await page
    .getByRole("button", { name: actor.t("log.take"), exact: true })
    .first()
    .click();
  expect((await taken).suggestedFilename()).toMatch(/^proof-.*\.tlog-proof$/);
  await expect(page.getByRole("link", { name: actor.t("nav.inbox") })).toHaveCount(0);
});
