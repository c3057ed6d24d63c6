// What an act takes, to be written by hand: its fields and lines, a remark, signatures, when it happened.
import { Form, type FormInstance, Input as Line, Select } from "antd";
import dayjs, { type Dayjs } from "dayjs";
import { useTranslation } from "react-i18next";
import { said } from "../app/language";
import { Moment } from "../ui/Days";
import type { Given, On } from "./acts";
import { type Action, type Field, isSettable, type LineKind, type State } from "./definition";
import { Input } from "./fields/Input";
import { RowsInput } from "./fields/RowsInput";
import { HelpText } from "./Help";
import type { Standing } from "./outlook";
import { type Sign, SignRows, signaturesOf } from "./SignRows";

export type Asked = {
  on: On;
  /** The register whose act it is; what is written is kept as a draft only where it is named. */
  register?: string;
  /** The record on whose page it is done, where that is another. */
  of?: string;
  action: Action;
  fields: Field[];
  lines?: LineKind[];
  states?: State[];
  /** What stands there already. */
  present?: Record<string, unknown>;
  /** What is filled in beforehand. */
  filled?: Record<string, unknown>;
};

export type Values = { input: Record<string, unknown>; comment?: string; occurred?: Dayjs; signs?: Sign[] };

type Part = { field: Field } | { line: LineKind };

/** What the act takes, in the order in which its definition says it. */
function partsOf({ action, fields, lines = [] }: Asked): Part[] {
  const keys = action.input.includes("*") ? fields.map((field) => field.key) : action.input;
  return keys.flatMap((key): Part[] => {
    const field = fields.find((one) => one.key === key && isSettable(one));
    const line = lines.find((one) => one.key === key);
    return field ? [{ field }] : line ? [{ line }] : [];
  });
}

export function presentOf(asked: Asked): Record<string, unknown> {
  const present: Record<string, unknown> = {};
  for (const part of partsOf(asked)) {
    if ("field" in part) {
      present[part.field.key] = asked.present?.[part.field.key];
    }
  }
  return present;
}

/** Only what was written, so that what is left alone is left alone. */
export function writtenOf(
  input: Record<string, unknown>,
  present: Record<string, unknown>,
): Record<string, unknown> {
  const all = Object.entries(input ?? {});
  const changed = all.filter(
    ([key, value]) => value !== undefined && JSON.stringify(value) !== JSON.stringify(present[key]),
  );
  const emptied = all.filter(
    ([key, value]) => value === undefined && present[key] !== undefined && present[key] !== null,
  );
  return Object.fromEntries([...changed, ...emptied.map(([key]) => [key, null])]);
}

type Props = { asked: Asked; form: FormInstance<Values>; standings?: Standings };

type Standings = Map<string, Standing>;

const NOTHING: Standings = new Map();

export function ActParts({ asked, form, standings = NOTHING }: Props) {
  const { t, i18n } = useTranslation();
  const { action } = asked;
  const applies = (part: Part) => !("field" in part) || standings.get(part.field.key)?.shown !== false;
  return (
    <>
      <div className="parts">
        {partsOf(asked)
          .filter(applies)
          .map((part) => (
            <div
              key={"field" in part ? part.field.key : part.line.key}
              className={"field" in part && isShort(part.field) ? "part" : "part whole"}
            >
              <PartItem part={part} standings={standings} />
            </div>
          ))}
      </div>
      {action.to_any && action.to_any.length > 0 && (
        <Form.Item name={["input", "state"]} label={t("act.inState")} required>
          <Select
            options={action.to_any.map((one) => ({
              value: one,
              label: said(asked.states?.find((state) => state.key === one)?.name, i18n.language) || one,
            }))}
          />
        </Form.Item>
      )}
      {action.comment !== undefined && (
        <Form.Item name="comment" label={t("act.comment")} required={action.comment === "required"}>
          <Line.TextArea rows={2} className="grows" />
        </Form.Item>
      )}
      {(action.sign ?? []).length > 0 && (
        <Form.Item name="signs" label={t("sign.title")}>
          <SignRows
            signers={action.sign ?? []}
            fields={asked.fields}
            present={asked.present ?? {}}
            form={form}
          />
        </Form.Item>
      )}
      <details>
        <summary>{t("act.more")}</summary>
        <Form.Item name="occurred" label={t("act.occurred")} extra={t("act.occurredWhen")}>
          <Moment maxDate={dayjs()} />
        </Form.Item>
      </details>
    </>
  );
}

export function givenOf(
  values: Values,
  present: Record<string, unknown>,
  accepted: Record<string, string>,
): Given {
  const warnings = Object.entries(accepted).filter(([, reason]) => reason.trim() !== "");
  const signatures = signaturesOf(values.signs ?? []);
  return {
    input: writtenOf(values.input, present),
    ...(values.comment ? { comment: values.comment } : {}),
    ...(values.occurred ? { occurred_at: values.occurred.toISOString() } : {}),
    ...(warnings.length > 0 ? { accept_warnings: warnings.map(([rule, reason]) => ({ rule, reason })) } : {}),
    ...(signatures.length > 0 ? { signatures } : {}),
  };
}

const SHORT = [
  "integer",
  "decimal",
  "score",
  "money",
  "date",
  "datetime",
  "bool",
  "choice",
  "level",
  "person",
  "unit",
  "post",
  "place",
];

/** Two of them stand side by side. */
function isShort(field: Field): boolean {
  return SHORT.includes(field.type);
}

function PartItem({ part, standings }: { part: Part; standings: Standings }) {
  const { i18n } = useTranslation();
  if ("line" in part) {
    const { line } = part;
    const name = said(line.name, i18n.language);
    return (
      <Form.Item
        name={["input", line.key]}
        label={name}
        required={(line.min ?? 0) > 0}
        {...(line.help ? { extra: <HelpText text={line.help} /> } : {})}
      >
        <RowsInput
          columns={line.fields}
          label={name}
          path={line.key}
          standings={standings}
          {...(line.max === undefined ? {} : { max: line.max })}
        />
      </Form.Item>
    );
  }
  const { field } = part;
  return (
    <Form.Item
      name={["input", field.key]}
      label={<span title={field.key}>{said(field.name, i18n.language)}</span>}
      required={field.required === true || standings.get(field.key)?.required === true}
      {...(field.help ? { extra: <HelpText text={field.help} /> } : {})}
    >
      <Input field={field} standings={standings} />
    </Form.Item>
  );
}
