// What a form is about, as it stood when it was opened. WHY not as it stands now: what somebody left alone would be
// compared with what a colleague has written meanwhile, would be sent as a change, and would undo theirs.
import type { FormInstance } from "antd";
import { useState } from "react";
import { type Asked, presentOf, type Values } from "./ActParts";

type Fields = Record<string, unknown>;

function same(one: unknown, other: unknown): boolean {
  return JSON.stringify(one ?? null) === JSON.stringify(other ?? null);
}

/** Whether the record has been changed since. */
export function isBehind(seen: Asked, now: Asked): boolean {
  return "id" in seen.on && "id" in now.on && seen.on.version !== now.on.version;
}

/** What was written stays; what was left alone is as it stands now. */
export function caughtUp(input: Fields, seen: Fields, now: Fields): { input: Fields; clashes: string[] } {
  const left = Object.keys(now).filter((key) => same(input[key], seen[key]));
  const fresh = Object.fromEntries(left.map((key) => [key, now[key]]));
  return { input: { ...input, ...fresh }, clashes: clashesOf(input, seen, now) };
}

/** Fields in which two people have written different things. */
export function clashesOf(input: Fields, seen: Fields, now: Fields): string[] {
  return Object.keys(now).filter(
    (key) => !same(seen[key], now[key]) && !same(input[key], seen[key]) && !same(input[key], now[key]),
  );
}

export type Seen = {
  asked: Asked;
  present: Fields;
  behind: boolean;
  /** Fields that others have changed, and that what stands in the form would change again. */
  clashes: string[];
  met: (clashes: string[]) => void;
  catchUp: () => void;
};

export function useSeen(now: Asked, form: FormInstance<Values>): Seen {
  const [seen, see] = useState(() => ({ asked: now, present: presentOf(now) }));
  const [clashes, met] = useState<string[]>([]);
  return {
    ...seen,
    behind: isBehind(seen.asked, now),
    clashes,
    met,
    catchUp: () => {
      const present = presentOf(now);
      const caught = caughtUp(form.getFieldValue("input") ?? {}, seen.present, present);
      form.setFieldsValue({ input: caught.input });
      met([...new Set([...clashes, ...caught.clashes])]);
      see({ asked: now, present });
    },
  };
}
