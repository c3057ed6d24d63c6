// What every journey has: a house, somebody at a browser, and a watch that nothing is wrong on any page they see.
import { readFileSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { test as base, expect, type Page } from "@playwright/test";
import { type House, openHouse } from "./house";

export type Speech = "zh" | "en";

/** What a page did that no page may do. */
class Watch {
  readonly wrong: string[] = [];
  /** The journey breaks connections itself. */
  tears = false;

  constructor(page: Page, house: House) {
    page.on("console", (message) => {
      // a refusal that the journey provokes is an answer, not an error of the page
      const refused = /Failed to load resource.*status of 4\d\d/.test(message.text());
      const broken = this.tears && /net::ERR_FAILED/.test(message.text());
      if (message.type() === "error" && !refused && !broken) {
        this.wrong.push(`console: ${message.text()}`);
      }
    });
    page.on("pageerror", (error) => this.wrong.push(`error: ${error.message}`));
    page.on("request", (request) => {
      const url = new URL(request.url());
      if (["http:", "https:"].includes(url.protocol) && url.origin !== house.url) {
        this.wrong.push(`another host: ${url.origin}`);
      }
    });
  }
}

/** A browser whose user speaks this language and has seen the tour, which has a journey of its own. */
export async function furnish(page: Page, speech: Speech) {
  const language = speech === "zh" ? "zh-CN" : "en";
  await page.addInitScript((kept) => {
    if (!localStorage.getItem("ruping.language")) {
      localStorage.setItem("ruping.language", kept);
    }
    if (!localStorage.getItem("ruping.tour")) {
      localStorage.setItem("ruping.tour", "never");
    }
  }, language);
}

type Fixtures = { watch: Watch; speech: Speech };
type Shared = { house: House; alone: string };

export const test = base.extend<Fixtures, Shared>({
  // journeys that say so have a house that no other was in: what waits there is theirs
  alone: ["", { option: true, scope: "worker" }],
  house: [
    // a house for each word of `alone`
    async ({ alone: _ }, use) => {
      const house = await openHouse();
      await use(house);
      await house.stop();
    },
    { scope: "worker", timeout: 180_000 },
  ],
  speech: ["zh", { option: true }],
  page: async ({ page, house, speech }, use) => {
    await furnish(page, speech);
    await page.goto(house.url);
    await use(page);
  },
  watch: [
    async ({ page, house }, use) => {
      const watch = new Watch(page, house);
      await use(watch);
      expect(watch.wrong).toEqual([]);
    },
    { auto: true },
  ],
});

export { expect };

let axe: string | undefined;

/** Nothing that keeps somebody with other eyes or hands out, and no word that was not translated. */
export async function isWell(page: Page) {
  await expect(page.getByRole("heading", { level: 1 }).first()).toBeVisible();
  // what is looked at is the page, not what stands in its place until it is there
  await expect(page.locator(".ant-skeleton")).toHaveCount(0);
  expect(await barriers(page)).toEqual([]);
  expect(await untranslated(page)).toEqual([]);
}

/** What axe finds on the page, but for the parts that are left out. */
export async function barriers(page: Page, without: string[] = []): Promise<string[]> {
  axe ??= await readFile(new URL("../node_modules/axe-core/axe.min.js", import.meta.url), "utf8");
  // the policy lets no page run text: the check goes in past it, and only here
  if (!(await page.evaluate(() => "axe" in globalThis))) {
    await page.evaluate(axe);
  }
  return page.evaluate(async (parts) => {
    const { axe } = globalThis as unknown as {
      axe: { run(where: object, how: object): Promise<{ violations: Violation[] }> };
    };
    type Violation = { id: string; nodes: { html: string; failureSummary: string }[] };
    const { violations } = await axe.run(
      { exclude: parts.map((part) => [part]) },
      // what is well needs no telling, which takes most of the time
      { resultTypes: ["violations"] },
    );
    return violations.map(
      (one) => `${one.id}: ${one.nodes.map((node) => `${node.html} ${node.failureSummary}`).join("\n")}`,
    );
  }, without);
}

const CHAPTERS = Object.entries(
  JSON.parse(readFileSync(new URL("../src/locales/en/web.json", import.meta.url), "utf8")) as object,
)
  .filter(([, texts]) => typeof texts === "object")
  .map(([chapter]) => chapter);

/** Keys of texts that stand on the page instead of their texts. */
export async function untranslated(page: Page): Promise<string[]> {
  // what is code is shown as it is written: ids of policies look like keys
  const text = await page.evaluate(() => {
    const body = document.body.cloneNode(true) as HTMLElement;
    for (const code of body.querySelectorAll("code, pre, textarea")) {
      code.remove();
    }
    return body.textContent ?? "";
  });
  const keys = new RegExp(`\\b(${CHAPTERS.join("|")})\\.[a-z][A-Za-z_]+\\b`, "g");
  return [...new Set(text.match(keys) ?? [])];
}
