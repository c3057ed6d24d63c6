// Where a record can be named, and found by it.
import { type Action, type Definition, type Field, initialActions, target } from "./definition";

export type Place = { definition: Definition; field: Field };

/** Where records of this register can be named, and found by it. */
export function placesOf(definitions: Definition[], register: string): Place[] {
  return definitions.flatMap((definition) =>
    definition.fields
      .filter((field) => target(field) === register && field.index && !field.type.endsWith("s"))
      .map((field) => ({ definition, field })),
  );
}

/** Acts that begin something about this record. */
export function begins(definition: Definition, field: Field): Action[] {
  const usual = initialActions(definition).filter((action) => action.builtin === undefined);
  return usual.filter((action) => action.input.includes(field.key));
}
