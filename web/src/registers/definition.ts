// A register as the server describes it. The front end declares none of its own.
import type { Text } from "../api/client";

export type Choice = { key: string } & Text;

export type Field = {
  key: string;
  name: Text;
  help?: Text;
  type: string;
  to?: string;
  choices?: Choice[];
  columns?: Field[];
  required?: boolean | string;
  shown?: string;
  default?: string;
  index?: boolean;
  min?: number;
  max?: number;
  max_length?: number;
  mask?: string;
  set_by?: string;
  visible?: { roles?: string[]; states?: string[]; only?: string[] } | null;
};

export type State = { key: string; name: Text; initial?: boolean; final?: boolean };

export type Signer = { who: string | string[]; method?: string[]; count?: number };

export type Action = {
  key: string;
  name: Text;
  help?: Text;
  from: string[];
  to?: string;
  to_any?: string[];
  who: string | string[];
  input: string[];
  step_up?: boolean;
  sign?: Signer[];
  bulk?: boolean;
  comment?: string;
  builtin?: string;
  fan_out?: { line: string; action: string }[];
};

export type Clock = { key: string; name: Text };

/** A check with its source: where it stands, how well it is founded, what it says when it does not hold. */
export type Rule = { id: string; clause: string; letter: string; say: Text; check?: string };

export type Print = {
  key: string;
  name: Text;
  of: string;
  states?: string[];
  sizes?: { key: string; name: Text; columns?: number; rows?: number }[];
};

/** What is done to a line by scanning the label of what it names. */
export type Scan = { by: string; number?: string[]; action: string; blind?: string[] };

export type LineKind = {
  key: string;
  name: Text;
  help?: Text;
  fields: Field[];
  states: State[];
  actions: Action[];
  scan?: Scan;
  clocks?: Clock[];
  rules?: Rule[];
  min?: number;
  max?: number;
};

/** What an action waits for: a decision, or a signature that is given in the inbox. */
export type Step = { name?: Text; signs?: number };

export type Definition = {
  key: string;
  name: Text;
  help: Text;
  area: string;
  nature: string;
  title?: string | null;
  /** How its records are numbered, if they are. */
  number?: unknown;
  fields: Field[];
  states: State[];
  actions: Action[];
  lines: LineKind[];
  approvals?: { action: string; steps: Step[] }[];
  rules: Rule[];
  clocks: Clock[];
  prints: Print[];
  tiles?: { key: string; who: string[] }[];
};

/** Fields and values whose kinds point to a directory of their own. */
const DIRECTORIES: Record<string, string> = {
  person: "person",
  persons: "person",
  unit: "unit",
  units: "unit",
  post: "post",
  place: "place",
  outside_org: "outside_org",
  outside_person: "outside_person",
};

/** The register that a field's value points to. */
export function target(field: Field): string | undefined {
  return field.to ?? DIRECTORIES[field.type];
}

export function isMany(field: Field): boolean {
  return ["persons", "units", "links", "files", "choices"].includes(field.type);
}

/** Whether people type it. */
export function isSettable(field: Field): boolean {
  return field.set_by === undefined && field.type !== "computed" && field.type !== "signature";
}

export function initialActions(definition: Definition): Action[] {
  return definition.actions.filter((action) => action.from.length === 0 && action.who !== "system");
}

/** Whether somebody of these roles could begin it; the server decides. Whoever a record's field may name is of the staff:
 * to the administrators of the system nothing of the business is offered that they would be refused. */
export function mayBegin(action: Action, roles: string[]): boolean {
  return [action.who].flat().some((who) => {
    const [kind, name] = who.split(":");
    return kind === "role" ? roles.includes(name ?? "") : who !== "system" && roles.includes("staff");
  });
}

export function stateOf(definition: { states: State[] }, key: string): State | undefined {
  return definition.states.find((state) => state.key === key);
}

/** Lines as a register of their own, as the server keeps them. */
export function asRegister(definition: Definition, kind: LineKind): Definition {
  const { fields, states, actions, name } = kind;
  return {
    ...definition,
    key: `${definition.key}.${kind.key}`,
    name,
    fields,
    states,
    actions,
    lines: [],
    approvals: [],
    clocks: [],
    prints: [],
  };
}

/** A register, or the lines of one (`register.line`), by the name that the server gives them. */
export function registerNamed(all: Definition[] | undefined, key: string): Definition | undefined {
  const [register, line] = key.split(".");
  const definition = all?.find((one) => one.key === register);
  const kind = definition?.lines.find((one) => one.key === line);
  return definition && line !== undefined ? kind && asRegister(definition, kind) : definition;
}

/** The columns that a table shows unless told otherwise: what is short enough to be read in a row. */
export function columnsOf(definition: Definition): Field[] {
  const wide = [
    "table",
    "label",
    "checklist",
    "files",
    "file",
    "long_text",
    "signature",
    "persons",
    "units",
    "links",
  ];
  const short = definition.fields.filter((field) => !wide.includes(field.type));
  const title = short.filter((field) => field.key === definition.title);
  const indexed = short.filter((field) => field.index && field.key !== definition.title);
  const rest = short.filter((field) => !field.index && field.key !== definition.title);
  return [...title, ...indexed, ...rest];
}

/** What is known of a rule: where it stands, and what it says in the register that is looked at. */
export type Known = { clause: string; letter: string; says: Text[] };

function rulesOf(definition: Definition): Rule[] {
  return [...(definition.rules ?? []), ...definition.lines.flatMap((line) => line.rules ?? [])];
}

/** A rule by its number: as the register has it, with its variants (R-184k); else where another says it stands. */
export function rulesNamed(id: string, own: Definition | undefined, all: Definition[]): Known[] {
  const named = (rule: Rule) => rule.id.replace(/[a-z]$/, "") === id;
  const here = own ? rulesOf(own).filter(named) : [];
  const found = here.length > 0 ? here : all.flatMap(rulesOf).filter(named);
  const known = new Map<string, Known>();
  for (const { clause, letter, say } of found) {
    const one = known.get(clause) ?? { clause, letter, says: [] };
    if (here.length > 0 && !one.says.some((other) => other.en === say.en)) {
      one.says.push(say);
    }
    known.set(clause, one);
  }
  return [...known.values()];
}
