// What pages ask the server about files that are taken in, and a file on its way.
import { useQuery } from "@tanstack/react-query";
import { api, got, type Shapes } from "../../api/client";
import { sending } from "../../api/sending";
import type { Action, Definition } from "../../registers/definition";
import { initialActions, mayBegin } from "../../registers/definition";

export type Taken = Shapes["Import"];
export type Row = Shapes["ImportRow"];

/** Acts that rows can be taken in by: nobody signs or proves who they are on the way. The server decides. */
export function takenBy(definition: Definition, roles: string[]): Action[] {
  const usable = initialActions(definition).filter((one) => !one.step_up && (one.sign ?? []).length === 0);
  return usable.filter((one) => mayBegin(one, roles));
}

export function isGoing(taken: Taken): boolean {
  return ["running", "reading"].includes(taken.state);
}

const LOOKS = 1_000;

export function useTaken(id: string) {
  return useQuery({
    queryKey: ["imports", id],
    queryFn: () => got(api.GET("/api/v1/imports/{id}", { params: { path: { id } } })),
    refetchInterval: (query) => (query.state.data && isGoing(query.state.data) ? LOOKS : false),
  });
}

export function useAllTaken() {
  return useQuery({
    queryKey: ["imports"],
    queryFn: async () => (await got(api.GET("/api/v1/imports"))).items,
    refetchInterval: (query) => (query.state.data?.some(isGoing) ? 2 * LOOKS : false),
  });
}

export function send(register: string, file: File, tell: (part: number) => void): Promise<Taken> {
  const path = `/api/v1/registers/${register}/imports?name=${encodeURIComponent(file.name)}`;
  return sending(path, { body: file, type: "application/octet-stream" }, tell);
}
