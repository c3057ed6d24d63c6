import { expect, it } from "vitest";
import { moved } from "./order";

it("a column goes a place on or back, and never out of the table", () => {
  const all = ["a", "b", "c"];
  expect(moved(all, "a", 1)).toEqual(["b", "a", "c"]);
  expect(moved(all, "c", -1)).toEqual(["a", "c", "b"]);
  expect([moved(all, "a", -1), moved(all, "c", 1), moved(all, "d", 1)]).toEqual([all, all, all]);
});
