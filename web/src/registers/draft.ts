// What is written into a form is kept while one writes, and offered when the form is opened again.
import { useQueryClient } from "@tanstack/react-query";
import type { FormInstance } from "antd";
import dayjs from "dayjs";
import { useCallback, useEffect, useRef, useState } from "react";
import { useLocation } from "react-router";
import type { Asked, Values } from "./ActParts";
import { writtenOf } from "./ActParts";
import { type Draft, draftOf, dropKept, type Kept, putKept, useKept } from "./kept";
import { clashesOf } from "./seen";

/** So long after the last key it is kept, in milliseconds. */
const AFTER = 2_000;

/** How the keys of a form's drafts begin: with the register, the act, and what it is done to. */
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

/** Drafts of this form, the newest first. WHY each form has a key of its own: a form that is open in two tabs, or that is
 * written anew while an older draft waits for a word, must not write over the other. */
export function draftsOf(all: Kept[], key: string | undefined): Kept[] {
  const own = all.filter((one) => key !== undefined && (one.key === key || one.key.startsWith(`${key}.`)));
  return own.sort((one, other) => Date.parse(other.at) - Date.parse(one.at));
}

function bodyOf(asked: Asked, values: Values, present: Record<string, unknown>): Draft {
  const record = asked.of ?? ("id" in asked.on ? asked.on.id : "of" in asked.on ? asked.on.of : undefined);
  const input = withoutFiles(asked, writtenOf(values.input ?? {}, present));
  const before = Object.keys(input).filter((key) => present[key] !== undefined && present[key] !== null);
  return {
    register: asked.register ?? "",
    action: asked.action.key,
    input,
    before: Object.fromEntries(before.map((key) => [key, present[key]])),
    ...(record ? { record } : {}),
    ...(values.comment ? { comment: values.comment } : {}),
    ...(values.occurred ? { occurred: values.occurred.toISOString() } : {}),
  };
}

/** Fields that a draft would change, and that others have changed since it was written. */
function metBy(draft: Draft, present: Record<string, unknown>): string[] {
  const keys = Object.keys(draft.input).filter((key) => key in present);
  const now = Object.fromEntries(keys.map((key) => [key, present[key]]));
  return draft.before === undefined ? [] : clashesOf(draft.input, draft.before, now);
}

export type DraftState = {
  /** A draft that waits for a word whether to go on with it. */
  offered: Kept | undefined;
  /** Whether there are any could not be read; how that is tried again. */
  unread: (() => void) | undefined;
  /** When what stands there was kept. */
  savedAt: string | undefined;
  failed: boolean;
  touched: () => void;
  resume: () => void;
  /** The draft that is offered is thrown away; what stands in the form stays. */
  leave: () => void;
  /** What stands in the form is thrown away. */
  discard: () => void;
  done: () => void;
};

export function useDraft(
  asked: Asked,
  form: FormInstance<Values>,
  present: Record<string, unknown>,
  /** Told when other things stand in the form than somebody wrote, with the fields in which it clashes with others. */
  changed: (clashes: string[]) => void,
): DraftState {
  const key = keyOf(asked);
  const queries = useQueryClient();
  const drafts = useKept("draft", true);
  const place = useLocation();
  const [offers, offer] = useState<Kept[]>([]);
  const [savedAt, setSavedAt] = useState<string>();
  const [failed, setFailed] = useState(false);
  const own = useRef<string>(undefined);
  const looked = useRef(false);
  const over = useRef(false);
  const closed = useRef(false);
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined);
  const written = useRef(false);
  const putting = useRef<Promise<void>>(Promise.resolve());
  const known = () => queries.invalidateQueries({ queryKey: ["kept", "draft"] });

  const fill = (kept: Kept) => {
    const draft = draftOf(kept);
    const input = { ...form.getFieldValue("input"), ...draft.input };
    form.setFieldsValue({
      input,
      ...(draft.comment ? { comment: draft.comment } : {}),
      ...(draft.occurred ? { occurred: dayjs(draft.occurred) } : {}),
    } as never);
    own.current = kept.key;
    setSavedAt(kept.at);
    offer([]);
    changed(metBy(draft, present));
  };
  const meet = useRef(fill);
  meet.current = fill;

  // what was there when the form was opened is offered once; what is kept from then on is this form's own
  const { isFetchedAfterMount, isError, data } = drafts;
  useEffect(() => {
    if (!isFetchedAfterMount || isError || looked.current) {
      return;
    }
    looked.current = true;
    const all = draftsOf(data ?? [], key);
    const meant = (place.state as { resume?: string } | null)?.resume;
    const kept = all.find((one) => one.key === meant);
    if (kept && !written.current) {
      meet.current(kept);
    } else {
      offer(all);
    }
  }, [isFetchedAfterMount, isError, data, key, place.state]);

  const save = useCallback(() => {
    clearTimeout(timer.current);
    if (timer.current === undefined || key === undefined || over.current) {
      return;
    }
    timer.current = undefined;
    own.current ??= `${key}.${crypto.randomUUID().slice(0, 8)}`;
    const body = bodyOf(asked, form.getFieldsValue(true), present);
    putting.current = putKept("draft", own.current, body).then(
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
    const gone = own.current;
    clearTimeout(timer.current);
    timer.current = undefined;
    own.current = undefined;
    setSavedAt(undefined);
    if (gone !== undefined) {
      // what is on its way would be there again
      void putting.current.then(() => dropKept("draft", gone)).then(known, known);
    }
  };
  const [offered, ...others] = offers;
  return {
    offered,
    unread: drafts.isError && !looked.current ? () => void drafts.refetch() : undefined,
    savedAt,
    failed,
    touched: () => {
      if (!over.current) {
        written.current = true;
        clearTimeout(timer.current);
        timer.current = setTimeout(() => latest.current(), AFTER);
      }
    },
    resume: () => {
      if (offered) {
        // what was written meanwhile stays as a draft of its own
        save();
        fill(offered);
      }
    },
    leave: () => {
      if (offered) {
        offer(others);
        void dropKept("draft", offered.key).then(known, known);
      }
    },
    discard: () => {
      form.resetFields();
      forget();
      changed([]);
    },
    done: () => {
      over.current = true;
      forget();
    },
  };
}
