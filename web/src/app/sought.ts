// Words that are looked for in every register. WHY not in the address: it stays in the list of pages that a browser shows to
// whoever sits down at it next. Back and forward find the words with the page, for whom they were looked for.
export type Sought = { q: string; of: string };

export function soughtBy(account: string, q: string): Sought {
  return { q, of: account };
}

export function soughtIn(state: unknown, account: string): string {
  const { q, of } = (state ?? {}) as Partial<Sought>;
  return typeof q === "string" && of === account ? q : "";
}
