// The key that makes a request that is sent again the same one, so that an answer that got lost is not an act done twice.
import { useRef } from "react";
import { Refused } from "./client";

export function useOnce() {
  const key = useRef(crypto.randomUUID() as string);
  return {
    key: () => key.current,
    /** It was answered: what is sent next is another request. Where no answer came it is the same one. */
    answered: (error?: unknown) => {
      const lost =
        error !== undefined &&
        !(error instanceof Refused && error.problem.status >= 400 && error.problem.status < 500);
      if (!lost) {
        key.current = crypto.randomUUID();
      }
    },
  };
}
