// A session that ends in the middle of a form, and titles that mean harm.
import type { Page } from "@playwright/test";
import { Actor } from "./actor";
import { PASSWORD } from "./house";
import { expect, isWell, test } from "./journey";

test("what is half written outlives the session", async ({ page, house, speech }) => {
  const actor = new Actor(page, speech, house.url);
  await actor.enter("chen");
  await actor.goTo("document");
  const draft = actor.action("document", "draft");
  await actor.begin(draft);
  await actor.fill(actor.field("document", "title"), "写到一半");
  await page.context().clearCookies();
  await actor.send(draft);
  const again = page.getByRole("dialog", { name: actor.t("leave.over") });
  await expect(again).toBeVisible();
  expect(await isCovered(page)).toBe(true);
  await again.getByLabel(actor.t("login.password"), { exact: true }).fill(PASSWORD);
  await again.getByRole("button", { name: actor.t("login.enter"), exact: true }).click();
  await expect(again).toHaveCount(0);
  await expect(
    page.getByRole("textbox", { name: actor.field("document", "title"), exact: true }),
  ).toHaveValue("写到一半");
  await actor.secretFor("document", "机密", 10);
  await actor.send(draft);
  await actor.isDone();
  await expect(page.getByRole("heading", { level: 1, name: "写到一半" })).toBeVisible();
});

/** Nothing of the page can be read beside the question who is there. */
function isCovered(page: Page): Promise<boolean> {
  return page.evaluate(() => {
    const mask = document.querySelector(".ant-modal-mask");
    const paper = mask ? getComputedStyle(mask).backgroundColor : "";
    const places = [
      [40, 100],
      [300, 120],
      [1300, 700],
    ] as const;
    const above = (x: number, y: number) =>
      document.elementFromPoint(x, y)?.closest(".ant-modal-root") !== null;
    return paper.startsWith("rgb(") && places.every(([x, y]) => above(x, y));
  });
}

test("a page that was left covers itself and ends its session", async ({ page, house, speech }) => {
  await page.clock.install();
  const actor = new Actor(page, speech, house.url);
  await actor.enter("bao");
  await actor.goTo("document");
  await page.clock.fastForward("29:00");
  const again = page.getByRole("dialog", { name: actor.t("leave.over") });
  await expect(again).toHaveCount(0);
  const ended = page.waitForRequest((one) => one.method() === "DELETE" && one.url().endsWith("/session"));
  await page.clock.fastForward("02:00");
  await ended;
  await expect(again).toBeVisible();
  expect(await isCovered(page)).toBe(true);
  expect((await page.request.get(`${house.url}/api/v1/me`)).status()).toBe(401);
});

/** The tab is looked at again. */
async function lookAgain(page: Page) {
  await page.evaluate(() => document.dispatchEvent(new Event("visibilitychange", { bubbles: true })));
}

test("a tab that was away keeps what was typed, for whom it was typed alone", async ({
  page,
  house,
  speech,
}) => {
  const actor = new Actor(page, speech, house.url);
  await actor.enter("chen");
  await actor.goTo("document");
  const title = page.getByRole("textbox", { name: actor.field("document", "title"), exact: true });
  await actor.begin(actor.action("document", "draft"));
  await title.fill("离开时写到一半");

  // a server that does not answer for a moment takes nothing away
  await page.route("**/api/v1/me", (route) => route.fulfill({ status: 429, json: {} }));
  await lookAgain(page);
  await expect(page.getByText(actor.t("problem.answer"))).toBeVisible();
  await expect(title).toHaveValue("离开时写到一半");
  await page.unroute("**/api/v1/me");

  // the session is over: the same person goes on
  await page.context().clearCookies();
  await lookAgain(page);
  const again = page.getByRole("dialog", { name: actor.t("leave.over") });
  await expect(again).toBeVisible();
  expect(await isCovered(page)).toBe(true);
  await again.getByLabel(actor.t("login.password"), { exact: true }).fill(PASSWORD);
  await again.getByRole("button", { name: actor.t("login.enter"), exact: true }).click();
  await expect(again).toHaveCount(0);
  await expect(title).toHaveValue("离开时写到一半");

  // somebody else enters in another tab: of the former's nothing is left, and none of it is sent in the other's name
  const own = page.waitForResponse((one) => one.url().includes("unfinished=true"));
  await title.fill("不给别人看的");
  await own;
  const sent: string[] = [];
  page.on("request", (one) => {
    if (one.method() !== "GET") {
      void one.response().then((answer) => answer?.ok() && sent.push(one.url()));
    }
  });
  const other = await page.context().newPage();
  const bao = new Actor(other, speech, house.url);
  await bao.enter("bao");
  await expect(title).toHaveCount(0);
  await expect(page.getByRole("button", { name: "包管件" })).toBeVisible();
  await expect(page).toHaveURL(`${house.url}/`);
  expect(sent).toEqual([]);
  const kept = await page.request.get(`${house.url}/api/v1/me/kept/draft`);
  expect(JSON.stringify((await kept.json()).items)).not.toContain("不给别人看的");
});

test("words that were looked for are in no address, and are there again by going back", async ({
  page,
  house,
  speech,
}) => {
  const actor = new Actor(page, speech, house.url);
  await actor.enter("bao");
  await page.keyboard.press("/");
  await page.keyboard.type("总体方案");
  await page.keyboard.press("Enter");
  const found = page.getByRole("heading", { level: 1, name: "总体方案" });
  await expect(found).toBeVisible();
  await expect(page).toHaveURL(`${house.url}/find`);
  await page
    .getByRole("main")
    .getByRole("link", { name: /总体方案/ })
    .first()
    .click();
  await expect(page).toHaveURL(/records/);
  await page.goBack();
  await expect(found).toBeVisible();
  // nor do they stay in one that was kept
  await page.goto(`${house.url}/find?q=${encodeURIComponent("总体方案")}`);
  await expect(found).toBeVisible();
  await expect(page).toHaveURL(`${house.url}/find`);
});

const HOSTILE = [
  "<img src=x onerror=alert(1)>",
  "<script>alert(1)</script>{{name}}",
  "绝密 🏯🔥 \u0645\u0631\u062d\u0628\u0627",
  `${"很长的标题".repeat(60)}`,
];

test("a title that means harm is only a title", async ({ page, house, speech }) => {
  const actor = new Actor(page, speech, house.url);
  page.on("dialog", (dialog) => {
    throw new Error(`the page spoke: ${dialog.message()}`);
  });
  await actor.enter("chen");
  const draft = actor.action("document", "draft");
  for (const title of HOSTILE) {
    await actor.goTo("document");
    await actor.begin(draft);
    await actor.fill(actor.field("document", "title"), title);
    await actor.secretFor("document", "机密", 10);
    await actor.send(draft);
    await actor.isDone();
    await expect(page.getByRole("heading", { level: 1 })).toHaveText(title);
    await isWell(page);
    await page.getByRole("tab", { name: actor.t("history.title") }).click();
    await expect(page.getByRole("tabpanel").getByText(title).first()).toBeVisible();
  }
  await actor.goTo("document");
  await isWell(page);
  expect(await page.locator("img[src='x']").count()).toBe(0);

  // what would turn the words around it is not even taken, and it says so where it was typed
  await actor.begin(draft);
  await actor.fill(actor.field("document", "title"), "\u202e密机\u202c");
  await actor.secretFor("document", "机密", 10);
  await actor.send(draft);
  await expect(page.getByText("含有不可见的控制字符")).toBeVisible();
});
