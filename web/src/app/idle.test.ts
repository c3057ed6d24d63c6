// @vitest-environment jsdom
import { afterEach, beforeEach, expect, it, vi } from "vitest";

const MINUTE = 60_000;

/** A page of the same browser: its own script, the same storage. */
async function page() {
  vi.resetModules();
  return import("./idle");
}

beforeEach(() => {
  vi.useFakeTimers({ now: Date.parse("2026-03-01T08:00:00Z") });
  localStorage.clear();
});
afterEach(() => vi.useRealTimers());

it("a page in the background has not been left while somebody is at another one", async () => {
  const background = await page();
  vi.advanceTimersByTime(29 * MINUTE);
  const other = await page();
  other.isThere();
  vi.advanceTimersByTime(2 * MINUTE);
  expect(background.hasLeft()).toBe(false);
  vi.advanceTimersByTime(29 * MINUTE);
  expect(background.hasLeft()).toBe(true);
  expect(other.hasLeft()).toBe(true);
});

it("a time that lies ahead keeps no page open", async () => {
  const only = await page();
  localStorage.setItem("ruping.alive", String(Date.now() + 600 * MINUTE));
  vi.advanceTimersByTime(31 * MINUTE);
  expect(only.hasLeft()).toBe(true);
});
