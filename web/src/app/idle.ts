// Whether somebody sits there. WHY pages have to know: what a page asks by itself would keep the session of somebody
// who has left alive for ever, and what it shows stays readable for whoever comes by.
const SIGNS = ["pointerdown", "keydown", "wheel", "touchstart"];

/** As long as the server waits for a sign of life. */
const LEFT = 30 * 60_000;
/** A page asks by itself for so long after the last sign, and no longer. */
const ASKS = 5 * 60_000;

/** When the last sign came on any page of this browser, which has one session: only a time is kept there. */
const SHARED = "ruping.alive";
const WRITES = 5_000;

let last = Date.now();
let written = 0;
const hearing = new Set<() => void>();

function noted() {
  last = Date.now();
  if (last - written >= WRITES) {
    written = last;
    localStorage.setItem(SHARED, String(last));
  }
}

// whoever opens a page is there
noted();

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
      noted();
      for (const hear of hearing) {
        hear();
      }
    },
    { passive: true, capture: true },
  );
}

/** A sign that no key gives: a label held before the camera. */
export function isThere() {
  noted();
}

/** Nobody is at this page, nor at another one of the same session. */
export function hasLeft(): boolean {
  const now = Date.now();
  const elsewhere = Number(localStorage.getItem(SHARED));
  // a clock that was put back must not keep a page open
  const newest = elsewhere > last && elsewhere <= now ? elsewhere : last;
  return now - newest >= LEFT;
}

/** How often a page asks anew by itself, in milliseconds; not at all once nobody seems to be there. */
export function whileThere(often: number): number | false {
  return Date.now() - last < ASKS ? often : false;
}
