import { expect, it } from "vitest";
import { acceptedOf } from "./accepted";

it("reads warnings with their reasons, and names what it cannot read", () => {
  expect(acceptedOf("R-135 已核对；R-140：另有批示;")).toEqual({
    taken: [
      { rule: "R-135", reason: "已核对" },
      { rule: "R-140", reason: "另有批示" },
    ],
    unread: [],
  });
  expect(acceptedOf("R-135; 全部通过; R-140 seen")).toEqual({
    taken: [{ rule: "R-140", reason: "seen" }],
    unread: ["R-135", "全部通过"],
  });
  expect(acceptedOf(" ")).toEqual({ taken: [], unread: [] });
});
