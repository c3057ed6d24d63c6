// What is done to lines by scanning, as their definition says it. Which line is meant, and whether there is one, only the
// server knows: while one counts blindly, what was not scanned is not among the lines it shows.
import type { Action, Definition, LineKind } from "./definition";
import type { RecordView } from "./queries";

/** The act that a scan does. */
export function scanOf(kind: LineKind): Action | undefined {
  return kind.actions.find((action) => action.key === kind.scan?.action);
}

/** Whether what was not scanned yet is kept back now. */
export function isBlind(kind: LineKind, record: Pick<RecordView, "state">): boolean {
  return kind.scan?.blind?.includes(record.state) ?? false;
}

/** Whether the reader is one of those who scan here, now. */
export function scans(kind: LineKind, record: Pick<RecordView, "scans">): boolean {
  return record.scans?.includes(kind.key) ?? false;
}

/** The acts of the record that say what becomes of all that was not scanned. */
export function endingsOf(
  definition: Definition,
  kind: LineKind,
  record: Pick<RecordView, "actions">,
): Action[] {
  const scan = scanOf(kind);
  const ends = (key: string) => {
    const does = kind.actions.find((action) => action.key === key);
    return does?.key !== scan?.key && (does?.from ?? []).some((state) => scan?.from.includes(state));
  };
  return definition.actions.filter(
    (action) =>
      (action.fan_out ?? []).some((one) => one.line === kind.key && ends(one.action)) &&
      record.actions.some((one) => one.key === action.key && one.allowed),
  );
}
