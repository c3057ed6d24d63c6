// Where the marks of an axis of time stand, and what they are called in the reader's language.
import dayjs from "dayjs";
import type { Span } from "./lanes";

type Unit = "minute" | "hour" | "day" | "month" | "year";
type Step = { unit: Unit; by: number; length: number };

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;
const STEPS: Step[] = [
  { unit: "minute", by: 5, length: 5 * MINUTE },
  { unit: "minute", by: 30, length: 30 * MINUTE },
  { unit: "hour", by: 3, length: 3 * HOUR },
  { unit: "hour", by: 12, length: 12 * HOUR },
  { unit: "day", by: 1, length: DAY },
  { unit: "day", by: 7, length: 7 * DAY },
  { unit: "month", by: 1, length: 30 * DAY },
  { unit: "month", by: 3, length: 91 * DAY },
  { unit: "year", by: 1, length: 365 * DAY },
  { unit: "year", by: 5, length: 5 * 365 * DAY },
  { unit: "year", by: 25, length: 25 * 365 * DAY },
];

const FORMS: Record<"zh" | "en", Record<Unit, string>> = {
  zh: { minute: "HH:mm", hour: "M月D日 HH时", day: "M月D日", month: "YYYY年M月", year: "YYYY年" },
  en: { minute: "HH:mm", hour: "D MMM HH:mm", day: "D MMM", month: "MMM YYYY", year: "YYYY" },
};

export type Tick = { at: number; text: string };

/** Not closer to each other than `room`, in pixels. */
export function ticksOf(span: Span, width: number, zh: boolean, room = 96): Tick[] {
  const each = ((span.to - span.from) / Math.max(width, 1)) * room;
  const step = STEPS.find((one) => one.length >= each) ?? STEPS.at(-1);
  if (!step) {
    return [];
  }
  const form = FORMS[zh ? "zh" : "en"][step.unit];
  const first = dayjs(span.from).startOf(step.unit === "minute" || step.unit === "hour" ? "day" : "year");
  const skipped = Math.floor((span.from - first.valueOf()) / step.length) - 1;
  let one = first.add(Math.max(0, skipped) * step.by, step.unit);
  const ticks: Tick[] = [];
  while (one.valueOf() <= span.to && ticks.length < 200) {
    if (one.valueOf() >= span.from) {
      ticks.push({ at: one.valueOf(), text: one.format(form) });
    }
    one = one.add(step.by, step.unit);
  }
  return ticks;
}
