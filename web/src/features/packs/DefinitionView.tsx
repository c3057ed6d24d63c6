// A definition in words: fields, steps, acts with who and what they wait for, rules with sources, deadlines, prints.
import { RightOutlined } from "@ant-design/icons";
import { Descriptions, Flex, Tag, Typography } from "antd";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import type { Shapes, Text } from "../../api/client";
import { said } from "../../app/language";
import { type Action, type Definition, type Field, type LineKind, target } from "../../registers/definition";
import { useWords } from "./Packs";
import { lengthWords, offsetWords, pathName, type Sayer, type Who, whoWords } from "./words";

type Rule = Shapes["PackRule"];
type Step = {
  name?: Text;
  who: Who | Who[];
  when?: string;
  quorum?: number;
  delegate?: boolean;
  step_up?: boolean;
};
type Approval = { action: string; steps: Step[]; refused?: string };
type Trigger = { state?: string; field?: string; event?: { register: string; action: string } };
type Deadline = {
  key: string;
  name: Text;
  start: Trigger[];
  when?: string;
  due?: string;
  after?: { when?: string; after?: string; param?: string }[];
  stop: Trigger[];
  warn?: string[];
  escalate?: Who | Who[];
  expire?: string;
};
export type Whole = Definition & {
  version: number;
  duties?: string[];
  number?: { format: string; at: string[] };
  label: unknown;
  rules: { id: string; say: Text; check?: string; when?: string }[];
  approvals: Approval[];
  clocks: Deadline[];
};
type Part = {
  fields: Field[];
  states: Definition["states"];
  actions: Action[];
  approvals: Approval[];
  clocks: Deadline[];
};

export function DefinitionView({
  definition,
  all,
  rules,
}: {
  definition: Whole;
  all: Definition[];
  rules: Rule[];
}) {
  const { t, i18n } = useTranslation();
  const search = useWords(t("packs.search"));
  const sayer: Sayer = { t, language: i18n.language, all, own: definition };
  const props = { sayer, fits: search.fits };
  return (
    <Flex vertical gap={12}>
      {search.box}
      <Head definition={definition} />
      <Sections part={definition} {...props} />
      <Rules rules={rules.filter(search.fits)} checks={definition.rules} />
      {definition.lines.map((line) => (
        <section key={line.key} aria-label={said(line.name, i18n.language)}>
          <Typography.Title level={2} style={{ fontSize: 16 }}>
            {t("definition.line", { name: said(line.name, i18n.language) })}
          </Typography.Title>
          <Sections part={ofLine(line)} {...props} sayer={{ ...sayer, own: line }} />
        </section>
      ))}
      <Section title={t("definition.prints")} rows={definition.prints.length}>
        {definition.prints.map((one) => said(one.name, i18n.language)).join(t("list.and"))}
      </Section>
    </Flex>
  );
}

function ofLine(line: LineKind): Part {
  return { ...line, approvals: [], clocks: (line.clocks ?? []) as Deadline[] };
}

