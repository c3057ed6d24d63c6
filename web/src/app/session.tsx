// Who is logged in, as every page asks it.
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { createContext, type ReactNode, useContext, useEffect, useState } from "react";
import { api, carry, got, onDoubt, onSignedOut, Refused, type Shapes } from "../api/client";
import { dropPile } from "../scan/kept";
import { hasLeft } from "./idle";

export type Me = Shapes["Me"];

const Who = createContext<Me | undefined>(undefined);

export function useMe(): Me {
  const me = useContext(Who);
  if (!me) {
    throw new Error("only inside of a session");
  }
  return me;
}

export function has(me: Me, ...roles: string[]): boolean {
  return roles.some((role) => me.roles.includes(role));
}

/** Whose office it is to read the rules of the house; the server decides. */
export function readsRules(me: Me): boolean {
  return has(me, "system_admin", "security_admin", "audit_admin", "office_head");
}

/** One of the three administrators: theirs is the system, not the business that is done with it. */
export function administers(me: Me): boolean {
  return has(me, "system_admin", "security_admin", "audit_admin");
}

/** Whose pages are in this tab. */
let whose: string | undefined;

/** Somebody else is there: nothing of what the former had loaded or typed is left, and nothing of it goes out in the name of
 * who is there now, whose token this tab has never had. */
function dropAll(): Promise<never> {
  carry("");
  dropPile();
  window.location.replace("/");
  return new Promise(() => undefined);
}

async function readMe(): Promise<Me | null> {
  try {
    const me = await got(api.GET("/api/v1/me"));
    if (whose !== undefined && whose !== me.account) {
      return await dropAll();
    }
    whose = me.account;
    carry(me.csrf ?? "");
    return me;
  } catch (error) {
    if (error instanceof Refused && error.problem.status === 401) {
      return null;
    }
    throw error;
  }
}

export function useSession() {
  return useQuery({
    queryKey: ["me"],
    queryFn: readMe,
    staleTime: 60_000,
    retry: false,
    // whoever comes back to a tab may be somebody else
    refetchOnWindowFocus: "always",
  });
}

const TABS = "ruping.session";

/** The other tabs of this browser have the same session. */
export function tellTabs() {
  const channel = new BroadcastChannel(TABS);
  channel.postMessage(null);
  channel.close();
}

/** Asks anew who is there when another tab, or an answer, gives reason to. */
export function useDoubt() {
  const queries = useQueryClient();
  useEffect(() => {
    const ask = () => void queries.invalidateQueries({ queryKey: ["me"] });
    const channel = new BroadcastChannel(TABS);
    channel.addEventListener("message", ask);
    const deaf = onDoubt(ask);
    return () => {
      deaf();
      channel.close();
    };
  }, [queries]);
}

/** Whose pages stand. They stay when their session is over, or cannot be asked for: what was typed is in them. */
export function useStanding(told: Me | null | undefined): Me | undefined {
  const [standing, stand] = useState<Me>();
  if (told && !told.must_change && told !== standing) {
    stand(told);
    return told;
  }
  return standing;
}

/** How often a page looks whether somebody is still there, in milliseconds. */
const LOOKS = 15_000;

/** Told from a request that came too late, or because nobody has been there for long: the page stays as it is, covered, and
 * asks who is there. */
export function useExpiry(): [boolean, () => void] {
  const [over, setOver] = useState(false);
  useEffect(() => onSignedOut(() => setOver(true)), []);
  useEffect(() => {
    if (over) {
      return undefined;
    }
    const timer = setInterval(() => {
      if (hasLeft()) {
        setOver(true);
        void got(api.DELETE("/api/v1/session")).then(tellTabs, () => undefined);
      }
    }, LOOKS);
    return () => clearInterval(timer);
  }, [over]);
  return [over, () => setOver(false)];
}

export function SessionOf({ me, children }: { me: Me; children: ReactNode }) {
  return <Who.Provider value={me}>{children}</Who.Provider>;
}

export function useLeave() {
  const queries = useQueryClient();
  return async () => {
    await got(api.DELETE("/api/v1/session")).catch(() => undefined);
    tellTabs();
    dropPile();
    queries.clear();
    window.location.assign("/");
  };
}
