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

test("the auditor narrows the log by what stands in it", async ({ page, house, speech }) => {
  const actor = new Actor(page, speech, house.url);
  await actor.enter("auditor");
  const rows = page.getByRole("main").locator("tbody tr[data-row-key]");
  await expect(rows.first()).toBeVisible();
  const narrow = page.getByRole("search", { name: actor.t("log.narrow") });
  await narrow.getByRole("combobox", { name: actor.t("log.kind") }).click();
  await page
    .locator(".ant-select-item-option")
    .filter({ hasText: actor.t("log.kind_session_") })
    .first()
    .click();
  await expect(page).toHaveURL(/kind=session\./);
  await expect(rows.filter({ hasText: "auditor" }).first()).toBeVisible();
  await isWell(page);
  // what one row has narrows it further, and all of it can be taken back
  await rows.first().getByRole("button", { name: "auditor", exact: true }).click();
  await expect(page).toHaveURL(/account=/);
  await expect(rows.filter({ hasNotText: "auditor" })).toHaveCount(0);
  await page.goto(`${house.url}/log?register=copy&order=oldest`);
  await expect(page.getByRole("main").getByText(actor.t("empty.log")).or(rows.first())).toBeVisible();
  await page.goto(`${house.url}/log?from=1999-01-01&until=1999-01-02`);
  await expect(page.getByText(actor.t("empty.log"))).toBeVisible();
  await page.getByRole("button", { name: actor.t("log.all"), exact: true }).click();
  await expect(rows.first()).toBeVisible();
  await expect(page).toHaveURL(/\/log$/);
});
