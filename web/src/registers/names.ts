// What the ids in fields are called: asked for together, remembered, and only what the reader may see.
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { api, got } from "../api/client";

export type Name = { id: string; register: string; number?: string | null; title?: string | null };

const MOST = 200;
/** Hears the name; nothing of one that is not for the reader; and undefined where the server did not answer. */
type Hears = (name: Name | null | undefined) => void;

let waiting = new Map<string, Hears[]>();

/** Gathers what is asked for in one moment into one request. */
function ask(id: string): Promise<Name | null> {
  return new Promise((resolve, reject) => {
    const hear: Hears = (name) => (name === undefined ? reject(new Error(id)) : resolve(name));
    if (waiting.size === 0) {
      setTimeout(() => void send(), 0);
    }
    const others = waiting.get(id) ?? [];
    waiting.set(id, [...others, hear]);
  });
}

async function send() {
  const all = [...waiting];
  waiting = new Map();
  for (let at = 0; at < all.length; at += MOST) {
    const some = all.slice(at, at + MOST);
    const names = await read(some.map(([id]) => id)).catch(() => undefined);
    const known = new Map(names?.map((name) => [name.id, name]));
    for (const [id, heard] of some) {
      for (const tell of heard) {
        tell(names && (known.get(id) ?? null));
      }
    }
  }
}

async function read(ids: string[]): Promise<Name[]> {
  const page = await got(api.GET("/api/v1/names", { params: { query: { ids: ids.join(",") } } }));
  return page.items as Name[];
}

export function nameQuery(id: string) {
  return { queryKey: ["name", id], enabled: id !== "", staleTime: 60_000, queryFn: () => ask(id) };
}

export function useName(id: string) {
  return useQuery(nameQuery(id));
}

/** What was found anyway need not be asked for. */
export function useKnowName() {
  const queries = useQueryClient();
  return (name: Name) => queries.setQueryData(["name", name.id], name);
}
