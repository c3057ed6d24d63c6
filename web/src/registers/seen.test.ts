// @vitest-environment jsdom
import { describe, expect, it } from "vitest";
import { draftsOf } from "./draft";
import type { Kept } from "./kept";
import { caughtUp, clashesOf, isBehind } from "./seen";

const asked = (version: number) =>
  ({ on: { id: "r", version }, action: { key: "correct" }, fields: [] }) as never;

describe("a form whose record was changed by somebody else", () => {
  it("knows that it is behind", () => {
    expect(isBehind(asked(3), asked(4))).toBe(true);
    expect(isBehind(asked(3), asked(3))).toBe(false);
  });

  it("takes what was left alone as it stands now, and keeps what was written", () => {
    const seen = { title: "X", remark: "old", place: undefined };
    const now = { title: "Y", remark: "old", place: null };
    const { input, clashes } = caughtUp({ title: "X", remark: "mine", lines: [1] }, seen, now);
    expect(input).toEqual({ title: "Y", remark: "mine", place: null, lines: [1] });
    expect(clashes).toEqual([]);
  });

  it("names the fields in which two have written different things", () => {
    const seen = { title: "X", remark: "old" };
    expect(caughtUp({ title: "Z", remark: "old" }, seen, { title: "Y", remark: "new" })).toEqual({
      input: { title: "Z", remark: "new" },
      clashes: ["title"],
    });
    // the same twice is no clash
    expect(clashesOf({ title: "Y" }, { title: "X" }, { title: "Y" })).toEqual([]);
  });
});

it("a form's drafts are its own and not those of an act on a record, the newest first", () => {
  const kept = (key: string, at: string) => ({ key, at, body: {} }) as Kept;
  const all = [
    kept("reg:make", "2026-01-01T00:00:00Z"),
    kept("reg:make.1a2b3c4d", "2026-01-02T00:00:00Z"),
    kept("reg:make:0198", "2026-01-03T00:00:00Z"),
    kept("reg:make_more.1a2b3c4d", "2026-01-03T00:00:00Z"),
  ];
  expect(draftsOf(all, "reg:make").map((one) => one.key)).toEqual(["reg:make.1a2b3c4d", "reg:make"]);
  expect(draftsOf(all, undefined)).toEqual([]);
});
