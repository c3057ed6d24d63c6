// The whole thread by clicking: a document is drafted, classified, made, asked for, lent, given back, and looked at by
// who may and by who may not; each with their own account, in both languages (issue: the web UI, acceptance 1).
import { Actor } from "./actor";
import { PASSWORD } from "./house";
import { expect, isWell, type Speech, test } from "./journey";

const TITLES: Record<Speech, string> = { zh: "海鹰项目技术要求", en: "Requirements of Sea Eagle" };
const LEVEL: Record<Speech, string> = { zh: "机密", en: "secret" };
const SCOPE = ["陈起草", "丁定密", "包管件", "凌领导", "朱主任", "岳阅读"];

async function draft(actor: Actor, title: string) {
  const { speech, page } = actor;
  await actor.enter("chen");
  await isWell(page);
  await actor.goTo("document");
  await isWell(page);
  await actor.begin(actor.action("document", "draft"));
  await isWell(page);
  await actor.fill(actor.field("document", "title"), title);
  await actor.secretFor("document", LEVEL[speech], 10);
  // the mark is there before the document is
  const outlook = page.getByRole("region", { name: actor.t("outlook.title") });
  await expect(outlook.getByText("机密★10年")).toBeVisible();
  await isWell(page);
  await actor.send(actor.action("document", "draft"));
  await actor.isDone();
  await expect(page.getByRole("heading", { level: 1, name: title })).toBeVisible();
  await isWell(page);
}

async function propose(actor: Actor, title: string) {
  const { speech, page } = actor;
  await actor.goTo("classification");
  const name = actor.action("classification", "propose");
  await actor.begin(name);
  await actor.choose(actor.field("classification", "document"), title);
  await actor.secretFor("classification", LEVEL[speech], 10);
  await actor.chooseMany(actor.field("classification", "scope_persons"), SCOPE);
  // what is missing is said at its place before anything is lost
  await actor.send(name);
  await expect(page.getByText(actor.t("form.wrong")).or(page.getByText("R-102")).first()).toBeVisible();
  await actor.choose(actor.field("classification", "basis"), "", "");
  await actor.fill(actor.field("classification", "reason"), "属保密事项范围第3条");
  await actor.send(name);
  await actor.isDone();
}

test.use({ alone: "thread" });
test.describe.configure({ mode: "serial" });

for (const speech of ["zh", "en"] as const) {
  test.describe(speech, () => {
    test.use({ speech });

    test("a document is classified, made, lent and given back", async ({ page, house }) => {
      test.setTimeout(180_000);
      const actor = new Actor(page, speech, house.url);
      const title = TITLES[speech];
      await draft(actor, title);
      await propose(actor, title);

      await actor.enter("ding");
      await actor.openInbox();
      await isWell(page);
      await page.getByRole("button", { name: actor.t("do.approve"), exact: true }).click();
      await actor.prove();
      await expect(page.getByText(actor.t("inbox.empty"))).toBeVisible();

      await actor.enter("bao");
      await actor.goTo("document");
      await page.getByRole("search").getByRole("searchbox").fill(title);
      await page.keyboard.press("Enter");
      await page.getByRole("row", { name: title }).getByRole("link").first().click();
      await expect(page.getByRole("heading", { level: 1, name: title })).toBeVisible();
      await expect(page.getByText("机密★10年").first()).toBeVisible();
      await actor.begin(actor.action("document", "make_copies"));
      await actor.fill(actor.field("document", "copies_count"), "2");
      await actor.choose(actor.field("document", "keeper"), "包管件");
      await actor.choose(actor.field("document", "place"), "一号保密柜");
      await actor.send(actor.action("document", "make_copies"));
      await actor.isDone();
      await page.getByRole("tab", { name: actor.t("custody.title") }).click();
      await expect(page.getByRole("link", { name: "000002" })).toBeVisible();
      await isWell(page);

      await lend(actor);
      await onlyWhoMay(actor, title);
    });
  });
}

async function lend(actor: Actor) {
  const { page } = actor;
  await page.getByRole("link", { name: "000001", exact: true }).click();
  await expect(page.getByRole("heading", { level: 1, name: "000001" })).toBeVisible();
  await page.getByRole("tab", { name: actor.t("related.title") }).click();
  await isWell(page);
  const request = actor.action("loan", "request");
  await page.getByRole("tabpanel").getByRole("button", { name: request, exact: true }).click();
  await actor.choose(actor.field("loan", "borrower"), "岳阅读", "yyd");
  await actor.fill(actor.field("loan", "purpose"), "评审");
  await actor.fill(actor.field("loan", "due_at"), "2026-07-01 17:00");
  await page.locator(".ant-picker-ok").getByRole("button").click();
  await actor.send(request);
  await actor.isDone();
  const address = page.url();

  await actor.enter("zhu");
  await actor.openInbox();
  await page.getByRole("button", { name: actor.t("do.approve"), exact: true }).click();
  await expect(page.getByText(actor.t("inbox.empty"))).toBeVisible();

  await actor.enter("bao");
  await page.goto(address);
  const lent = actor.action("loan", "lend");
  await actor.begin(lent);
  await page.getByPlaceholder(actor.t("sign.with_password")).fill(PASSWORD);
  await actor.send(lent);
  await actor.isDone();
  await expect(page.getByText(actor.state("loan", "lent"), { exact: true }).first()).toBeVisible();
  await isWell(page);
  const back = actor.action("loan", "return");
  await actor.begin(back);
  await actor.send(back);
  await actor.isDone();
  await expect(page.getByText(actor.state("loan", "returned"), { exact: true }).first()).toBeVisible();
}

async function onlyWhoMay(actor: Actor, title: string) {
  const { page } = actor;
  await actor.enter("wai");
  await page.getByRole("textbox", { name: actor.t("find.placeholder") }).fill(title);
  await page.keyboard.press("Enter");
  await expect(page.getByText(actor.t("find.nothing"))).toBeVisible();
  await isWell(page);
}
