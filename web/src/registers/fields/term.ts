// 保密期限: for how long something is secret, as it is kept and as it is told.
import { useSpeech } from "../../app/speech";
import { useDates } from "../../ui/When";

export type TermKind = "years" | "months" | "days" | "until" | "condition" | "long_term";

export const TERM_KINDS: TermKind[] = ["years", "months", "days", "until", "condition", "long_term"];

export function termKind(value: unknown): TermKind | undefined {
  if (value === "long_term") {
    return "long_term";
  }
  if (value !== null && typeof value === "object") {
    return TERM_KINDS.find((kind) => kind in value);
  }
  return undefined;
}

export function useTermText() {
  const { t } = useSpeech();
  const dates = useDates();
  return (value: unknown): string => {
    if (value === "unmarked") {
      return t("term.unmarked");
    }
    const kind = termKind(value);
    if (kind === undefined) {
      return String(value);
    }
    const holds = (value as Record<string, unknown>)[kind];
    switch (kind) {
      case "until":
        return t("term.untilDay", { day: dates.day(String(holds)) });
      case "condition":
        return String(holds);
      case "long_term":
        return t("term.long_term");
      default:
        return t(`term.of_${kind}`, { count: Number(holds) });
    }
  };
}
