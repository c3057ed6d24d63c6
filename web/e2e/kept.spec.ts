// What somebody keeps for themselves: a form half written, a list as they like it (issue: the web UI, registers).
import { Actor } from "./actor";
import { expect, isWell, test } from "./journey";

/** What other journeys have left behind. */
async function clear(actor: Actor) {
  const { page } = actor;
  const url = new URL(page.url()).origin;
  const { csrf } = await (await page.request.get(`${url}/api/v1/me`)).json();
  const { items } = await (await page.request.get(`${url}/api/v1/me/kept/draft`)).json();
  for (const { key } of items) {
    await page.request.delete(`${url}/api/v1/me/kept/draft/${key}`, { headers: { "x-csrf-token": csrf } });
  }
}

for (const speech of ["zh", "en"] as const) {
  test.describe(speech, () => {
    test.use({ speech });

    test("a form that was left is there again, on the desk and in its place", async ({ page, house }) => {
      const actor = new Actor(page, speech, house.url);
      await actor.enter("chen");
      await clear(actor);
      await actor.goTo("document");
      const draft = actor.action("document", "draft");
      await actor.begin(draft);
      const title = actor.field("document", "title");
      await actor.fill(title, `半份文件 ${speech}`);
      await expect(page.getByRole("status").filter({ hasText: /\d\d:\d\d/ })).toBeVisible();
      await isWell(page);
      await page
        .getByRole("dialog")
        .getByRole("button", { name: actor.t("act.cancel"), exact: true })
        .click();
      await actor.isDone();

      // whoever comes back on another day finds it on the desk
      await actor.enter("chen");
      const mine = page.getByRole("region", { name: actor.t("draft.mine") });
      await expect(mine).toBeVisible();
      await isWell(page);
      await mine.getByRole("link").first().click();
      await expect(page.getByRole("textbox", { name: title, exact: true })).toHaveValue(`半份文件 ${speech}`);
      await page
        .getByRole("dialog")
        .getByRole("button", { name: actor.t("act.cancel"), exact: true })
        .click();
      await actor.isDone();

      // in its place it is offered, and what is sent leaves no draft
      await actor.goTo("document");
      await actor.begin(draft);
      await expect(page.getByRole("textbox", { name: title, exact: true })).toHaveValue("");
      await isWell(page);
      await page.getByRole("button", { name: actor.t("draft.resume"), exact: true }).click();
      await expect(page.getByRole("textbox", { name: title, exact: true })).toHaveValue(`半份文件 ${speech}`);
      await actor.secretFor("document", speech === "zh" ? "机密" : "secret", 10);
      await actor.send(draft);
      await actor.isDone();
      await expect(page.getByRole("heading", { level: 1, name: `半份文件 ${speech}` })).toBeVisible();
      await actor.enter("chen");
      await expect(page.getByText(actor.t("desk.registers"), { exact: true })).toBeVisible();
      await expect(page.getByText(actor.t("draft.mine"), { exact: true })).toHaveCount(0);
    });

    test("a draft is thrown away, and nobody else has it", async ({ page, house }) => {
      const actor = new Actor(page, speech, house.url);
      await actor.enter("chen");
      await clear(actor);
      await actor.goTo("document");
      const draft = actor.action("document", "draft");
      const title = actor.field("document", "title");
      await actor.begin(draft);
      await actor.fill(title, "不要的");
      await expect(page.getByRole("button", { name: actor.t("draft.discard"), exact: true })).toBeVisible();
      await page
        .getByRole("dialog")
        .getByRole("button", { name: actor.t("act.cancel"), exact: true })
        .click();
      await actor.isDone();
      await actor.enter("bao");
      await expect(page.getByText(actor.t("desk.registers"), { exact: true })).toBeVisible();
      await expect(page.getByText(actor.t("draft.mine"), { exact: true })).toHaveCount(0);
      await actor.enter("chen");
      const mine = page.getByRole("region", { name: actor.t("draft.mine") });
      await mine
        .getByRole("button", { name: actor.t("draft.discard") })
        .first()
        .click();
      await expect(mine).toHaveCount(0);
    });

    test("a list is kept under a name, with its conditions and columns", async ({ page, house }) => {
      const actor = new Actor(page, speech, house.url);
      const name = speech === "zh" ? "在库的" : "In stock";
      await actor.enter("bao");
      await actor.goTo("copy");
      await page.goto(`${page.url()}?filter=state:in_stock,recorded>=2026-01-01&sort=-serial`);
      await expect(page.getByText("≥", { exact: false }).first()).toBeVisible();
      await page.getByRole("button", { name: actor.t("register.columns") }).click();
      await page.getByRole("checkbox", { name: actor.field("copy", "place"), exact: true }).uncheck();
      await expect(page.getByRole("columnheader", { name: actor.field("copy", "place") })).toHaveCount(0);
      const heads = async () =>
        (await page.getByRole("columnheader").allTextContents()).map((one) => one.trim());
      const at = async (field: string) => (await heads()).indexOf(actor.field("copy", field));
      await expect.poll(() => at("document")).toBeGreaterThan(0);
      const before = await at("document");
      const back = actor.t("register.columnAfter").replace("{{name}}", actor.field("copy", "document"));
      await page.getByRole("button", { name: back, exact: true }).press("Enter");
      await expect.poll(() => at("document")).toBe(before + 1);
      await isWell(page);
      await page.keyboard.press("Escape");
      await page.getByRole("button", { name: actor.t("views.title"), exact: true }).click();
      const box = page.getByRole("region", { name: actor.t("views.title") });
      await box.getByRole("textbox", { name: actor.t("views.name") }).fill(name);
      await box.getByRole("button", { name: actor.t("views.save"), exact: true }).click();
      await expect(box.getByRole("button", { name, exact: true })).toBeVisible();
      await isWell(page);

      // another browser, the same person
      await page.evaluate(() => localStorage.removeItem("ruping.columns"));
      await actor.enter("bao");
      await actor.goTo("copy");
      await expect.poll(() => at("document")).toBe(before + 1);
      await expect(page.getByRole("columnheader", { name: actor.field("copy", "place") })).toHaveCount(0);
      await page.getByRole("button", { name: actor.t("views.title"), exact: true }).click();
      await box.getByRole("button", { name, exact: true }).click();
      await expect(page).toHaveURL(/filter=state%3Ain_stock%2Crecorded%3E%3D2026-01-01.*sort=-serial/);
      await page.getByRole("button", { name: actor.t("views.title"), exact: true }).click();
      const renamed = `${name} 2`;
      await box.getByRole("button", { name: actor.t("views.rename").replace("{{name}}", name) }).click();
      await box
        .getByRole("textbox", { name: actor.t("views.name") })
        .first()
        .fill(renamed);
      await page.keyboard.press("Enter");
      await box.getByRole("button", { name: actor.t("views.drop").replace("{{name}}", renamed) }).click();
      await expect(box.getByRole("button", { name: renamed, exact: true })).toHaveCount(0);
      // one condition is taken away, the others stay
      await page.keyboard.press("Escape");
      await page.getByRole("search").locator(".ant-tag-close-icon").first().click();
      await expect(page).toHaveURL(/filter=state%3Ain_stock(&|$)/);
      await page.getByRole("button", { name: actor.t("register.columns") }).click();
      await page.getByRole("checkbox", { name: actor.field("copy", "place"), exact: true }).check();
      const front = actor.t("register.columnBefore").replace("{{name}}", actor.field("copy", "document"));
      await page.getByRole("button", { name: front, exact: true }).click();
      await expect.poll(() => at("document")).toBe(before);
    });
  });
}

