import { describe, expect, it } from "vitest";
import { pieces } from "./pieces";

describe("a text with what was found in it", () => {
  it("is whole, whatever was found", () => {
    const text = "一份机密★10年的通知，电话 13800138000";
    const cut = pieces(text, [
      { offset: 15, text: "13800138000" },
      { offset: 2, text: "机密★10年" },
    ]);
    expect(cut.map((one) => one.text).join("")).toBe(text);
    expect(cut.filter((one) => one.found !== undefined).map((one) => [one.found, one.text])).toEqual([
      [1, "机密★10年"],
      [0, "13800138000"],
    ]);
  });

  it("counts a character beyond the BMP once", () => {
    const cut = pieces("𠮷😀机密", [{ offset: 2, text: "机密" }]);
    expect(cut).toEqual([{ text: "𠮷😀" }, { text: "机密", found: 0 }]);
  });

  it("shows the first of two that overlap", () => {
    const cut = pieces("abcdef", [
      { offset: 1, text: "bcd" },
      { offset: 2, text: "cdef" },
    ]);
    expect(cut.map((one) => one.found)).toEqual([undefined, 0, undefined]);
  });

  it("is cut short where it is long, never at what was found", () => {
    const text = `${"甲".repeat(30_000)}机密${"乙".repeat(30_000)}`;
    const cut = pieces(text, [{ offset: 30_000, text: "机密" }]);
    expect(cut.map((one) => [one.text.length, one.found, one.after])).toEqual([
      [400, undefined, true],
      [2, 0, undefined],
      [400, undefined, undefined],
      [0, undefined, true],
    ]);
    expect(pieces(text, []).map((one) => one.text.length)).toEqual([20_000, 0]);
  });
});
