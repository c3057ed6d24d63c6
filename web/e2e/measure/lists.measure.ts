// How long somebody waits at a register of very many records, of which they see every tenth: from the click to the new
// rows that are painted, and from each click to the next paint (issue: the web UI, acceptance 3). The server stands
// already (RUPING_URL); `cargo xtask bench --only pages` starts it and reads the lines that this prints.
import { expect, type Page, test } from "@playwright/test";

const SERVER = process.env.RUPING_URL ?? "";
const PASSWORD = "a long enough password";
const ROUNDS = 20;

type Marks = { begun: number; painted: number };

/** One figure on a line, as `cargo xtask bench` reads it. */
function tell(what: string, value: number, unit: string, floor = "") {
  process.stdout.write(`figure\t${what}\t${value.toFixed(1)}\t${unit}\t\t${floor}\n`);
}

function percentile(values: number[], percent: number): number {
  const sorted = [...values].sort((one, other) => one - other);
  return sorted[Math.floor(((sorted.length - 1) * percent) / 100)] ?? 0;
}

/** Watches the page from inside: when rows were painted that were not there before, and how long input waited. */
async function watch(page: Page) {
  await page.addInitScript(() => {
    const kept = globalThis as unknown as { waits: number[]; rows?: () => Promise<Marks> };
    kept.waits = [];
    new PerformanceObserver((list) => {
      for (const entry of list.getEntries() as (PerformanceEntry & { interactionId?: number })[]) {
        if (entry.interactionId) {
          kept.waits.push(entry.duration);
        }
      }
    }).observe({ type: "event", durationThreshold: 16, buffered: true } as PerformanceObserverInit);
    const rows = () =>
      [...document.querySelectorAll("main tbody tr[data-row-key]")]
        .map((row) => row.getAttribute("data-row-key"))
        .join();
    // the next click or Enter begins it; it ends with the frame after other rows are there
    kept.rows = () =>
      new Promise((resolve) => {
        const before = rows();
        let begun = 0;
        const begin = () => {
          begun ||= performance.now();
        };
        addEventListener("click", begin, { capture: true, once: true });
        addEventListener("keydown", (event) => event.key === "Enter" && begin(), { capture: true });
        const look = () => {
          const now = rows();
          if (begun > 0 && now !== "" && now !== before) {
            requestAnimationFrame(() => setTimeout(() => resolve({ begun, painted: performance.now() }), 0));
          } else {
            requestAnimationFrame(look);
          }
        };
        look();
      });
  });
}

async function waitFor(page: Page, act: () => Promise<void>): Promise<number> {
  await page.evaluate(() => {
    const kept = globalThis as unknown as { rows: () => Promise<Marks>; came?: Promise<Marks> };
    kept.came = kept.rows();
  });
  await act();
  const { begun, painted } = await page.evaluate(
    () => (globalThis as unknown as { came: Promise<Marks> }).came,
  );
  return painted - begun;
}

async function enter(page: Page) {
  await page.goto(SERVER);
  await page.getByLabel("Name", { exact: true }).fill("tenth");
  await page.getByLabel("Password", { exact: true }).fill(PASSWORD);
  await page.getByRole("button", { name: "Log in", exact: true }).click();
  await expect(page.getByRole("navigation")).toBeVisible();
}

test("lists of very many records", async ({ browser }) => {
  const context = await browser.newContext({
    viewport: { width: 1366, height: 768 },
    timezoneId: "Asia/Shanghai",
    reducedMotion: "reduce",
  });
  await context.addInitScript(() => {
    localStorage.setItem("ruping.language", "en");
    // the first way round would stand above what is clicked
    localStorage.setItem("ruping.tour", "never");
  });
  const page = await context.newPage();
  await watch(page);
  await enter(page);
  const state = await context.storageState();

  // cold: a browser that has kept nothing but the session
  const cold: number[] = [];
  for (let round = 0; round < 5; round += 1) {
    const fresh = await browser.newContext({ storageState: state, viewport: { width: 1366, height: 768 } });
    const first = await fresh.newPage();
    await first.goto(`${SERVER}/registers/document`, { waitUntil: "commit" });
    await first.waitForFunction(() => document.querySelector("main tbody tr[data-row-key]") !== null);
    cold.push(await first.evaluate(() => performance.now()));
    await fresh.close();
  }
  tell("pages: list visible, nothing kept, p50", percentile(cold, 50), "ms");
  tell("pages: list visible, nothing kept, worst of 5", Math.max(...cold), "ms", "worst <= 1500 ms");

  await page.goto(`${SERVER}/registers/document`);
  await expect(page.locator("main tbody tr[data-row-key]").first()).toBeVisible();
  await measure(page, "next page", async () => page.getByRole("button", { name: "Next page" }).click());
  const sorted = page.getByRole("columnheader", { name: "Title" });
  await measure(page, "sorted by another column", async () => sorted.click());
  await page.goto(`${SERVER}/registers/document`);
  await expect(page.locator("main tbody tr[data-row-key]").first()).toBeVisible();
  await searches(page);
  await filters(page);

  const waits = await page.evaluate(() => (globalThis as unknown as { waits: number[] }).waits);
  tell("pages: from input to the next paint, p98", percentile(waits, 98), "ms", "p98 <= 200 ms");
  await context.close();
});

async function measure(page: Page, what: string, act: (round: number) => Promise<void>, rounds = ROUNDS) {
  const took: number[] = [];
  for (let round = 0; round < rounds; round += 1) {
    took.push(await waitFor(page, () => act(round)));
  }
  tell(`pages: ${what}, new rows p50`, percentile(took, 50), "ms");
  tell(`pages: ${what}, new rows p95`, percentile(took, 95), "ms", "p95 <= 500 ms");
}

/** Words of one and two characters, as people type them; each finds other rows than the one before. */
async function searches(page: Page) {
  const words = ["5号", "7号", "95", "3号", "57", "1号"];
  const box = page.getByRole("search").getByRole("searchbox");
  await measure(page, "searched", async (round) => {
    await box.fill(words[round % words.length] ?? "");
    await page.keyboard.press("Enter");
  });
}

async function filters(page: Page) {
  await page.goto(`${SERVER}/registers/document`);
  await expect(page.locator("main tbody tr[data-row-key]").first()).toBeVisible();
  const box = page.getByRole("combobox", { name: "State" });
  await measure(page, "filtered by state", async (round) => {
    await box.click();
    await page
      .locator(".ant-select-item-option")
      .locator("visible=true")
      .nth(round % 2)
      .click();
  });
}
