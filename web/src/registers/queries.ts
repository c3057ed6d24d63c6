// What pages ask the server about registers and their records, each asked in one place.
import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { api, got, type Shapes } from "../api/client";
import { whileThere } from "../app/idle";
import type { Definition } from "./definition";

export type RecordView = Omit<Shapes["Record"], "fields" | "lines"> & {
  fields: Record<string, unknown>;
  lines?: LineView[];
};
export type LineView = Omit<Shapes["Line"], "fields"> & { fields: Record<string, unknown> };
export type Approval = Omit<Shapes["Approval"], "record" | "frozen"> & {
  record: RecordView;
  frozen: Record<string, unknown>;
};
export type Version = Omit<Shapes["Version"], "fields"> & { fields?: Record<string, unknown> | null };

/** Every register the account may see. */
export function useDefinitions() {
  return useQuery({
    queryKey: ["registers"],
    staleTime: 10 * 60_000,
    queryFn: async () => {
      const page = await got(api.GET("/api/v1/registers"));
      return page.items as unknown as Definition[];
    },
  });
}

export function useDefinition(key: string | undefined): Definition | undefined {
  return useDefinitions().data?.find((one) => one.key === key);
}

export function useRecord(id: string) {
  return useQuery({
    queryKey: ["record", id],
    queryFn: async () =>
      (await got(api.GET("/api/v1/records/{id}", { params: { path: { id } } }))) as unknown as RecordView,
  });
}

/** What a list is asked for; it stands in the page's address. A page is what comes `after` another, and its number. */
export type Asked = { q?: string; filter?: string; sort?: string; after?: string; page?: string };

export const PAGE = 50;

/** Another question begins with its first page. */
export function anew({ after: _, page: __, ...rest }: Asked): Asked {
  return rest;
}

export function useRecords(register: string, asked: Asked) {
  const { page: _, ...wanted } = asked;
  return useQuery({
    queryKey: ["records", register, wanted],
    placeholderData: keepPreviousData,
    queryFn: async () => {
      const query = { ...wanted, limit: PAGE, count: "none" };
      const page = await got(
        api.GET("/api/v1/registers/{key}/records", { params: { path: { key: register }, query } }),
      );
      return { ...page, items: page.items as unknown as RecordView[] };
    },
  });
}

/**
 * How many records there are, asked apart from them: rows are there long before they are counted, and are counted once for all
 * pages and orders. WHY not where words are looked for: to count what is rare takes the server seconds.
 */
export function useTotal(register: string, { q, filter }: Asked) {
  return useQuery({
    queryKey: ["records", register, "total", filter ?? ""],
    enabled: q === undefined,
    queryFn: async () => {
      const query = { ...(filter === undefined ? {} : { filter }), limit: 1, count: "capped" };
      const page = await got(
        api.GET("/api/v1/registers/{key}/records", { params: { path: { key: register }, query } }),
      );
      return page.total ?? null;
    },
  });
}

/** A few records by words, for a box in which one is chosen. */
export async function find(register: string, q: string, limit = 20): Promise<RecordView[]> {
  const query = { limit, count: "none", ...(q === "" ? {} : { q }) };
  const page = await got(
    api.GET("/api/v1/registers/{key}/records", { params: { path: { key: register }, query } }),
  );
  return page.items as unknown as RecordView[];
}

/** A few records that meet a condition. */
export async function filtered(register: string, filter: string, limit: number): Promise<RecordView[]> {
  const query = { filter, limit, count: "none" };
  const page = await got(
    api.GET("/api/v1/registers/{key}/records", { params: { path: { key: register }, query } }),
  );
  return page.items as unknown as RecordView[];
}

/** Pages that are read of a register that is shown whole. */
const WHOLE_PAGES = 25;

/** Every record that meets a condition, as far as a page can show them; says whether these are all. */
export async function everything(
  register: string,
  filter: string,
): Promise<{ items: RecordView[]; whole: boolean }> {
  const items: RecordView[] = [];
  let after: string | undefined;
  for (let page = 0; page < WHOLE_PAGES; page += 1) {
    const query = { filter, limit: 200, count: "none", ...(after === undefined ? {} : { after }) };
    const came = await got(
      api.GET("/api/v1/registers/{key}/records", { params: { path: { key: register }, query } }),
    );
    items.push(...(came.items as unknown as RecordView[]));
    after = came.next ?? undefined;
    if (after === undefined) {
      return { items, whole: true };
    }
  }
  return { items, whole: false };
}

export function useInbox() {
  return useQuery({
    queryKey: ["inbox"],
    refetchInterval: () => whileThere(60_000),
    queryFn: async () => {
      const page = await got(api.GET("/api/v1/inbox", { params: { query: { limit: 100 } } }));
      return page.items as unknown as Approval[];
    },
  });
}

/** How much waits for the account. */
export function useWaiting() {
  const inbox = useInbox();
  return { data: inbox.data?.length };
}

export function useNotices() {
  return useQuery({
    queryKey: ["notices"],
    refetchInterval: () => whileThere(60_000),
    queryFn: async () =>
      (await got(api.GET("/api/v1/me/notices", { params: { query: { limit: 50 } } }))).items,
  });
}

/** What is counted for those who lead; now, so that it is never older than the page. */
export function useBoard() {
  return useQuery({
    queryKey: ["board"],
    queryFn: async () => (await got(api.GET("/api/v1/board"))).items,
  });
}

export function useHistory(id: string, wanted: boolean) {
  return useQuery({
    queryKey: ["record", id, "history"],
    enabled: wanted,
    queryFn: async () => {
      const page = await got(api.GET("/api/v1/records/{id}/history", { params: { path: { id } } }));
      return (Array.isArray(page) ? page : page.items) as unknown as Version[];
    },
  });
}

export function useFiles(id: string, wanted: boolean) {
  return useQuery({
    queryKey: ["record", id, "files"],
    enabled: wanted,
    queryFn: async () => {
      const page = await got(api.GET("/api/v1/records/{id}/files", { params: { path: { id } } }));
      return (Array.isArray(page) ? page : page.items) as Shapes["File"][];
    },
  });
}

export function useCustody(id: string, wanted: boolean) {
  return useQuery({
    queryKey: ["record", id, "custody"],
    enabled: wanted,
    queryFn: () => got(api.GET("/api/v1/records/{id}/custody", { params: { path: { id } } })),
  });
}
