// What is printed, and how the server is asked for it: one record, some of a register, or all that a list shows.
import type { Definition, Print } from "./definition";
import type { Asked, RecordView } from "./queries";

export type Printed = { record: RecordView } | { ids: string[] } | { asked: Asked };

type Choice = { form: string; language: string; size?: string; first?: number };

/** The forms there are for it. */
export function formsOf(definition: Definition, of: Printed): Print[] {
  if ("record" in of) {
    const { state } = of.record;
    return definition.prints.filter(
      (print) => print.of !== "list" && (!print.states || print.states.includes(state)),
    );
  }
  const lists = definition.prints.filter((print) => print.of === "list");
  const labels = definition.prints.filter((print) => print.of === "label");
  // of what was chosen one by one labels are wanted more often than a page of the ledger
  return "ids" in of ? [...labels, ...lists] : [...lists, ...labels];
}

/** Where it is asked for. */
export function addressOf(definition: Definition, of: Printed, what: "print" | "preview"): string {
  if ("record" in of) {
    return `/api/v1/records/${of.record.id}/${what}`;
  }
  return `/api/v1/registers/${definition.key}/${what === "print" ? "export" : what}`;
}

/** What is sent for it. */
export function askedOf(of: Printed, { form, ...choice }: Choice): Record<string, unknown> {
  if ("record" in of) {
    return { form, ...choice };
  }
  const which = "ids" in of ? { ids: of.ids } : of.asked;
  return { ...which, format: "pdf", print: form, ...choice };
}
