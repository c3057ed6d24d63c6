// What is under way about a record: what was begun in other registers and names it, and what can be done with that now. A
// copy itself is lent by nobody; what is done is the loan that names it.
import type { QueryClient } from "@tanstack/react-query";
import { api, got } from "../api/client";
import {
  type Action,
  asRegister,
  type Definition,
  type Field,
  initialActions,
  isSettable,
  type LineKind,
  target,
} from "./definition";
import { placesOf } from "./places";
import { filtered, type LineView, type RecordView } from "./queries";

/** Something that can be done now, and on what. */
export type Doing = {
  definition: Definition;
  action: Action;
  on: Pick<RecordView, "id" | "version">;
  /** The record on whose page it stands. */
  page: RecordView;
};

/** A record that was scanned, with what is under way about it. */
export type Piled = { record: RecordView; underway: RecordView[] };

/** Reservations keep it to one of each kind; more than these are not looked at. */
const EACH = 5;

export async function readRecord(id: string): Promise<RecordView> {
  return (await got(api.GET("/api/v1/records/{id}", { params: { path: { id } } }))) as unknown as RecordView;
}

/** Whether a person can do anything there that goes on with what is there already. */
function goesOn(definition: Definition): boolean {
  const all = [...definition.actions, ...definition.lines.flatMap((kind) => kind.actions)];
  return all.some((action) => action.from.length > 0 && action.who !== "system");
}

async function underwayOf(record: RecordView, definitions: Definition[]): Promise<RecordView[]> {
  const places = placesOf(definitions.filter(goesOn), record.register);
  const found = await Promise.all(
    places.map(({ definition, field }) =>
      filtered(definition.key, `${field.key}:${record.id},open:yes`, EACH),
    ),
  );
  const ids = [...new Set(found.flat().map((one) => one.id))];
  // WHY each by itself: a list does not say what can be done
  return Promise.all(ids.map(readRecord));
}

/** WHY below `records`: an act on any of them changes what can be done. */
export function piledQuery(id: string, definitions: Definition[]) {
  return {
    queryKey: ["records", "piled", id],
    // what others did meanwhile, the server says when something is done; here it would be asked for all of a pile
    staleTime: 60_000,
    queryFn: async (): Promise<Piled> => {
      const record = await readRecord(id);
      return { record, underway: await underwayOf(record, definitions) };
    },
  };
}

/** Asks the server, whatever is remembered: what a label opens is shown as it is now. */
export function readPiled(queries: QueryClient, id: string, definitions: Definition[]): Promise<Piled> {
  return queries.fetchQuery({ ...piledQuery(id, definitions), staleTime: 0 });
}

function ofRecord(record: RecordView, definition: Definition): Doing[] {
  return record.actions.flatMap((state) => {
    const action = definition.actions.find((one) => one.key === state.key);
    return action && state.allowed && action.builtin === undefined
      ? [{ definition, action, on: record, page: record }]
      : [];
  });
}

/** A line that names something itself is about that, and not about what its record names. */
function isAbout(line: LineView, kind: LineKind, of: RecordView): boolean {
  const links = kind.fields.filter((field) => field.to === of.register);
  return links.every((field) => line.fields[field.key] === of.id);
}

function ofLines(record: RecordView, definition: Definition, of: RecordView): Doing[] {
  return (record.lines ?? []).flatMap((line) => {
    const kind = definition.lines.find((one) => one.key === line.line);
    if (!kind || !isAbout(line, kind, of)) {
      return [];
    }
    const register = asRegister(definition, kind);
    return line.actions.flatMap((state) => {
      const action = kind.actions.find((one) => one.key === state.key);
      return action && state.allowed && action.builtin === undefined
        ? [{ definition: register, action, on: line, page: record }]
        : [];
    });
  });
}

export function doingsOf({ record, underway }: Piled, definitions: Definition[]): Doing[] {
  const of = (one: RecordView) => definitions.find((definition) => definition.key === one.register);
  const own = of(record);
  return [
    ...(own ? ofRecord(record, own) : []),
    ...underway.flatMap((one) => {
      const definition = of(one);
      return definition ? [...ofRecord(one, definition), ...ofLines(one, definition, record)] : [];
    }),
  ];
}

/** An act that can be done to many at once: on what, for those of the pile with which it can be done now. */
export type Offer = {
  definition: Definition;
  action: Action;
  on: Pick<RecordView, "id" | "version">[];
  /** Those of the pile with which it cannot. */
  without: RecordView[];
};

export function offersOf(pile: Piled[], definitions: Definition[]): Offer[] {
  const each = pile.map((piled) => ({ piled, doings: doingsOf(piled, definitions) }));
  const offers = new Map<string, Offer>();
  for (const { definition, action } of each.flatMap(({ doings }) => doings)) {
    const key = `${definition.key} ${action.key}`;
    if (!action.bulk || offers.has(key)) {
      continue;
    }
    const fits = (one: Doing) => one.definition.key === definition.key && one.action.key === action.key;
    const found = each.map(({ piled, doings }) => ({ piled, on: doings.filter(fits) }));
    offers.set(key, {
      definition,
      action,
      // WHY exactly one: which of two is meant, the label does not say
      on: found.flatMap(({ on }) => (on.length === 1 && on[0] ? [on[0].on] : [])),
      without: found.filter(({ on }) => on.length !== 1).map(({ piled }) => piled.record),
    });
  }
  return [...offers.values()].sort((one, other) => one.without.length - other.without.length);
}

/** Something new that names all of a pile: in a field for many, or line by line. */
export type Beginning = { definition: Definition; action: Action; filled: Record<string, unknown> };

export function beginningsOf(register: string, ids: string[], definitions: Definition[]): Beginning[] {
  return definitions.flatMap((definition) =>
    initialActions(definition)
      .filter((action) => action.builtin === undefined)
      .flatMap((action): Beginning[] => {
        const filled = filledBy(register, ids, definition, action);
        return filled ? [{ definition, action, filled }] : [];
      }),
  );
}

function filledBy(
  register: string,
  ids: string[],
  definition: Definition,
  action: Action,
): Record<string, unknown> | undefined {
  const takes = (field: Field) => target(field) === register && isSettable(field);
  const many = definition.fields.find(
    (field) => field.type === "links" && takes(field) && action.input.includes(field.key),
  );
  if (many) {
    return { [many.key]: ids };
  }
  for (const kind of definition.lines.filter((one) => action.input.includes(one.key))) {
    const link = kind.fields.find((field) => field.type === "link" && takes(field));
    if (link && ids.length <= (kind.max ?? ids.length)) {
      return { [kind.key]: ids.map((id) => ({ [link.key]: id })) };
    }
  }
  return undefined;
}
