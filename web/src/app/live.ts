// News from the server while somebody looks at the page: that something has changed, never what. The page then asks anew
// in the ordinary way. WHY only while it is looked at: a browser opens few connections to one server, and what a page asks
// by itself must not keep the session of somebody who has left alive.
import { useQueryClient } from "@tanstack/react-query";
import { useEffect } from "react";
import { api } from "../api/client";
import { onSign, whileThere } from "./idle";

/** What is asked anew when one of these comes. */
const ABOUT: Record<string, string[]> = {
  inbox: ["inbox"],
  notices: ["notices"],
  clocks: ["notices", "record"],
};

/** So long until a stream that was refused or broke off is tried again, in milliseconds. */
const AGAIN = 30_000;

export function useLive() {
  const queries = useQueryClient();
  useEffect(() => {
    let source: EventSource | undefined;
    let again: ReturnType<typeof setTimeout> | undefined;
    const waiting = new Set<string>();
    const ask = () => {
      for (const key of waiting) {
        void queries.invalidateQueries({ queryKey: [key] });
      }
      waiting.clear();
    };
    const hear = (kind: string) => {
      for (const key of ABOUT[kind] ?? []) {
        waiting.add(key);
      }
      // nobody there: it is asked for as soon as somebody is
      if (whileThere(1) !== false) {
        ask();
      }
    };
    const close = () => {
      clearTimeout(again);
      source?.close();
      source = undefined;
    };
    const open = () => {
      close();
      if (document.visibilityState !== "visible") {
        return;
      }
      source = new EventSource("/api/v1/events");
      for (const kind of Object.keys(ABOUT)) {
        source.addEventListener(kind, () => hear(kind));
      }
      source.addEventListener("ended", () => {
        close();
        // whoever hears that the session is over shows it
        void api.GET("/api/v1/me");
      });
      source.addEventListener("error", () => {
        // a browser tries again by itself, unless it was told off
        if (source?.readyState === EventSource.CLOSED) {
          close();
          again = setTimeout(open, AGAIN);
        }
      });
    };
    const look = () => {
      if (document.visibilityState === "visible") {
        if (source === undefined) {
          open();
        }
      } else {
        close();
      }
    };
    open();
    document.addEventListener("visibilitychange", look);
    const deaf = onSign(ask);
    return () => {
      document.removeEventListener("visibilitychange", look);
      deaf();
      close();
    };
  }, [queries]);
}
