// Keys that lead somewhere, heard wherever nobody is typing and nothing lies over the page.
import { useEffect, useRef } from "react";

/** Begins a two-key way: `g d`. */
const LEAD = "g";
const WAITS = 1_200;

function isTyping(event: KeyboardEvent): boolean {
  const at = event.target as HTMLElement;
  return (
    ["INPUT", "TEXTAREA", "SELECT"].includes(at.tagName) ||
    at.isContentEditable ||
    at.getAttribute("role") === "combobox"
  );
}

/** A form, a question or a list lies over the page: keys are for that. */
function isCovered(): boolean {
  return (
    document.querySelector('[role="dialog"][aria-modal="true"], .ant-dropdown:not(.ant-dropdown-hidden)') !==
    null
  );
}

/** Each key (or `g d` for one after the other) and what it does; `false` where that was nothing after all. */
export type Keys = Record<string, () => unknown>;

export function useKeys(keys: Keys) {
  const held = useRef(keys);
  held.current = keys;
  useEffect(() => {
    let lead = 0;
    const hear = (event: KeyboardEvent) => {
      if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey) {
        return;
      }
      if (isTyping(event) || isCovered()) {
        return;
      }
      const led = event.timeStamp - lead < WAITS && lead > 0;
      const does = held.current[led ? `${LEAD} ${event.key}` : event.key];
      lead = !led && event.key === LEAD ? event.timeStamp : 0;
      if (does && does() !== false) {
        event.preventDefault();
      }
    };
    window.addEventListener("keydown", hear);
    return () => window.removeEventListener("keydown", hear);
  }, []);
}
