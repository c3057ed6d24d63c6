// Labels as they come through scanners, keyboards and input methods.
import { describe, expect, it } from "vitest";
import { isBroken, labelled, labelOf, sameNumber } from "./label";

const ID = "0190f3a2-b4c5-7d8e-9f00-112233445566";

describe("a label", () => {
  it.each([
    ["as it is printed", "RP:0190F3A2B4C57D8E9F00112233445566"],
    ["in small letters", "rp:0190f3a2b4c57d8e9f00112233445566"],
    ["with hyphens", "RP:0190F3A2-B4C5-7D8E-9F00-112233445566"],
    ["in full width", "ＲＰ：０１９０Ｆ３Ａ２Ｂ４Ｃ５７Ｄ８Ｅ９Ｆ００１１２２３３４４５５６６"],
    ["with the colon of an input method", "RP：0190F3A2B4C57D8E9F00112233445566"],
    ["with the marks between syllables", "r'p：0190f3a2b4c57d8e9f00112233445566"],
    ["from a keyboard that lost the shift", "rp;0190f3a2b4c57d8e9f00112233445566"],
    ["behind what was left in the field", "/RP:0190F3 RP:0190F3A2B4C57D8E9F00112233445566"],
    ["with blanks around and between", "\ufeff RP: 0190F3A2 B4C57D8E 9F001122 33445566\r\n"],
  ])("is read %s", (_, typed) => {
    expect(labelled(typed)).toBe(ID);
    expect(isBroken(typed)).toBe(false);
  });

  it.each([
    ["one digit too few", "RP:0190F3A2B4C57D8E9F0011223344556"],
    ["one too many", "RP:0190F3A2B4C57D8E9F001122334455667"],
    ["a letter that is no digit", "RP:0190F3A2B4C57D8E9F0011223344556O"],
    ["nothing", "RP:"],
  ])("with %s is broken", (_, typed) => {
    expect(labelled(typed)).toBeUndefined();
    expect(isBroken(typed)).toBe(true);
  });

  it("is not seen in numbers, words and bare ids", () => {
    for (const typed of ["000001", "WJ2026-机密-00002", "RP2026-0001", "人评", ID, "", "XRP:1"]) {
      expect(labelled(typed)).toBeUndefined();
      expect(isBroken(typed)).toBe(false);
    }
  });

  it("is written as it is read", () => {
    expect(labelOf(ID)).toBe("RP:0190F3A2B4C57D8E9F00112233445566");
    expect(labelled(labelOf(ID))).toBe(ID);
  });
});

it("numbers are the same in any width, case and spacing", () => {
  expect(sameNumber("ＷＪ２０２６－机密－00002", "wj2026 机密 00002")).toBe(true);
  expect(sameNumber("000001", "000010")).toBe(false);
});
