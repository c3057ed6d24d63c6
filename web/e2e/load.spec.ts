// What has to come before somebody sees their desk: at most 350 KB of scripts, packed (the web UI, acceptance 3).
import { Actor } from "./actor";
import { expect, furnish, test } from "./journey";

const MOST = 350_000;

test("the desk comes with few scripts", async ({ browser, house, speech }) => {
  // WHY a browser of its own: the others have kept the scripts already
  const page = await (await browser.newContext({ locale: "zh-CN" })).newPage();
  await furnish(page, speech);
  const sizes: Promise<number>[] = [];
  page.on("requestfinished", (request) => {
    if (request.resourceType() === "script") {
      sizes.push(request.sizes().then((size) => size.responseBodySize));
    }
  });
  const actor = new Actor(page, speech, house.url);
  await actor.enter("bao");
  await expect(page.getByRole("heading", { level: 1 })).toBeVisible();
  await expect(page.getByText(actor.t("desk.registers"), { exact: true })).toBeVisible();
  const all = await Promise.all(sizes);
  const sum = all.reduce((one, other) => one + other, 0);
  console.log(`${Math.round(sum / 1000)} KB of scripts in ${all.length} parts`);
  expect(sum).toBeGreaterThan(100_000);
  expect(sum).toBeLessThanOrEqual(MOST);
});
