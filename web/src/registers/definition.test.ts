// What a help text's rule numbers lead to.
import { expect, it } from "vitest";
import { type Action, type Definition, mayBegin, type Rule, rulesNamed } from "./definition";

const rule = (id: string, clause: string, en: string): Rule => ({
  id,
  clause,
  letter: "P",
  say: { zh: en, en },
});

const register = (rules: Rule[], ofLines: Rule[] = []) =>
  ({ rules, lines: [{ rules: ofLines }] }) as unknown as Definition;

it("a rule is told as the register at hand has it, with its variants", () => {
  const own = register(
    [rule("R-184", "EMARK", "a"), rule("R-1840", "X", "not this one")],
    [rule("R-184k", "EMARK", "b")],
  );
  const other = register([rule("R-184", "EMARK", "c")]);
  expect(rulesNamed("R-184", own, [own, other])).toEqual([
    {
      clause: "EMARK",
      letter: "P",
      says: [
        { zh: "a", en: "a" },
        { zh: "b", en: "b" },
      ],
    },
  ]);
});

it("of a rule that only others have, it is told where it stands and not what they say", () => {
  const other = register([rule("R-224", "LAW 46", "in their own words")]);
  expect(rulesNamed("R-224", register([]), [other])).toEqual([{ clause: "LAW 46", letter: "P", says: [] }]);
  expect(rulesNamed("R-999", register([]), [other])).toEqual([]);
});

it("what is begun by the staff, or by whoever a field names, is not offered to the administrators", () => {
  const begun = (who: string | string[]) => ({ who }) as Action;
  for (const who of ["staff", "field:person", "head_of(unit)"]) {
    expect(mayBegin(begun(who), ["system_admin"])).toBe(false);
    expect(mayBegin(begun(who), ["staff", "leader"])).toBe(true);
  }
  expect(mayBegin(begun(["staff", "role:office_head"]), ["office_head"])).toBe(true);
  expect(mayBegin(begun("system"), ["staff"])).toBe(false);
});
