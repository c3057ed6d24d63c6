// What others do meanwhile never takes the place of what somebody reads or writes without a word.
import { type APIRequestContext, type Page, request } from "@playwright/test";
import { Actor } from "./actor";
import { type House, PASSWORD } from "./house";
import { expect, isWell, test } from "./journey";

/** Somebody at another machine. */
async function elsewhere(house: House, name: string): Promise<APIRequestContext> {
  const entering = await request.newContext({ baseURL: house.url });
  const entered = await entering.post("/api/v1/session", { data: { name, password: PASSWORD, otp: null } });
  const { csrf } = await entered.json();
  return request.newContext({
    baseURL: house.url,
    extraHTTPHeaders: { "x-csrf-token": csrf },
    storageState: await entering.storageState(),
  });
}

/** The tab is looked at again: what is older than some seconds is asked for anew. */
async function lookAgain(page: Page) {
  await page.evaluate(() => document.dispatchEvent(new Event("visibilitychange", { bubbles: true })));
}

/** A draft of this person's own, from elsewhere. */
async function drafted(there: APIRequestContext, title: string): Promise<string> {
  const fields = { title, level: "state.secret", term: { years: 10 } };
  const made = await there.post("/api/v1/registers/document/records", { data: { action: "draft", fields } });
  return (await made.json()).id;
}

async function edited(there: APIRequestContext, id: string, input: Record<string, unknown>) {
  const { version } = await (await there.get(`/api/v1/records/${id}`)).json();
  const headers = { "If-Match": `"${version}"` };
  const done = await there.post(`/api/v1/records/${id}/actions/edit`, { data: { input }, headers });
  expect(done.status()).toBe(200);
}

test("an open form undoes nothing that was changed since it was opened", async ({ page, house, speech }) => {
  const actor = new Actor(page, speech, house.url);
  const there = await elsewhere(house, "chen");
  const id = await drafted(there, "旧题名");
  await actor.enter("chen");
  await page.goto(`${house.url}/records/${id}`);
  const edit = actor.action("document", "edit");
  await actor.begin(edit);
  const title = page.getByRole("textbox", { name: actor.field("document", "title"), exact: true });
  const number = page.getByRole("textbox", { name: actor.field("document", "doc_no"), exact: true });
  await expect(title).toHaveValue("旧题名");
  await edited(there, id, { title: "同事改的题名" });
  await number.fill("甲字 1 号");
  const behind = page.getByRole("alert").filter({ hasText: actor.t("behind.title") });
  await expect(async () => {
    await lookAgain(page);
    await expect(behind).toBeVisible({ timeout: 1_000 });
  }).toPass({ timeout: 40_000 });
  await isWell(page);
  // whoever sends all the same is not taken at their word
  const refused = page.waitForResponse((one) => one.status() === 412 && one.url().endsWith("/edit"));
  await actor.send(edit);
  await refused;
  await behind.getByRole("button", { name: actor.t("behind.load"), exact: true }).click();
  await expect(behind).toHaveCount(0);
  await expect(title).toHaveValue("同事改的题名");
  await expect(number).toHaveValue("甲字 1 号");
  // both write the same field now: one is told what would be lost
  await title.fill("我的题名");
  await edited(there, id, { title: "又改的题名" });
  await actor.send(edit);
  await behind.getByRole("button", { name: actor.t("behind.load"), exact: true }).click();
  await expect(page.getByRole("alert").filter({ hasText: actor.t("behind.clash") })).toContainText(
    "又改的题名",
  );
  await isWell(page);
  await actor.send(edit);
  await actor.isDone();
  await expect(page.getByRole("heading", { level: 1, name: "我的题名" })).toBeVisible();
  await expect(page.getByText("甲字 1 号")).toBeVisible();
});

/** A request that waits for the classifier. */
async function proposed(there: APIRequestContext, title: string) {
  const [matter] = await itemsOf(there, "/api/v1/registers/secret_matter/records");
  const scope = await Promise.all(
    ["陈起草", "丁定密"].map(async (name) => {
      const [person] = await itemsOf(there, `/api/v1/registers/person/records?q=${encodeURIComponent(name)}`);
      return person?.id;
    }),
  );
  const fields = {
    document: await drafted(there, title),
    level: "state.secret",
    term: { years: 10 },
    scope_persons: scope,
    basis: matter?.id,
    reason: "属保密事项范围第3条",
  };
  const path = "/api/v1/registers/classification/records";
  const made = await there.post(path, { data: { action: "propose", fields } });
  expect(made.status()).toBe(202);
}

async function itemsOf(there: APIRequestContext, path: string): Promise<{ id: string; digest: string }[]> {
  return (await (await there.get(path)).json()).items;
}

