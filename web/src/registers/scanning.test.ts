// What is done by scanning, as the definition says it.
import { describe, expect, it } from "vitest";
import type { Action, Definition, LineKind } from "./definition";
import { endingsOf, isBlind, scanOf, scans } from "./scanning";

const name = { zh: "名", en: "name" };

function act(key: string, from: string[], more: Partial<Action> = {}): Action {
  return { key, name, from, who: "field:counters", input: [], ...more };
}

const things: LineKind = {
  key: "things",
  name,
  states: [],
  fields: [],
  actions: [act("find", ["expected"]), act("miss", ["expected"]), act("adjust", ["found"])],
  scan: { by: "thing", action: "find", blind: ["open"] },
};

const plain: LineKind = { ...things, key: "plain", scan: { by: "thing", action: "find" } };

function register(actions: Action[]): Definition {
  return { key: "count", lines: [things, plain], actions } as unknown as Definition;
}

function may(...keys: string[]) {
  return { actions: keys.map((key) => ({ key, allowed: key !== "not", reasons: [] })) };
}

it("a scan does what the definition says, and nothing where it says nothing", () => {
  expect(scanOf(things)?.key).toBe("find");
  const { scan: _, ...none } = things;
  expect(scanOf(none)).toBeUndefined();
  expect(isBlind(none, { state: "open" })).toBe(false);
});

it("counting is blind in the states that it names", () => {
  expect(isBlind(things, { state: "open" })).toBe(true);
  expect(isBlind(things, { state: "compared" })).toBe(false);
  expect(isBlind(plain, { state: "open" })).toBe(false);
});

it("who scans, the server says", () => {
  expect(scans(things, { scans: ["things"] })).toBe(true);
  expect(scans(things, { scans: ["plain"] })).toBe(false);
  expect(scans(things, {})).toBe(false);
});

describe("what becomes of the rest", () => {
  const fans = (line: string, action: string) => ({ fan_out: [{ line, action }] });

  it("is an act of the record that does something else to what waits for its scan", () => {
    const all = [
      act("finish", ["open"], fans("things", "miss")),
      act("count_all", ["open"], fans("things", "find")),
      act("adjust_all", ["open"], fans("things", "adjust")),
      act("other", ["open"], fans("plain", "miss")),
      act("not", ["open"], fans("things", "miss")),
      act("close", ["open"]),
    ];
    const record = may("finish", "count_all", "adjust_all", "other", "not", "close");
    expect(endingsOf(register(all), things, record).map(({ key }) => key)).toEqual(["finish"]);
    expect(endingsOf(register(all), things, may())).toEqual([]);
  });
});
