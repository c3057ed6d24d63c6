// What an account keeps on the server for itself: drafts, views, columns, how far notices were seen.
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { api, got, type Shapes } from "../api/client";

export type Kind = "draft" | "view" | "columns" | "seen";
export type Kept = Omit<Shapes["Kept"], "body"> & { body: Record<string, unknown> };

/** What there is of a kind; asked for anew by whoever has to know what is there this moment. */
export function useKept(kind: Kind, now = false) {
  return useQuery({
    queryKey: ["kept", kind],
    refetchOnMount: now ? "always" : true,
    queryFn: async () => {
      const page = await got(api.GET("/api/v1/me/kept/{kind}", { params: { path: { kind } } }));
      return page.items as unknown as Kept[];
    },
  });
}

export async function putKept(kind: Kind, key: string, body: Record<string, unknown>): Promise<Kept> {
  const params = { path: { kind, key } };
  const kept = await got(
    api.PUT("/api/v1/me/kept/{kind}/{key}", { params, body: { body: body as Record<string, never> } }),
  );
  return kept as unknown as Kept;
}

export async function dropKept(kind: Kind, key: string): Promise<void> {
  await got(api.DELETE("/api/v1/me/kept/{kind}/{key}", { params: { path: { kind, key } } }));
}

/** Keeps or forgets something, and asks anew what there is. */
export function useKeeping(kind: Kind) {
  const queries = useQueryClient();
  const onSettled = () => queries.invalidateQueries({ queryKey: ["kept", kind] });
  const put = useMutation({
    mutationFn: ({ key, body }: { key: string; body: Record<string, unknown> }) => putKept(kind, key, body),
    onSettled,
  });
  const drop = useMutation({ mutationFn: (key: string) => dropKept(kind, key), onSettled });
  return { put, drop };
}

/** What a draft says. Neither files nor signatures are in it: files lie on the server, and nobody's password is kept. */
export type Draft = {
  register: string;
  action: string;
  record?: string;
  input: Record<string, unknown>;
  /** What stood in these fields when they were written. */
  before?: Record<string, unknown>;
  comment?: string;
  /** When it happened, where that is not now. */
  occurred?: string;
};

export function draftOf(kept: Kept): Draft {
  return kept.body as unknown as Draft;
}
