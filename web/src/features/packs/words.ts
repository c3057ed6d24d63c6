// What a definition says, in the words of whoever asked for it and not of whoever wrote it.
import type { TFunction } from "i18next";
import { said } from "../../app/language";
import { type Definition, type Field, target } from "../../registers/definition";

/** Somebody whom a definition names, perhaps only under a condition. */
export type Who = string | { who: string; when?: string };

export type Sayer = {
  t: TFunction;
  language: string;
  all: Definition[];
  own: { fields: Field[] };
};

/** `borrower.unit` as 借阅人·部门, as far as its parts are fields. */
export function pathName(sayer: Sayer, path: string): string {
  let fields: Field[] | undefined = sayer.own.fields;
  const names = path.split(".").map((part) => {
    const field: Field | undefined = fields?.find((one) => one.key === part);
    const next: string | undefined = field && target(field);
    fields = next ? sayer.all.find((one) => one.key === next)?.fields : undefined;
    return field ? said(field.name, sayer.language) : part;
  });
  return names.join("·");
}

function oneWho(sayer: Sayer, who: string): string {
  const { t } = sayer;
  const head = /^head_of\((.+)\)$/.exec(who);
  if (head?.[1]) {
    return t("definition.headOf", { of: pathName(sayer, head[1]) });
  }
  const [kind, name = ""] = who.split(":");
  switch (kind) {
    case "role":
      return t(`role.${name}`, { defaultValue: name });
    case "field":
      return pathName(sayer, name);
    default:
      return t(`definition.who_${who}`, { defaultValue: who });
  }
}

export function whoWords(sayer: Sayer, who: Who | Who[] | undefined): string {
  const all = who === undefined ? [] : [who].flat();
  return all
    .map((one) =>
      typeof one === "string"
        ? oneWho(sayer, one)
        : sayer.t("definition.onlyIf", { who: oneWho(sayer, one.who), when: one.when ?? "" }),
    )
    .join(sayer.t("definition.or"));
}

/** `-1d` as "1 day before". */
export function offsetWords(t: TFunction, offset: string): string {
  const found = /^([+-]?)(\d+)([a-z]+)$/.exec(offset);
  if (!found) {
    return offset;
  }
  const [, sign, count = "0", unit = ""] = found;
  if (Number(count) === 0) {
    return t("definition.onTheDay");
  }
  const length = lengthWords(t, `${count}${unit}`);
  return sign === "-" ? t("definition.before", { length }) : t("definition.after", { length });
}

export function lengthWords(t: TFunction, length: string): string {
  const found = /^(\d+)(min|h|d|wd|mo|y)$/.exec(length);
  return found ? t(`definition.span_${found[2]}`, { count: Number(found[1]) }) : length;
}
