// The order of columns.

/** The same columns, one of them a place further on or back. */
export function moved(columns: string[], key: string, by: number): string[] {
  const from = columns.indexOf(key);
  const to = from + by;
  if (from < 0 || to < 0 || to >= columns.length) {
    return columns;
  }
  const others = columns.filter((one) => one !== key);
  return [...others.slice(0, to), key, ...others.slice(to)];
}
