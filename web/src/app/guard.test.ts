// UI.md's first guard-rail: the front end declares no register.
import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, it } from "vitest";

const PACKS = join(import.meta.dirname, "../../../packs/base/registers");
const SOURCE = join(import.meta.dirname, "..");
/** Chapters share words with registers. */
const ALLOWED = ["areas.ts"];
/** The directories that kinds of fields point to are of the language, not of a register. */
const OF_THE_LANGUAGE = ["person", "unit", "post", "place"];

async function files(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  return entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
}

it("no page names a register", async () => {
  const registers = (await files(PACKS)).map((path) => path.replace(/^.*\/|\.toml$/g, ""));
  const keys = registers.filter((key) => !OF_THE_LANGUAGE.includes(key));
  const pages = (await files(SOURCE)).filter(
    (path) =>
      /\.tsx?$/.test(path) &&
      !/schema\.ts$|\.test\.ts$/.test(path) &&
      !ALLOWED.some((one) => path.endsWith(one)),
  );
  const named: string[] = [];
  for (const page of pages) {
    const text = await readFile(page, "utf8");
    const literal = keys.filter((key) => new RegExp(`["'\`/]${key}["'\`/]`).test(text));
    named.push(...literal.map((key) => `${page}: ${key}`));
  }
  expect(named).toEqual([]);
});
