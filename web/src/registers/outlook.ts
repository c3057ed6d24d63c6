// What a form comes to while it is written: asked of the server a moment after one stops typing. Only the answer to the
// newest question counts.
import { useCallback, useEffect, useRef, useState } from "react";
import { type On, type Outlook, outlookOn } from "./acts";
import type { Action } from "./definition";

const PAUSE = 400;

export function useOutlook(on: On, action: string, input: () => Record<string, unknown>) {
  const [outlook, put] = useState<Outlook>();
  const asked = useRef(0);
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined);
  const latest = useRef({ on, action, input });
  latest.current = { on, action, input };
  const ask = useCallback(async () => {
    asked.current += 1;
    const mine = asked.current;
    const { on, action, input } = latest.current;
    // what cannot be told now is told when it is sent
    const told = await outlookOn(on, action, input()).catch(() => undefined);
    if (mine === asked.current) {
      put(told);
    }
  }, []);
  const soon = useCallback(() => {
    clearTimeout(timer.current);
    timer.current = setTimeout(ask, PAUSE);
  }, [ask]);
  useEffect(() => {
    ask();
    return () => {
      asked.current += 1;
      clearTimeout(timer.current);
    };
  }, [ask]);
  return { outlook, soon };
}

export type Standing = { shown: boolean; required: boolean };

/** How the fields stand that depend on others, by their place. */
export function standingsOf(outlook: Outlook | undefined): Map<string, Standing> {
  return new Map(outlook?.fields?.map(({ field, shown, required }) => [field, { shown, required }]));
}

/** Whether a problem is only that something is not written yet. */
export function isMissing(problem: { code: string }): boolean {
  return problem.code.endsWith(".field_required");
}

/** Why it cannot be done. Where a field that is not written yet names who may, nobody is told that it is not theirs. */
export function refusedOf(
  outlook: Outlook | undefined,
  action: Pick<Action, "who" | "input">,
  written: Record<string, unknown>,
): NonNullable<Outlook["refused"]> {
  const open = [action.who].flat().some((who) => {
    const key = /^(?:field:|head_of\()([a-z_0-9]+)/.exec(who)?.[1] ?? "";
    return action.input.includes(key) && (written[key] ?? null) === null;
  });
  return (outlook?.refused ?? []).filter((one) => !(open && one.code === "access.who"));
}
