// Custody as a picture: every copy's lane, and from its bars to holder, receipt and proof, by pointer and by keyboard.
import { Actor } from "./actor";
import { expect, isWell, test } from "./journey";

const TITLE = "长城项目总体方案";

for (const speech of ["zh", "en"] as const) {
  test.describe(speech, () => {
    test.use({ speech });

    test("from a bar to its holder, receipt and proof", async ({ page, house }) => {
      const actor = new Actor(page, speech, house.url);
      await actor.enter("bao");
      await page.getByRole("textbox", { name: actor.t("find.placeholder") }).fill(TITLE);
      await page.keyboard.press("Enter");
      await page
        .getByRole("main")
        .getByRole("link", { name: new RegExp(TITLE) })
        .first()
        .click();
      await page.getByRole("tab", { name: actor.t("custody.title") }).click();
      const lane = page.getByRole("group", { name: actor.t("lanes.copy").replace("{{serial}}", "000003") });
      await expect(lane.getByRole("button").first()).toBeVisible();
      await isWell(page);

      // by keyboard: one stop for the whole picture, arrows inside, Enter opens, Escape goes back
      await page.getByText(actor.t("lanes.zoom_month"), { exact: true }).click();
      await page.locator("[data-at][tabindex='0']").focus();
      for (const key of ["ArrowDown", "ArrowDown", "ArrowDown", "Home"]) {
        await page.keyboard.press(key);
        await page.waitForTimeout(60);
      }
      await page.keyboard.press("Enter");
      const card = page.getByRole("region", { name: actor.t("lanes.card") });
      await expect(card).toBeFocused();
      await expect(card.getByText(actor.t("custody.holder"))).toBeVisible();
      await expect(card.getByText(actor.t("lanes.receipt"))).toBeVisible();
      await isWell(page);
      const taken = page.waitForEvent("download");
      await card.getByRole("button", { name: actor.t("lanes.takeProof") }).click();
      expect((await taken).suggestedFilename()).toMatch(/^proof-.*\.tlog-proof$/);
      await page.keyboard.press("Escape");
      await expect(card).toHaveCount(0);

      // by pointer: resting on a bar is enough to see where it leads
      await lane.locator(".edge").nth(1).hover();
      await expect(card.getByRole("link", { name: "000003" })).toBeVisible();
      await card.getByRole("link", { name: "岳阅读" }).click();
      await expect(page.getByRole("heading", { level: 1, name: "岳阅读" })).toBeVisible();
      await page.goBack();
      await page.getByRole("tab", { name: actor.t("custody.title") }).click();
      await page.getByText(actor.t("lanes.view_list"), { exact: true }).click();
      await expect(page.getByRole("link", { name: "000003", exact: true })).toBeVisible();
      await isWell(page);
    });
  });
}

test("fifty copies over five years stay readable", async ({ page, house, speech }) => {
  const actor = new Actor(page, speech, house.url);
  await actor.enter("bao");
  await page.route("**/custody", (route) => route.fulfill({ json: many(50, 5) }));
  await page.getByRole("textbox", { name: actor.t("find.placeholder") }).fill(TITLE);
  await page.keyboard.press("Enter");
  await page
    .getByRole("main")
    .getByRole("link", { name: new RegExp(TITLE) })
    .first()
    .click();
  await page.getByRole("tab", { name: actor.t("custody.title") }).click();
  const last = page.locator(".lane").nth(50);
  await expect(last).toBeAttached();
  await last.scrollIntoViewIfNeeded();
  // the name stays beside its lane, and the years above it
  await expect(page.getByRole("link", { name: "000050", exact: true })).toBeInViewport();
  await expect(page.locator(".lane.axis")).toBeInViewport();
});

test("on a phone it is a list first", async ({ page, house, speech }) => {
  const actor = new Actor(page, speech, house.url);
  await actor.enter("bao");
  await page.setViewportSize({ width: 390, height: 844 });
  await page.goto(`${house.url}/find?q=${encodeURIComponent(TITLE)}`);
  await page
    .getByRole("main")
    .getByRole("link", { name: new RegExp(TITLE) })
    .first()
    .click();
  await page.getByRole("tab", { name: actor.t("custody.title") }).click();
  await expect(page.getByRole("link", { name: "000003", exact: true })).toBeVisible();
  await expect(page.locator(".lanes")).toHaveCount(0);
  await isWell(page);
});

/** Copies that go out and come back, one like the other. */
function many(copies: number, years: number) {
  const day = 86_400_000;
  const holders = ["包管件", "陈起草", "岳阅读"].map((name, at) => ({
    id: `0190000${at}-0000-7000-8000-000000000000`,
    name,
  }));
  const entry = "01900000-0000-7000-8000-000000000000";
  const all = Array.from({ length: copies }, (_, copy) => {
    const movements = Array.from({ length: years * 8 }, (_, at) => ({
      at: new Date(Date.now() - years * 365 * day + (at * 45 + copy) * day).toISOString(),
      kind: at === 0 ? "made" : at % 2 === 1 ? "lent" : "returned",
      status: at % 2 === 1 ? "out" : "held",
      person: at % 2 === 1 ? holders[1 + (at % 4 === 1 ? 0 : 1)] : holders[0],
      place: null,
      cause: null,
      entry,
    }));
    const serial = String(copy + 1).padStart(6, "0");
    return {
      copy: `01900000-0000-7000-8000-${serial}000000`,
      serial,
      status: "out",
      person: holders[1],
      place: null,
      since: movements[0]?.at,
      movements,
    };
  });
  return { item: entry, copies: all, known_by: [] };
}
