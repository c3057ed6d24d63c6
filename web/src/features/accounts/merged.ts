// What somebody changes of an account, upon what a colleague has made of it meanwhile.
import type { Shapes } from "../../api/client";

export type Change = Shapes["AccountChange"];

export function isSame(one: Change, other: Change): boolean {
  const sorted = ({ roles, disabled }: Change) => JSON.stringify([[...roles].sort(), disabled]);
  return sorted(one) === sorted(other);
}

/** What was given or taken away since `seen` is given or taken away of what there is now. */
export function mergedOf(mine: Change, seen: Change, now: Change): Change {
  const given = mine.roles.filter((role) => !seen.roles.includes(role) && !now.roles.includes(role));
  const left = now.roles.filter((role) => mine.roles.includes(role) || !seen.roles.includes(role));
  return {
    roles: [...left, ...given],
    disabled: mine.disabled === seen.disabled ? now.disabled : mine.disabled,
  };
}
