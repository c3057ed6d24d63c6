// What was scanned one after another, to be acted on together: ids only, for this tab, this session and this account.
import { useSyncExternalStore } from "react";
import { useMe } from "../app/session";
import { dropPile, KEPT } from "./kept";

/** As many as can be signed for in one go. */
export const MOST = 500;

const ID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;
const listeners = new Set<() => void>();
const NONE: string[] = [];
let known: { text: string | null; account: string; ids: string[] } | undefined;

/** WHY the whole text is compared: what is kept has to be the same list as long as it says the same. */
function read(account: string): string[] {
  const text = sessionStorage.getItem(KEPT);
  if (known?.text !== text || known.account !== account) {
    known = { text, account, ids: parse(text, account) };
  }
  return known.ids;
}

function parse(text: string | null, account: string): string[] {
  try {
    const kept: unknown = JSON.parse(text ?? "null");
    const { of, ids } = (kept ?? {}) as { of?: unknown; ids?: unknown };
    if (of !== account || !Array.isArray(ids)) {
      return NONE;
    }
    return ids.filter((id): id is string => typeof id === "string" && ID.test(id)).slice(0, MOST);
  } catch {
    return NONE;
  }
}

function write(account: string, ids: string[]) {
  if (ids.length === 0) {
    dropPile();
  } else {
    sessionStorage.setItem(KEPT, JSON.stringify({ of: account, ids }));
  }
  for (const tell of listeners) {
    tell();
  }
}

export type Pile = {
  ids: string[];
  /** Whether it is in the pile as it is now; scans come quicker than pages are drawn. */
  has: (id: string) => boolean;
  /** How many there are now. */
  size: () => number;
  /** The newest stands first; what is there already stays where it is. */
  add: (ids: string[]) => void;
  remove: (id: string) => void;
  empty: () => void;
};

export function usePile(): Pile {
  const { account } = useMe();
  const ids = useSyncExternalStore(
    (tell) => {
      listeners.add(tell);
      return () => listeners.delete(tell);
    },
    () => read(account),
  );
  return {
    ids,
    has: (id) => read(account).includes(id),
    size: () => read(account).length,
    add: (more) => {
      const present = read(account);
      const fresh = [...new Set(more)].filter((id) => !present.includes(id));
      write(account, [...fresh.reverse(), ...present].slice(0, MOST));
    },
    remove: (id) =>
      write(
        account,
        read(account).filter((one) => one !== id),
      ),
    empty: () => write(account, []),
  };
}
