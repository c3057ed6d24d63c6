import { expect, it } from "vitest";
import { isSame, mergedOf } from "./merged";

it("two who change one account undo nothing of each other's", () => {
  const seen = { roles: ["staff", "registrar"], disabled: false };
  const now = { roles: ["staff", "registrar", "leader"], disabled: true };
  expect(mergedOf({ roles: ["staff", "classifier"], disabled: false }, seen, now)).toEqual({
    roles: ["staff", "leader", "classifier"],
    disabled: true,
  });
  expect(mergedOf({ ...seen, disabled: true }, seen, { ...seen, roles: [] })).toEqual({
    roles: [],
    disabled: true,
  });
  expect(isSame(seen, { roles: ["registrar", "staff"], disabled: false })).toBe(true);
  expect(isSame(seen, now)).toBe(false);
});
