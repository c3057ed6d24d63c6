// @vitest-environment jsdom
// Who may do something is not known before the field that names them is written.
import { expect, it } from "vitest";
import type { Outlook } from "./acts";
import { refusedOf } from "./outlook";

const REFUSED: Outlook = { refused: [{ code: "access.who", say: { zh: "", en: "" } }] };

const refused = (who: string | string[], input: string[], written: object = {}) =>
  refusedOf(REFUSED, { who, input }, { ...written }).length;

it("a form is not refused to somebody whom its next field may name", () => {
  expect(refused(["role:registrar", "field:borrower"], ["copy", "borrower"])).toBe(0);
  expect(refused("field:document.drafter", ["document"], { document: undefined })).toBe(0);
  expect(refused("head_of(unit)", ["unit"])).toBe(0);
});

it("once it is written, and where no field of the form decides, it is", () => {
  expect(refused("field:borrower", ["copy", "borrower"], { borrower: "somebody" })).toBe(1);
  expect(refused("staff", ["title"])).toBe(1);
  expect(refused("field:keeper", ["reason"])).toBe(1);
});
