// Doing something with a record: the request, a fresh proof where one is asked for, and what pages have to ask anew.
import { useQueryClient } from "@tanstack/react-query";
import { api, got, type Shapes } from "../api/client";
import type { RecordView } from "./queries";

export type Given = {
  input: Record<string, unknown>;
  comment?: string;
  occurred_at?: string;
  accept_warnings?: Shapes["AcceptedWarning"][];
  signatures?: Shapes["Signature"][];
};

/** What is acted on: a register, where something new comes to be, or a record at the version that was seen. */
export type On = { register: string } | { id: string; version: number } | { of: string; line: string };

export type Came = Shapes["Performed"];

export type Outlook = Shapes["Unfinished"];

/** What an act would come to whose form is being written; nothing is changed. */
export async function outlookOn(on: On, action: string, input: Given["input"]): Promise<Outlook> {
  return (await send(on, action, { input }, { unfinished: true })) as unknown as Outlook;
}

/** What would come of it, of a form that is whole; nothing is changed. */
export function tried(on: On, action: string, given: Given): Promise<Came> {
  return send(on, action, given, { dry_run: true });
}

export function perform(on: On, action: string, given: Given, key: string): Promise<Came> {
  return send(on, action, given, {}, key);
}

function send(
  on: On,
  action: string,
  given: Given,
  query: { dry_run?: boolean; unfinished?: boolean },
  key?: string,
): Promise<Came> {
  const { input, ...rest } = given;
  const once = key === undefined ? {} : { "Idempotency-Key": key };
  const fields = input as Record<string, never>;
  if ("register" in on) {
    const params = { path: { key: on.register }, query, header: once };
    return got(api.POST("/api/v1/registers/{key}/records", { params, body: { ...rest, action, fields } }));
  }
  if ("line" in on) {
    const params = { path: { id: on.of, line: on.line }, query, header: once };
    return got(api.POST("/api/v1/records/{id}/lines/{line}", { params, body: { ...rest, action, fields } }));
  }
  const header = { "If-Match": `"${on.version}"`, ...once };
  const params = { path: { id: on.id, action }, query, header };
  return got(api.POST("/api/v1/records/{id}/actions/{action}", { params, body: { ...rest, input: fields } }));
}

/** Acts on the line of a record that is meant by what was scanned. */
export function scan(of: string, given: Given & { code: string; line: string }, key: string): Promise<Came> {
  const { input, ...rest } = given;
  const params = { path: { id: of }, header: { "Idempotency-Key": key } };
  const body = { ...rest, input: input as Record<string, never> };
  return got(api.POST("/api/v1/records/{id}/scan", { params, body }));
}

export function recordOf(came: Came): RecordView | undefined {
  switch (came.outcome) {
    case "done":
      return came as unknown as RecordView;
    case "waiting":
      return came.record as unknown as RecordView;
    default:
      return undefined;
  }
}

/** What has changed is asked for anew, wherever it stands. */
export function useRefresh() {
  const queries = useQueryClient();
  return () =>
    Promise.all(
      ["record", "records", "inbox", "notices", "find"].map((key) =>
        queries.invalidateQueries({ queryKey: [key] }),
      ),
    );
}
