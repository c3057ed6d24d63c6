// What is written into a form is kept while one writes, and offered when the form is opened again.
import { useQueryClient } from "@tanstack/react-query";
import type { FormInstance } from "antd";
import { useCallback, useEffect, useRef, useState } from "react";
import { useLocation } from "react-router";
import type { Asked, Values } from "./ActParts";
import { writtenOf } from "./ActParts";
import { type Draft, draftOf, dropKept, type Kept, putKept, useKept } from "./kept";

/** So long after the last key it is kept, in milliseconds. */
const AFTER = 2_000;

/** The key of a form's draft: the register, the act, and what it is done to. */
function keyOf(asked: Asked): string | undefined {
  if (asked.register === undefined) {
    return undefined;
  }
  const about = "id" in asked.on ? asked.on.id : "of" in asked.on ? asked.on.of : undefined;
  return [asked.register, asked.action.key, about].filter((part) => part !== undefined).join(":");
}

function withoutFiles(asked: Asked, input: Record<string, unknown>): Record<string, unknown> {
  const files = asked.fields.filter((field) => ["file", "files", "signature"].includes(field.type));
  const keys = new Set(files.map((field) => field.key));
  return Object.fromEntries(Object.entries(input).filter(([key]) => !keys.has(key)));
}

function bodyOf(asked: Asked, values: Values, present: Record<string, unknown>): Draft {
  const record = asked.of ?? ("id" in asked.on ? asked.on.id : "of" in asked.on ? asked.on.of : undefined);
  return {
    register: asked.register ?? "",
    action: asked.action.key,
    input: withoutFiles(asked, writtenOf(values.input ?? {}, present)),
    ...(record ? { record } : {}),
    ...(values.comment ? { comment: values.comment } : {}),
  };
}

export type DraftState = {
  /** A draft that waits for a word whether to go on with it. */
  offered: Kept | undefined;
  /** When what stands there was kept. */
  savedAt: string | undefined;
  failed: boolean;
  touched: () => void;
  resume: () => void;
  anew: () => void;
  done: () => void;
};

export function useDraft(
  asked: Asked,
  form: FormInstance<Values>,
  present: Record<string, unknown>,
  /** Told when other things stand in the form than somebody wrote. */
  changed: () => void,
): DraftState {
  const key = keyOf(asked);
  const queries = useQueryClient();
  const drafts = useKept("draft", true);
  const place = useLocation();
  const [offered, offer] = useState<Kept>();
  const [savedAt, setSavedAt] = useState<string>();
  const [failed, setFailed] = useState(false);
  const looked = useRef(false);
  const over = useRef(false);
  const closed = useRef(false);
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined);
  const written = useRef(false);
  const putting = useRef<Promise<void>>(Promise.resolve());
  const known = () => queries.invalidateQueries({ queryKey: ["kept", "draft"] });

  const fill = useCallback(
    (kept: Kept) => {
      const draft = draftOf(kept);
      const input = { ...form.getFieldValue("input"), ...draft.input };
      form.setFieldsValue({ input, ...(draft.comment ? { comment: draft.comment } : {}) } as never);
      setSavedAt(kept.at);
      offer(undefined);
      changed();
    },
    [form, changed],
  );

  // what was there when the form was opened is offered once; what is kept from then on is this form's own
  useEffect(() => {
    if (!drafts.isFetchedAfterMount || looked.current) {
      return;
    }
    looked.current = true;
    const kept = drafts.data?.find((one) => one.key === key);
    if (kept && (place.state as { resume?: string } | null)?.resume === key) {
      fill(kept);
    } else if (kept) {
      offer(kept);
    }
  }, [drafts.isFetchedAfterMount, drafts.data, key, place.state, fill]);

  const save = useCallback(() => {
    clearTimeout(timer.current);
    if (timer.current === undefined || key === undefined || over.current) {
      return;
    }
    timer.current = undefined;
    const body = bodyOf(asked, form.getFieldsValue(true), present);
    putting.current = putKept("draft", key, body).then(
      (kept) => {
        setSavedAt(kept.at);
        setFailed(false);
        if (closed.current) {
          void queries.invalidateQueries({ queryKey: ["kept", "draft"] });
        }
      },
      () => setFailed(true),
    );
  }, [asked, form, present, key, queries]);
  const latest = useRef(save);
  latest.current = save;

  useEffect(() => {
    const leave = () => document.visibilityState === "hidden" && latest.current();
    closed.current = false;
    document.addEventListener("visibilitychange", leave);
    return () => {
      closed.current = true;
      document.removeEventListener("visibilitychange", leave);
      latest.current();
      void queries.invalidateQueries({ queryKey: ["kept", "draft"] });
    };
  }, [queries]);

  const forget = () => {
    clearTimeout(timer.current);
    timer.current = undefined;
    setSavedAt(undefined);
    if (key !== undefined) {
      // what is on its way would be there again
      void putting.current.then(() => dropKept("draft", key)).then(known, known);
    }
  };
  return {
    offered,
    savedAt,
    failed,
    touched: () => {
      if (offered === undefined && !over.current) {
        written.current = true;
        clearTimeout(timer.current);
        timer.current = setTimeout(() => latest.current(), AFTER);
      }
    },
    resume: () => offered && fill(offered),
    anew: () => {
      offer(undefined);
      form.resetFields();
      forget();
      changed();
    },
    done: () => {
      over.current = true;
      const kept = savedAt !== undefined || offered !== undefined || written.current;
      if (kept) {
        forget();
      }
    },
  };
}
