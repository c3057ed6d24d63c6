// A text cut into pieces: what was found in it, and what stands between.

/** Where something was found, in characters as the server counts them: a character beyond the BMP is one. */
export type Found = { offset: number; text: string };

export type Piece = {
  text: string;
  /** Which finding it is, if it is one. */
  found?: number;
  /** Text is left out before it. */
  after?: boolean;
};

/** Longer texts are shown around what was found. */
const WHOLE = 20_000;
/** So much of them on each side, in units of the browser. */
const AROUND = 400;

/** Places in units of the browser for places in characters; these have to be in order. */
function unitsOf(text: string, places: number[]): number[] {
  const found: number[] = [];
  let characters = 0;
  let units = 0;
  for (const place of places) {
    while (characters < place && units < text.length) {
      units += (text.codePointAt(units) ?? 0) > 0xffff ? 2 : 1;
      characters += 1;
    }
    found.push(units);
  }
  return found;
}

/** Where findings stand, in order; of two that overlap the first. */
function spans(text: string, all: Found[]): { from: number; to: number; found: number }[] {
  const order = all.map((one, found) => ({ ...one, found })).sort((a, b) => a.offset - b.offset);
  const starts = unitsOf(
    text,
    order.map((one) => one.offset),
  );
  const placed = order.map((one, at) => {
    const from = starts[at] ?? 0;
    return { from, to: Math.min(from + one.text.length, text.length), found: one.found };
  });
  let end = 0;
  return placed.filter(({ from, to }) => {
    const fits = from >= end && to > from;
    end = fits ? to : end;
    return fits;
  });
}

export function pieces(text: string, all: Found[]): Piece[] {
  const marked = spans(text, all);
  const whole = text.length <= WHOLE;
  const made: Piece[] = [];
  let at = 0;
  const between = (to: number, last: boolean) => {
    const before = at === 0 ? 0 : at + AROUND;
    const after = last ? text.length : to - AROUND;
    if (whole || to - at <= 2 * AROUND) {
      made.push({ text: text.slice(at, to) });
      return;
    }
    if (at > 0) {
      made.push({ text: text.slice(at, before) });
    }
    made.push({ text: last ? "" : text.slice(after, to), after: true });
  };
  for (const one of marked) {
    between(one.from, false);
    made.push({ text: text.slice(one.from, one.to), found: one.found });
    at = one.to;
  }
  if (marked.length === 0) {
    const end = whole ? text.length : unitsOf(text, [WHOLE])[0];
    return [{ text: text.slice(0, end) }, ...(whole ? [] : [{ text: "", after: true }])];
  }
  between(text.length, true);
  return made.filter((one) => one.text !== "" || one.after === true);
}
