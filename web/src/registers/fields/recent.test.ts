import { describe, expect, it } from "vitest";
import type { RecordView } from "../queries";
import { recentFirst } from "./recent";

const one = (id: string, version = 1) => ({ id, version }) as RecordView;
const ids = (all: RecordView[]) => all.map((record) => record.id);

describe("what was chosen last", () => {
  it("stands first, once, as it is now", () => {
    const put = recentFirst([one("b"), one("z")], [one("a"), one("b", 2)], "");
    expect(ids(put)).toEqual(["b", "z", "a"]);
    expect(put[0]?.version).toBe(2);
  });
  it("is no answer to words that it does not have", () => {
    expect(ids(recentFirst([one("b"), one("z")], [one("a"), one("b")], "x"))).toEqual(["b", "a"]);
  });
});
