// What a record is called where it is named: its number and its title.
import type { RecordView } from "./queries";

export function titleOf(record: RecordView, title: string | null | undefined): string {
  const named = title ? record.fields[title] : undefined;
  const words = typeof named === "string" ? named : "";
  return [record.number, words].filter(Boolean).join(" ");
}