test("a request that is withdrawn leaves its place to no other", async ({ page, house, speech }) => {
  const actor = new Actor(page, speech, house.url);
  const asking = await elsewhere(house, "chen");
  await proposed(asking, "先看到的");
  await proposed(asking, "没有看过的");
  await actor.enter("ding");
  await actor.openInbox();
  const entries = page.getByRole("list", { name: actor.t("inbox.all") }).getByRole("button");
  await expect(entries).toHaveCount(2);
  const approve = page.getByRole("button", { name: actor.t("do.approve"), exact: true });
  const comment = page.getByRole("textbox", { name: actor.t("act.comment"), exact: true });
  await expect(approve).toBeEnabled();
  await comment.fill("写到一半的意见");
  const waiting = await itemsOf(page.request, `${house.url}/api/v1/inbox`);
  const withdraw = async (at: number) => {
    const { id, digest } = waiting[at] ?? {};
    const data = { decision: "withdraw", digest, comment: "不提了" };
    expect((await asking.post(`/api/v1/approvals/${id}`, { data })).status()).toBe(200);
  };
  await withdraw(0);
  const gone = page.getByRole("alert").filter({ hasText: actor.t("inbox.gone") });
  await expect(async () => {
    await lookAgain(page);
    await expect(gone).toBeVisible({ timeout: 1_000 });
  }).toPass({ timeout: 40_000 });
  await expect(entries).toHaveCount(1);
  await expect(approve).toBeDisabled();
  await expect(comment).toHaveValue("写到一半的意见");
  await isWell(page);
  await entries.click();
  await expect(gone).toHaveCount(0);
  await expect(approve).toBeEnabled();
  await expect(comment).toHaveValue("");
  await withdraw(1);
});

test("every file that was chosen is there, however soon the next one was", async ({
  page,
  house,
  speech,
}) => {
  const actor = new Actor(page, speech, house.url);
  await actor.enter("chen");
  await actor.goTo("document");
  const draft = actor.action("document", "draft");
  await actor.begin(draft);
  const arrive: (() => void)[] = [];
  await page.route("**/api/v1/files", async (route) => {
    await new Promise<void>((resolve) => arrive.push(resolve));
    await route.continue();
  });
  const chooser = page.getByRole("dialog").locator("input[type=file]");
  const file = (name: string) => ({ name, mimeType: "text/plain", buffer: Buffer.from(name) });
  await chooser.setInputFiles([file("甲.txt")]);
  await chooser.setInputFiles([file("乙.txt"), file("丙.txt")]);
  const send = page.getByRole("dialog").getByRole("button", { name: draft, exact: true });
  await expect(send).toBeDisabled();
  for (const at of [0, 1, 2]) {
    await expect.poll(() => arrive.length).toBe(at + 1);
    arrive[at]?.();
  }
  for (const name of ["甲.txt", "乙.txt", "丙.txt"]) {
    await expect(page.getByRole("dialog").getByRole("listitem").filter({ hasText: name })).toBeVisible();
  }
  await expect(send).toBeEnabled();
});

test("what was typed to be tried is there still when one has looked elsewhere", async ({
  page,
  house,
  speech,
}) => {
  const actor = new Actor(page, speech, house.url);
  await actor.enter("secadmin");
  await page.goto(`${house.url}/policies?tab=whatIf`);
  const policy = page.getByLabel(actor.t("policies.text"), { exact: true });
  await policy.fill("// 写到一半的策略");
  await page.getByRole("combobox", { name: actor.t("packs.fileName") }).click();
  await page.locator(".ant-select-item-option").locator("visible=true").first().click();
  await expect(policy).not.toHaveValue("// 写到一半的策略");
  await page.getByRole("combobox", { name: actor.t("packs.fileName") }).click();
  await page
    .locator(".ant-select-item-option", { hasText: actor.t("policies.changed") })
    .locator("visible=true")
    .click();
  await expect(policy).toHaveValue("// 写到一半的策略");
  await page.getByRole("tab", { name: actor.t("policies.tab_roles"), exact: true }).click();
  await page.getByRole("tab", { name: actor.t("policies.tab_whatIf"), exact: true }).click();
  await expect(policy).toHaveValue("// 写到一半的策略");

  await page.goto(`${house.url}/packs?tab=check`);
  const text = page.getByLabel(actor.t("packs.text"), { exact: true });
  const chooser = page.locator("input[type=file]");
  const file = (name: string, size: number) => ({
    name,
    mimeType: "text/plain",
    buffer: Buffer.alloc(size, "#"),
  });
  await text.fill("# 写到一半的定义");
  await chooser.setInputFiles(file("big.toml", 300 * 1024));
  await expect(page.getByText(actor.t("packs.tooLarge").replace("{{name}}", "big.toml"))).toBeVisible();
  await expect(text).toHaveValue("# 写到一半的定义");
  await chooser.setInputFiles(file("small.toml", 10));
  await expect(text).toHaveValue("##########");
  await isWell(page);
  await page.getByRole("button", { name: actor.t("packs.bringBack"), exact: true }).click();
  await expect(text).toHaveValue("# 写到一半的定义");
});