test("a draft never takes the place of another", async ({ page, house, speech }) => {
  const actor = new Actor(page, speech, house.url);
  await actor.enter("chen");
  await clear(actor);
  await actor.goTo("document");
  const draft = actor.action("document", "draft");
  const title = actor.field("document", "title");
  const begun = async (words: string) => {
    await actor.begin(draft);
    await actor.fill(title, words);
    await expect(page.getByRole("status").filter({ hasText: /\d\d:\d\d/ })).toBeVisible();
  };
  const leave = async () => {
    await page
      .getByRole("dialog")
      .getByRole("button", { name: actor.t("act.cancel"), exact: true })
      .click();
    await actor.isDone();
  };
  await begun("先写的");
  await leave();
  // whoever writes on without a word about the older one
  await begun("后写的");
  await expect(page.getByRole("button", { name: actor.t("draft.resume"), exact: true })).toBeVisible();
  await leave();
  // and whoever cannot be told that there are any
  await page.route("**/api/v1/me/kept/draft", (route) => route.fulfill({ status: 429, json: {} }));
  await begun("又写的");
  await expect(page.getByRole("dialog").getByText(actor.t("draft.unread"))).toBeVisible();
  await page.unroute("**/api/v1/me/kept/draft");
  await leave();
  const kept = await (await page.request.get(`${house.url}/api/v1/me/kept/draft`)).json();
  const titles = kept.items.map((one: { body: { input: { title: string } } }) => one.body.input.title);
  expect(titles.sort()).toEqual(["先写的", "又写的", "后写的"].sort());
});
