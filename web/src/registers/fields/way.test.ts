import { expect, it } from "vitest";
import type { Definition, Field } from "../definition";
import { wayTo } from "./way";

const register = (key: string, ...fields: Partial<Field>[]) => ({ key, fields }) as unknown as Definition;

it("leads over what stands above itself, and over what each belongs to", () => {
  const unit = register("unit", { key: "head", type: "person" }, { key: "upper", type: "unit" });
  const person = register(
    "person",
    { key: "post", type: "link", to: "post" },
    { key: "unit", type: "unit", required: true },
  );
  const loose = register("document", { key: "unit", type: "unit" });
  const post = register("post", { key: "grade", type: "choice" });
  const all = [unit, person, post];
  expect(wayTo(unit, all)).toEqual({ branch: unit, upper: "upper" });
  expect(wayTo(person, all)).toEqual({ branch: unit, upper: "upper", of: "unit" });
  expect(wayTo(post, all)).toBeUndefined();
  expect(wayTo(loose, all)).toBeUndefined();
});
