// Both languages say the same things, and nothing is said that no page asks for.
import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import en from "../locales/en/web.json";
import zh from "../locales/zh-CN/web.json";

type Tree = { [key: string]: string | Tree };

function keysOf(tree: Tree, before = ""): string[] {
  return Object.entries(tree).flatMap(([key, value]) =>
    typeof value === "string" ? [`${before}${key}`] : keysOf(value, `${before}${key}.`),
  );
}

async function sources(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { withFileTypes: true });
  const all = entries.map((entry) => {
    const path = join(folder, entry.name);
    return entry.isDirectory() ? sources(path) : Promise.resolve([path]);
  });
  return (await Promise.all(all)).flat().filter((path) => /\.tsx?$/.test(path) && !path.endsWith(".test.ts"));
}

async function asked(): Promise<{ whole: Set<string>; begun: string[] }> {
  const texts = await Promise.all(
    (await sources(join(import.meta.dirname, ".."))).map((path) => readFile(path, "utf8")),
  );
  const text = texts.join("\n");
  const whole = new Set(
    [...text.matchAll(/"([a-zA-Z]+(?:\.[a-zA-Z_]+)+|name|yes|no)"/g)].map((found) => found[1] ?? ""),
  );
  const begun = [...text.matchAll(/`([a-zA-Z]+\.[a-zA-Z_]*)\$\{/g)].map((found) => found[1] ?? "");
  return { whole, begun };
}

describe("the catalogues", () => {
  it("have the same keys", () => {
    expect(keysOf(zh)).toEqual(keysOf(en));
  });

  it("say whatever a page asks for, and nothing else", async () => {
    const { whole, begun } = await asked();
    const base = (key: string) => key.replace(/_(one|other)$/, "");
    const known = new Set(keysOf(zh).map(base));
    const called = (key: string) => whole.has(key) || begun.some((start) => key.startsWith(start));
    expect([...known].filter((key) => !called(key))).toEqual([]);
    const heads = new Set([...known].map((key) => key.split(".")[0]));
    const missing = [...whole].filter(
      (key) => key.includes(".") && heads.has(key.split(".")[0] ?? "") && !known.has(key),
    );
    expect(missing).toEqual([]);
  });
});
