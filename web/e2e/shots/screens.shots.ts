// A picture of every screen in both languages, on a small and a large screen and on a phone, for people to look at: in
// the folder that RUPING_SHOTS names (issue: the web UI, acceptance 2). `cargo xtask shots` runs it.
import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import type { Page } from "@playwright/test";
import { Actor } from "../actor";
import { expect, test } from "../journey";
import { furnish } from "./furnish";
import { SCREENS, type Screen } from "./screens";

const FOLDER = process.env.RUPING_SHOTS ?? "../target/shots";

/** Names of screens, with commas between: no others are taken. */
const ONLY = (process.env.RUPING_SCREENS ?? "").split(",").filter((one) => one !== "");

const SIZES = {
  small: { width: 1366, height: 768 },
  large: { width: 1920, height: 1080 },
  phone: { width: 390, height: 844 },
};

test.describe.configure({ mode: "serial" });

for (const speech of ["zh", "en"] as const) {
  test.describe(speech, () => {
    test.use({ speech });

    test("every screen", async ({ page, house }) => {
      const actor = new Actor(page, speech, house.url);
      const places = await furnish(page, house.url);
      await mkdir(join(FOLDER, speech), { recursive: true });
      let who = "";
      for (const screen of SCREENS.filter((one) => ONLY.length === 0 || ONLY.includes(one.name))) {
        if (screen.who !== who && screen.who !== "") {
          await page.setViewportSize(SIZES.small);
          await actor.enter(screen.who);
          who = screen.who;
        }
        await take(page, actor, screen, places, house.url);
      }
    });
  });
}

async function take(page: Page, actor: Actor, screen: Screen, places: Record<string, string>, url: string) {
  for (const [name, size] of Object.entries(SIZES)) {
    await page.setViewportSize(size);
    const path = typeof screen.at === "function" ? screen.at(places) : screen.at;
    await page.goto(`${url}${path}`);
    await expect(page.getByRole("heading", { level: 1 }).first()).toBeVisible();
    // WHY not until the network is idle: the page listens for news as long as it is there
    await page.waitForTimeout(700);
    await screen.first?.(page, actor);
    await page.waitForTimeout(300);
    await page.screenshot({ path: join(FOLDER, actor.speech, `${screen.name}-${name}.png`) });
    const wide = await page.evaluate(() => document.documentElement.scrollWidth > innerWidth + 1);
    expect.soft(wide, `${screen.name} is wider than ${name}`).toBe(false);
  }
}
