// What of the log somebody looks at. It stands in the address, so that it can be handed on and gone back to.
import dayjs from "dayjs";
import { useSearchParams } from "react-router";

const KEYS = ["kind", "register", "account", "record", "from", "until", "order"] as const;

/** `from` and `until` are days, both of them included, as the reader's clock has them. */
export type LogAsked = { [key in (typeof KEYS)[number]]?: string | undefined };

/** Kinds of events: the beginnings of their names. */
export const KINDS = [
  "session.",
  "session.refused",
  "session.locked",
  "account.",
  "totp.",
  "token.",
  "approval.",
  "custody.",
  "knowledge.",
  "content.",
  "record.",
  "records.",
  "clock.",
  "definition.",
  "policies.",
] as const;

/** The word of a kind in the catalogues. */
export const kindKey = (kind: string) => `log.kind_${kind.replace(".", "_")}`;

/** The kind that an event is of: its own, or that of all that begin like it; an act of a register is one by itself. */
export function kindOf(action: string): string {
  const all: readonly string[] = KINDS;
  return all.find((kind) => kind === action) ?? all.find((kind) => isOfKind(action, kind)) ?? action;
}

const isOfKind = (action: string, kind: string) => kind.endsWith(".") && action.startsWith(kind);

export function useLogAsked(): [LogAsked, (next: LogAsked) => void] {
  const [address, put] = useSearchParams();
  const asked: LogAsked = {};
  for (const key of KEYS) {
    const value = address.get(key);
    if (value) {
      asked[key] = value;
    }
  }
  const ask = (next: LogAsked) => {
    const said = new URLSearchParams();
    for (const [key, value] of Object.entries(next)) {
      if (value) {
        said.set(key, value);
      }
    }
    put(said, { replace: true });
  };
  return [asked, ask];
}

/** The same as the server is asked it; what is no day is left out. */
export function query(asked: LogAsked) {
  const from = dayjs(asked.from ?? "");
  const until = dayjs(asked.until ?? "").add(1, "day");
  return {
    order: asked.order === "oldest" ? ("oldest" as const) : ("newest" as const),
    ...(asked.kind ? { action: asked.kind } : {}),
    ...(asked.register ? { register: asked.register } : {}),
    ...(asked.account ? { account: asked.account } : {}),
    ...(asked.record ? { record: asked.record } : {}),
    ...(from.isValid() ? { from: from.startOf("day").toISOString() } : {}),
    ...(until.isValid() ? { until: until.startOf("day").toISOString() } : {}),
  };
}
