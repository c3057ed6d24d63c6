// Whether the records of a register stand in a tree: a register whose records name one of their own kind above them (a
// unit and its upper), or one whose records each belong to one of such (a person and their unit).
import { type Definition, isMany, target } from "../definition";

export type Way = {
  /** The register that makes the tree, and its field for what is above. */
  branch: Definition;
  upper: string;
  /** The field by which a record belongs to a branch; without it the branches themselves are chosen. */
  of?: string;
};

/** The field for what is above, of a register whose records stand above each other. */
function upperOf(definition: Definition): string | undefined {
  return definition.fields.find((field) => !isMany(field) && target(field) === definition.key)?.key;
}

export function wayTo(definition: Definition, all: Definition[]): Way | undefined {
  const upper = upperOf(definition);
  if (upper !== undefined) {
    return { branch: definition, upper };
  }
  for (const field of definition.fields) {
    // what may belong to none would not be found by where it belongs
    const branch =
      isMany(field) || field.required !== true ? undefined : all.find((one) => one.key === target(field));
    const above = branch && upperOf(branch);
    if (branch && above !== undefined) {
      return { branch, upper: above, of: field.key };
    }
  }
  return undefined;
}