function Head({ definition }: { definition: Whole }) {
  const { t } = useTranslation();
  const label = typeof definition.label === "string" ? definition.label : JSON.stringify(definition.label);
  const kind = /^[a-z]+/.exec(label.replace(/[^a-z(]/g, ""))?.[0] ?? "";
  return (
    <Descriptions
      size="small"
      bordered
      column={{ xs: 1, md: 2 }}
      items={[
        {
          key: "area",
          label: t("packs.chapter"),
          children: t(`area.${definition.area}`, { defaultValue: definition.area }),
        },
        {
          key: "label",
          label: t("definition.label"),
          children: t(`definition.label_${kind}`, { defaultValue: label }),
        },
        {
          key: "number",
          label: t("definition.number"),
          children: definition.number ? <code>{definition.number.format}</code> : t("definition.noNumber"),
        },
        {
          key: "duties",
          label: t("definition.duties"),
          children: (definition.duties ?? []).join(" ") || "—",
        },
      ]}
    />
  );
}

function Section({ title, rows, children }: { title: string; rows: number; children: ReactNode }) {
  return rows === 0 ? null : (
    <section aria-label={title}>
      <Typography.Title level={2} style={{ fontSize: 15, margin: "4px 0" }}>
        {title}
      </Typography.Title>
      {children}
    </section>
  );
}

type PartProps = { part: Part; sayer: Sayer; fits: (one: unknown) => boolean };

function Sections({ part, sayer, fits }: PartProps) {
  const { t } = sayer;
  const fields = part.fields.filter(fits);
  const actions = part.actions.filter(fits);
  const clocks = part.clocks.filter(fits);
  return (
    <>
      <Section title={t("definition.fields")} rows={fields.length}>
        <Fields fields={fields} sayer={sayer} />
      </Section>
      <Section title={t("definition.states")} rows={part.states.length}>
        <States states={part.states} language={sayer.language} />
      </Section>
      <Section title={t("definition.actions")} rows={actions.length}>
        <Actions actions={actions} part={part} sayer={sayer} />
      </Section>
      <Section title={t("definition.clocks")} rows={clocks.length}>
        <Deadlines clocks={clocks} part={part} sayer={sayer} />
      </Section>
    </>
  );
}

function Fields({ fields, sayer }: { fields: Field[]; sayer: Sayer }) {
  const { t, language, all } = sayer;
  const needed = (field: Field) => {
    if (field.required === true) {
      return t("definition.needed");
    }
    return field.required ? (
      <>
        {t("definition.neededIf")} <code>{field.required}</code>
      </>
    ) : (
      ""
    );
  };
  const holds = (field: Field) => {
    const to = target(field);
    const of = to && all.find((one) => one.key === to)?.name;
    const choices = (field.choices ?? []).map((one) => said(one, language));
    return [
      t(`definition.kind_${field.type}`, { defaultValue: field.type }),
      of ? said(of, language) : "",
      choices.slice(0, 12).join(t("list.and")) + (choices.length > 12 ? "…" : ""),
      (field.columns ?? []).map((one) => said(one.name, language)).join(t("list.and")),
    ]
      .filter(Boolean)
      .join(t("definition.colon"));
  };
  return (
    <div className="scroll-x">
      <table className="grid">
        <thead>
          <tr>
            <th>{t("definition.field")}</th>
            <th>{t("definition.holds")}</th>
            <th>{t("definition.need")}</th>
            <th>{t("definition.help")}</th>
          </tr>
        </thead>
        <tbody>
          {fields.map((field) => (
            <tr key={field.key}>
              <td>{said(field.name, language)}</td>
              <td>{holds(field)}</td>
              <td>{field.set_by || field.type === "computed" ? t("definition.byProgram") : needed(field)}</td>
              <td>{field.help ? said(field.help, language) : ""}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

function States({ states, language }: { states: Definition["states"]; language: string }) {
  const { t } = useTranslation();
  return (
    <Flex component="ol" gap={6} wrap align="center" className="plain-list">
      {states.map((state, at) => (
        <li key={state.key}>
          <Flex gap={6} align="center">
            {at > 0 && !state.final && <RightOutlined aria-hidden="true" style={{ fontSize: 10 }} />}
            <Tag variant="outlined" style={{ margin: 0, fontWeight: state.initial ? 600 : 400 }}>
              {said(state.name, language)}
              {state.final ? ` · ${t("definition.final")}` : ""}
            </Tag>
          </Flex>
        </li>
      ))}
    </Flex>
  );
}

type ActionsProps = { actions: Action[]; part: Part; sayer: Sayer };

function Actions({ actions, part, sayer }: ActionsProps) {
  const { t, language } = sayer;
  const state = (key: string) => said(part.states.find((one) => one.key === key)?.name, language) || key;
  const from = (action: Action) =>
    action.from.length === 0 ? t("definition.begins") : action.from.map(state).join(t("list.and"));
  const to = (action: Action) =>
    action.to ? state(action.to) : (action.to_any ?? []).map(state).join(t("definition.or"));
  return (
    <div className="scroll-x">
      <table className="grid">
        <thead>
          <tr>
            <th>{t("definition.action")}</th>
            <th>{t("definition.way")}</th>
            <th>{t("definition.who")}</th>
            <th>{t("definition.waits")}</th>
            <th>{t("definition.signs")}</th>
          </tr>
        </thead>
        <tbody>
          {actions.map((action) => (
            <tr key={action.key}>
              <td>
                {said(action.name, language)}
                {action.help && (
                  <div>
                    <Typography.Text type="secondary">{said(action.help, language)}</Typography.Text>
                  </div>
                )}
              </td>
              <td>
                {from(action)}
                {to(action) && ` → ${to(action)}`}
              </td>
              <td>
                {whoWords(sayer, action.who as Who | Who[])}
                {action.step_up && <div>{t("definition.proof")}</div>}
                {action.comment === "required" && <div>{t("definition.reason")}</div>}
              </td>
              <td>
                <Steps approval={part.approvals.find((one) => one.action === action.key)} sayer={sayer} />
              </td>
              <td>
                {(action.sign ?? []).map((one) => (
                  <div key={JSON.stringify(one)}>
                    {whoWords(sayer, one.who as Who | Who[])}
                    {(one.count ?? 1) > 1 ? ` × ${one.count}` : ""}
                  </div>
                ))}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

function Steps({ approval, sayer }: { approval: Approval | undefined; sayer: Sayer }) {
  const { t, language } = sayer;
  return (
    <ol style={{ margin: 0, paddingInlineStart: 18 }}>
      {(approval?.steps ?? []).map((step) => (
        <li key={JSON.stringify(step)}>
          {step.name ? `${said(step.name, language)}${t("definition.colon")}` : ""}
          {whoWords(sayer, step.who)}
          {(step.quorum ?? 1) > 1 ? ` × ${step.quorum}` : ""}
          {step.when && (
            <div>
              {t("definition.if")} <code>{step.when}</code>
            </div>
          )}
        </li>
      ))}
    </ol>
  );
}

function Rules({ rules, checks }: { rules: Rule[]; checks: Whole["rules"] }) {
  const { t, i18n } = useTranslation();
  return (
    <Section title={t("definition.rules")} rows={rules.length}>
      <div className="scroll-x">
        <table className="grid">
          <thead>
            <tr>
              <th>{t("packs.rule")}</th>
              <th>{t("packs.says")}</th>
              <th>{t("packs.severity")}</th>
              <th>{t("packs.source")}</th>
              <th>{t("definition.holdsIf")}</th>
            </tr>
          </thead>
          <tbody>
            {rules.map((one) => (
              <tr key={`${one.id} ${one.say.en}`}>
                <td>{one.id}</td>
                <td>{said(one.say, i18n.language)}</td>
                <td>{t(`packs.severity_${one.severity}`)}</td>
                <td>{one.clause}</td>
                <td>
                  <code>
                    {checks.find((rule) => rule.id === one.id && rule.say.en === one.say.en)?.check}
                  </code>
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </Section>
  );
}

function Deadlines({ clocks, part, sayer }: { clocks: Deadline[]; part: Part; sayer: Sayer }) {
  const { t, language, all } = sayer;
  const trigger = (one: Trigger): string => {
    if (one.state) {
      return said(part.states.find((state) => state.key === one.state)?.name, language) || one.state;
    }
    if (one.field) {
      return t("definition.filled", { field: pathName(sayer, one.field) });
    }
    const register = all.find((other) => other.key === one.event?.register);
    const action = register?.actions.find((other) => other.key === one.event?.action);
    return `${said(register?.name, language)}·${said(action?.name, language)}`;
  };
  const lengths = (clock: Deadline): ReactNode => {
    if (clock.due) {
      return /^[a-z_.]+$/.test(clock.due) ? pathName(sayer, clock.due) : <code>{clock.due}</code>;
    }
    return (clock.after ?? []).map((one) => (
      <div key={JSON.stringify(one)}>
        {one.after ? lengthWords(t, one.after) : <code>{one.param}</code>}
        {one.when && (
          <>
            {" "}
            {t("definition.if")} <code>{one.when}</code>
          </>
        )}
      </div>
    ));
  };
  return (
    <div className="scroll-x">
      <table className="grid">
        <thead>
          <tr>
            <th>{t("definition.clock")}</th>
            <th>{t("definition.starts")}</th>
            <th>{t("definition.due")}</th>
            <th>{t("definition.stops")}</th>
            <th>{t("definition.warns")}</th>
          </tr>
        </thead>
        <tbody>
          {clocks.map((clock) => (
            <tr key={clock.key}>
              <td>{said(clock.name, language)}</td>
              <td>{clock.start.map(trigger).join(t("definition.or"))}</td>
              <td>{lengths(clock)}</td>
              <td>{clock.stop.map(trigger).join(t("definition.or"))}</td>
              <td>
                {(clock.warn ?? []).map((one) => offsetWords(t, one)).join(t("list.and"))}
                {clock.escalate && (
                  <div>{t("definition.escalates", { who: whoWords(sayer, clock.escalate) })}</div>
                )}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
