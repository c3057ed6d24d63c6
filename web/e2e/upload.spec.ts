// A large file goes in parts: it goes on by itself where its connection broke, and by a button when it broke for long
// (issue: the web UI, deliver 2: progress and resume).
import { Actor } from "./actor";
import { expect, isWell, test } from "./journey";

const SIZE = 20 * 1024 * 1024;

test("a large file goes on where its connection broke", async ({ page, house, speech, watch }) => {
  test.setTimeout(120_000);
  watch.tears = true;
  const actor = new Actor(page, speech, house.url);
  await actor.enter("chen");
  await actor.goTo("document");
  await actor.begin(actor.action("document", "draft"));
  await actor.fill(actor.field("document", "title"), "大附件");
  await actor.secretFor("document", "机密", 10);
  const offsets: string[] = [];
  // the second part breaks off once; from then on nothing comes through for a while
  let dead = false;
  await page.route("**/api/v1/uploads/*?offset=*", (route) => {
    const offset = new URL(route.request().url()).searchParams.get("offset") ?? "";
    offsets.push(offset);
    const first = offset !== "0" && offsets.filter((one) => one === offset).length === 1;
    return first || dead ? route.abort() : route.continue();
  });
  const file = { name: "方案.bin", mimeType: "application/octet-stream", buffer: Buffer.alloc(SIZE, 7) };
  await page.locator(".ant-drawer input[type=file]").setInputFiles(file);
  const row = page.getByRole("listitem").filter({ hasText: "方案.bin" });
  await expect(row).toBeVisible({ timeout: 60_000 });
  expect(new Set(offsets)).toEqual(new Set(["0", "8388608", "16777216"]));
  expect(offsets.filter((one) => one === "0")).toHaveLength(1);

  // broken for long: it says so, and goes on when it is asked to
  await page.clock.install();
  dead = true;
  await page.locator(".ant-drawer input[type=file]").setInputFiles({ ...file, name: "第二份.bin" });
  const failed = page.getByText(actor.t("files.notSent").replace("{{name}}", "第二份.bin"));
  for (let tries = 0; tries < 5; tries += 1) {
    await page.waitForTimeout(300);
    await page.clock.fastForward(10_000);
  }
  await expect(failed).toBeVisible();
  await isWell(page);
  dead = false;
  await page.getByRole("button", { name: actor.t("act.retry"), exact: true }).click();
  for (let tries = 0; tries < 4; tries += 1) {
    await page.waitForTimeout(300);
    await page.clock.fastForward(10_000);
  }
  await expect(page.getByRole("listitem").filter({ hasText: "第二份.bin" })).toBeVisible({ timeout: 30_000 });
  await expect(failed).toHaveCount(0);
});
