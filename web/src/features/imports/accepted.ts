// Warnings that are passed for all rows of a file, as somebody writes them into one line.
import type { Shapes } from "../../api/client";

type Accepted = { taken: Shapes["AcceptedWarning"][]; unread: string[] };

/** `R-135 a reason; R-140 another`; and what cannot be read like that, for it would be left out. */
export function acceptedOf(text: string): Accepted {
  const accepted: Accepted = { taken: [], unread: [] };
  for (const one of text.split(/[;；]/).map((part) => part.trim())) {
    const found = /^([A-Za-z]+-[\w-]+)[\s:：=，,]+(.+)$/.exec(one);
    if (found?.[1] && found[2]) {
      accepted.taken.push({ rule: found[1], reason: found[2].trim() });
    } else if (one !== "") {
      accepted.unread.push(one);
    }
  }
  return accepted;
}
