// Which acts on a line are done by scanning what the line names, and whether who does them may know what is left.
// WHY it is guessed: the language has no word for it yet. An act counts as one where the line links to a record, where it
// may be done to many lines at once, and where nobody signs and little is asked; of several that begin in one state
// the first is meant, and the next ends what was not scanned.
import type { Action, Field, LineKind } from "./definition";
import type { LineView } from "./queries";

export type Scanning = {
  action: Action;
  /** What becomes of the lines that nothing was scanned for, in the end. */
  rest?: Action;
};

/** As much as is filled in once for a pile. */
const FEW = 3;

export function linksOf(kind: LineKind): Field[] {
  return kind.fields.filter((field) => field.type === "link");
}

function isSimple(action: Action): boolean {
  const asked = action.sign?.length || action.step_up || action.comment === "required";
  return action.bulk === true && action.who !== "system" && !asked && action.input.length <= FEW;
}

export function scanningOf(kind: LineKind): Scanning[] {
  if (linksOf(kind).length === 0) {
    return [];
  }
  const simple = kind.actions.filter(isSimple);
  const states = [...new Set(simple.flatMap((action) => action.from))];
  const found = states.flatMap((state): Scanning[] => {
    const [action, ...others] = simple.filter((one) => one.from.includes(state));
    const [rest] = others;
    return action ? [rest && others.length === 1 ? { action, rest } : { action }] : [];
  });
  return found.filter((one, at) => found.findIndex((other) => other.action.key === one.action.key) === at);
}

function initialOf(kind: LineKind): string | undefined {
  return kind.states.find((state) => state.initial)?.key;
}

/** Whether the ledger's side of a line is kept back until something was noted on it. */
export function isBlind(kind: LineKind): boolean {
  const initial = initialOf(kind);
  return (
    initial !== undefined &&
    kind.fields.some((field) => field.visible?.states?.length && !field.visible.states.includes(initial))
  );
}

function mayDo(line: LineView, action: Action): boolean {
  return line.actions.some((one) => one.key === action.key && one.allowed);
}

/** Whether the reader is one of those who scan here, now. */
export function scans(kind: LineKind, lines: LineView[]): boolean {
  const all = scanningOf(kind);
  return lines.some((line) => all.some(({ action }) => mayDo(line, action)));
}

/** The lines that may be shown: who counts blindly sees what was counted, never what is expected. */
export function shownOf(kind: LineKind, lines: LineView[]): LineView[] {
  const initial = initialOf(kind);
  return isBlind(kind) && scans(kind, lines) ? lines.filter((line) => line.state !== initial) : lines;
}
