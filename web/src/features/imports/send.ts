// What pages ask the server about files that are taken in, and a file on its way.
import { useQuery } from "@tanstack/react-query";
import { api, got, heard, notRead, Refused, type Shapes, token } from "../../api/client";
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
  return new Promise((resolve, reject) => {
    const request = new XMLHttpRequest();
    request.open("POST", `/api/v1/registers/${register}/imports?name=${encodeURIComponent(file.name)}`);
    request.setRequestHeader("x-csrf-token", token());
    request.setRequestHeader("content-type", "application/octet-stream");
    request.responseType = "json";
    request.upload.onprogress = (event) => tell(event.total > 0 ? event.loaded / event.total : 0);
    request.onerror = () => reject(new Refused(notRead("web.unreachable")));
    request.onload = () => {
      const told = request.response;
      if (request.status >= 200 && request.status < 300) {
        resolve(told as Taken);
      } else {
        heard(request.status, told?.code);
        reject(new Refused(told?.code ? told : notRead("web.answer", request.status)));
      }
    };
    request.send(file);
  });
}
