// Who is logged in, as every page asks it.
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { createContext, type ReactNode, useContext, useEffect, useState } from "react";
import { api, carry, got, onSignedOut, Refused, type Shapes } from "../api/client";
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

async function readMe(): Promise<Me | null> {
  try {
    const me = await got(api.GET("/api/v1/me"));
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
  return useQuery({ queryKey: ["me"], queryFn: readMe, staleTime: 60_000, retry: false });
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
        void got(api.DELETE("/api/v1/session")).catch(() => undefined);
        setOver(true);
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
    dropPile();
    queries.clear();
    window.location.assign("/");
  };
}
