// Whether somebody sits there. WHY pages have to know: what a page asks by itself would keep the session of somebody
// who has left alive for ever, and what it shows stays readable for whoever comes by.
const SIGNS = ["pointerdown", "keydown", "wheel", "touchstart"];

/** As long as the server waits for a sign of life. */
const LEFT = 30 * 60_000;
/** A page asks by itself for so long after the last sign, and no longer. */
const ASKS = 5 * 60_000;

let last = Date.now();
const hearing = new Set<() => void>();

/** Told at each sign that somebody sits there. */
export function onSign(hear: () => void) {
  hearing.add(hear);
  return () => {
    hearing.delete(hear);
  };
}

for (const sign of SIGNS) {
  window.addEventListener(
    sign,
    () => {
      last = Date.now();
      for (const hear of hearing) {
        hear();
      }
    },
    { passive: true, capture: true },
  );
}

/** A sign that no key gives: a label held before the camera. */
export function isThere() {
  last = Date.now();
}

export function hasLeft(): boolean {
  return Date.now() - last >= LEFT;
}

/** How often a page asks anew by itself, in milliseconds; not at all once nobody seems to be there. */
export function whileThere(often: number): number | false {
  return Date.now() - last < ASKS ? often : false;
}
