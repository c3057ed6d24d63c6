import { expect, it } from "vitest";
import { soughtBy, soughtIn } from "./sought";

it("words are found again by whom they were looked for, and by nobody else", () => {
  expect(soughtIn(soughtBy("a", "海鹰"), "a")).toBe("海鹰");
  expect(soughtIn(soughtBy("a", "海鹰"), "b")).toBe("");
  expect(soughtIn(null, "a")).toBe("");
  expect(soughtIn({ begin: "draft" }, "a")).toBe("");
});
