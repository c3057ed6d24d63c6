// What a label says: `RP:` and the id of its record, as a scanner types it, through whatever stands between the scanner
// and the page.

/** Typed along by input methods and by printers of bad habits: spaces, hyphens, the marks between syllables. */
const BETWEEN = /[\s\u00ad\u200b-\u200f\u2060\ufeff'’‘`´·\-‐‑‒–—−_]/gu;
/** The colon, and what a keyboard of another layout or an input method makes of it. What stood in the field before the
 * scanner typed stands ahead. */
const LABEL = /RP[:;∶︓]([0-9A-F]{32})$/;
const BEGUN = /^RP[:;∶︓]|RP[:;∶︓][0-9A-F]{4}/;

/** The id of the record that a label names, in the form the server knows; nothing where it is no label. */
export function labelled(typed: string): string | undefined {
  const plain = typed.normalize("NFKC").toUpperCase().replace(BETWEEN, "");
  const digits = LABEL.exec(plain)?.[1]?.toLowerCase();
  if (digits === undefined) {
    return undefined;
  }
  return digits.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, "$1-$2-$3-$4-$5");
}

/** Whether it begins as a label does and is none: it was read badly, or belongs to something else. */
export function isBroken(typed: string): boolean {
  const plain = typed.normalize("NFKC").toUpperCase().replace(BETWEEN, "");
  return BEGUN.test(plain) && labelled(typed) === undefined;
}

/** What the label of this record says. */
export function labelOf(id: string): string {
  return `RP:${id.replaceAll("-", "").toUpperCase()}`;
}

/** Numbers are the same in any width and case, and however they are spaced. */
export function sameNumber(one: string, other: string): boolean {
  return plainNumber(one) === plainNumber(other);
}

function plainNumber(text: string): string {
  return text.normalize("NFKC").toUpperCase().replace(BETWEEN, "");
}
