// Which levels stand on the page just now. Every mark that is drawn says so itself, so that no page can forget to.
import { useEffect, useSyncExternalStore } from "react";

const held = new Map<string, number>();
const listeners = new Set<() => void>();
let told = "";

function change(levels: string[], by: number) {
  for (const level of levels) {
    const count = (held.get(level) ?? 0) + by;
    if (count > 0) {
      held.set(level, count);
    } else {
      held.delete(level);
    }
  }
  told = [...held.keys()].sort().join(" ");
  for (const listener of listeners) {
    listener();
  }
}

/** Something of these levels is on the page as long as who calls this is. */
export function useShows(levels: string[]) {
  const key = levels.join(" ");
  useEffect(() => {
    const own = key === "" ? [] : key.split(" ");
    change(own, 1);
    return () => change(own, -1);
  }, [key]);
}

/** Every level that is on the page. */
export function useShown(): string[] {
  const now = useSyncExternalStore(
    (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    () => told,
  );
  return now === "" ? [] : now.split(" ");
}
