// What a page shows of a question to the server. WHY one place: a question that is asked again and fails must not take away
// what is there already, and what somebody is writing in it.
import type { UseQueryResult } from "@tanstack/react-query";
import type { ReactNode } from "react";
import { Coming } from "./Coming";
import { ProblemNote, problemOf } from "./ProblemNote";

type Asked<T> = Pick<UseQueryResult<T>, "data" | "error"> & { refetch: () => unknown };

/** What was told, with a note when it could not be asked anew; or what stands instead as long as nothing was told. */
export type Answer<T> = { data: T; note: ReactNode } | { data: undefined; instead: ReactNode };

/** The server says that there is no such thing for the reader: then it is not shown any longer either. */
function isGone(error: unknown): boolean {
  const status = problemOf(error)?.status;
  return status === 403 || status === 404;
}

export function answerOf<T>(asked: Asked<T>, waiting: ReactNode = <Coming />): Answer<T> {
  const note = asked.error ? <ProblemNote error={asked.error} retry={() => void asked.refetch()} /> : null;
  if (asked.data !== undefined && !isGone(asked.error)) {
    return { data: asked.data, note };
  }
  return { data: undefined, instead: note ?? waiting };
}
