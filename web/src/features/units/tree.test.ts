import { expect, it } from "vitest";
import type { RecordView } from "../../registers/queries";
import { branchOf, treeOf } from "./tree";

function unit(id: string, upper?: string): RecordView {
  return { id, fields: upper ? { upper } : {} } as unknown as RecordView;
}

it("stands as each unit says, and a circle loses nobody", () => {
  const units = [
    unit("a"),
    unit("b", "a"),
    unit("c", "b"),
    unit("d", "hidden"),
    unit("e", "f"),
    unit("f", "e"),
  ];
  const trees = treeOf(units, new Map([["b", 3]]));
  expect(trees.map((one) => one.id)).toEqual(["a", "d", "e"]);
  expect(trees[0]?.below[0]?.people).toBe(3);
  expect(trees[0]?.below[0]?.below[0]?.id).toBe("c");
  expect(trees[2]?.below.map((one) => one.id)).toEqual(["f"]);
  expect([...branchOf(trees, "b")]).toEqual(["b", "c"]);
  expect([...branchOf(trees, "nobody")]).toEqual([]);
});
