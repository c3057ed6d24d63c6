// What is done by scanning, as far as it follows from the definitions that ship.
import { describe, expect, it } from "vitest";
import type { Action, LineKind } from "./definition";
import type { LineView } from "./queries";
import { isBlind, scanningOf, scans, shownOf } from "./scanning";

const name = { zh: "名", en: "name" };

function act(key: string, from: string, more: Partial<Action> = {}): Action {
  return { key, name, from: [from], who: "field:counters", input: [], bulk: true, ...more };
}

const STATES = [
  { key: "expected", name, initial: true },
  { key: "found", name },
];

const counted: LineKind = {
  key: "things",
  name,
  states: STATES,
  fields: [
    { key: "thing", name, type: "link", to: "things" },
    { key: "where", name, type: "place", visible: { states: ["found"] } },
  ],
  actions: [
    act("find", "expected", { input: ["a", "b", "c"] }),
    act("miss", "expected"),
    act("recount", "found", { comment: "required" }),
    act("adjust", "found", { sign: [{ who: "field:keeper" }] }),
  ],
};

function line(id: string, state: string, may: boolean): LineView {
  const actions = [{ key: "find", allowed: may, reasons: [] }];
  return { id, line: "things", no: 1, state, version: 1, fields: {}, actions } as LineView;
}

describe("what is done by scanning", () => {
  it("is the first simple act of a state, and the second is for the rest", () => {
    expect(scanningOf(counted).map(({ action, rest }) => [action.key, rest?.key])).toEqual([
      ["find", "miss"],
    ]);
  });

  it("is nothing where nothing is linked, much is asked, or somebody signs", () => {
    const [, ...others] = counted.fields;
    expect(scanningOf({ ...counted, fields: others })).toEqual([]);
    const much = act("score", "expected", { input: ["a", "b", "c", "d"] });
    expect(scanningOf({ ...counted, actions: [much] })).toEqual([]);
    const signed = act("hand_out", "expected", { sign: [{ who: "field:borrower" }] });
    expect(scanningOf({ ...counted, actions: [signed] })).toEqual([]);
  });
});

describe("a blind count", () => {
  const lines = [line("1", "expected", true), line("2", "found", false)];

  it("shows who counts only what was counted", () => {
    expect(isBlind(counted)).toBe(true);
    expect(shownOf(counted, lines).map((one) => one.id)).toEqual(["2"]);
  });

  it("shows everything to who does not count, and when it is over", () => {
    const others = lines.map((one) => line(one.id, one.state, false));
    expect(scans(counted, others)).toBe(false);
    expect(shownOf(counted, others)).toHaveLength(2);
  });

  it("is none where nothing is kept back", () => {
    const [link] = counted.fields;
    const open = { ...counted, fields: link ? [link] : [] };
    expect(isBlind(open)).toBe(false);
    expect(shownOf(open, lines)).toHaveLength(2);
  });
});
