// One register: what it is for, what can be begun in it, and its records.
import { DownloadOutlined, PlusOutlined, PrinterOutlined, UploadOutlined } from "@ant-design/icons";
import { Button, Dropdown, Empty, Flex, Input, Select, Typography } from "antd";
import { useEffect, useState } from "react";
import { useTranslation } from "react-i18next";
import { useLocation, useNavigate, useParams, useSearchParams } from "react-router";
import { said } from "../app/language";
import { administers, useMe } from "../app/session";
import { useTitle } from "../app/title";
import { takenBy } from "../features/imports/send";
import { answerOf } from "../ui/answer";
import { ActionForm } from "./ActionForm";
import { recordOf, useRefresh } from "./acts";
import { useColumns } from "./columns";
import { type Condition, conditionsOf } from "./conditions";
import { type Action, type Definition, initialActions, mayBegin } from "./definition";
import { ExportDialog } from "./ExportDialog";
import { HelpLine, HelpOf } from "./Help";
import { OtherConditions } from "./OtherConditions";
import { PrintDialog } from "./PrintDialog";
import { type Asked, anew, useDefinitions } from "./queries";
import { RegisterTable } from "./RegisterTable";
import { SavedViews } from "./SavedViews";

export function RegisterPage() {
  const { t } = useTranslation();
  const { register = "" } = useParams();
  const definitions = answerOf(useDefinitions());
  if (definitions.data === undefined) {
    return definitions.instead;
  }
  const definition = definitions.data.find((one) => one.key === register);
  if (!definition) {
    return (
      <>
        <Typography.Title level={1} style={{ fontSize: 20, margin: "0 0 12px" }}>
          {t("desk.register")}
        </Typography.Title>
        <Empty description={t("register.none")} />
      </>
    );
  }
  return (
    <HelpOf definition={definition}>
      <Known key={register} definition={definition} />
    </HelpOf>
  );
}

function useAsked(): [Asked, (next: Asked) => void] {
  const [address, setAddress] = useSearchParams();
  const asked: Asked = {};
  for (const key of ["q", "filter", "sort", "after", "page"] as const) {
    const value = address.get(key);
    if (value) {
      asked[key] = value;
    }
  }
  const put = (next: Asked) => {
    const kept = Object.entries(next).filter(([, value]) => value);
    // a page that was left is gone back to; another question takes the place of the one before
    setAddress(Object.fromEntries(kept) as Record<string, string>, { replace: next.after === asked.after });
  };
  return [asked, put];
}

type Begun = { begin?: string; filled?: Record<string, unknown> } | null;

/** What is being begun: by a button, or from another page, which fills something in. */
function useBegun(
  definition: Definition,
): [Action | undefined, (action: Action | undefined) => void, Record<string, unknown> | undefined] {
  const place = useLocation();
  const go = useNavigate();
  const from = place.state as Begun;
  const [own, setOwn] = useState<Action>();
  const asked = definition.actions.find((action) => action.key === from?.begin);
  const begin = (action: Action | undefined) => {
    setOwn(action);
    if (from) {
      go(`${place.pathname}${place.search}`, { replace: true, state: null });
    }
  };
  return [own ?? asked, begin, own ? undefined : from?.filled];
}

function Known({ definition }: { definition: Definition }) {
  const { t, i18n } = useTranslation();
  const me = useMe();
  const go = useNavigate();
  const refresh = useRefresh();
  const [asked, ask] = useAsked();
  const [begun, begin, filled] = useBegun(definition);
  const columns = useColumns(definition);
  const [exporting, exportIt] = useState(false);
  const [printing, print] = useState(false);
  const name = said(definition.name, i18n.language);
  useTitle(name);
  const begins = initialActions(definition).filter((action) => mayBegin(action, me.roles));
  const [first, ...others] = begins;
  return (
    <section aria-labelledby="register-name">
      <Flex justify="space-between" align="start" gap={12} wrap>
        <div style={{ flex: "1 1 320px", minWidth: 0 }}>
          <Typography.Title level={1} id="register-name" style={{ fontSize: 20, margin: 0 }}>
            {name}
          </Typography.Title>
          <HelpLine text={definition.help} />
        </div>
        <Flex gap={8} wrap>
          {first && (
            <Button
              type="primary"
              data-key="n"
              icon={<PlusOutlined aria-hidden="true" />}
              onClick={() => begin(first)}
            >
              {said(first.name, i18n.language)}
            </Button>
          )}
          {others.length > 0 && (
            <Dropdown
              trigger={["click"]}
              menu={{
                items: others.map((action) => ({ key: action.key, label: said(action.name, i18n.language) })),
                onClick: ({ key }) => begin(others.find((action) => action.key === key)),
              }}
            >
              <Button>{t("register.otherwise")}</Button>
            </Dropdown>
          )}
          <Button icon={<PrinterOutlined aria-hidden="true" />} onClick={() => print(true)}>
            {t("print.title")}
          </Button>
          <SavedViews register={definition.key} asked={asked} ask={ask} columns={columns} />
          {!administers(me) && takenBy(definition, me.roles).length > 0 && (
            <Button
              icon={<UploadOutlined aria-hidden="true" />}
              onClick={() => go(`/registers/${definition.key}/import`)}
            >
              {t("imports.take")}
            </Button>
          )}
          <Button icon={<DownloadOutlined aria-hidden="true" />} onClick={() => exportIt(true)}>
            {t("export.title")}
          </Button>
        </Flex>
      </Flex>
      <Search definition={definition} asked={asked} ask={ask} />
      <RegisterTable
        definition={definition}
        asked={asked}
        ask={ask}
        columns={columns}
        first={first && <Button onClick={() => begin(first)}>{said(first.name, i18n.language)}</Button>}
      />
      {printing && <PrintDialog definition={definition} of={{ asked }} close={() => print(false)} />}
      {exporting && <ExportDialog definition={definition} asked={asked} close={() => exportIt(false)} />}
      {begun && (
        <ActionForm
          asked={{
            on: { register: definition.key },
            register: definition.key,
            action: begun,
            fields: definition.fields,
            lines: definition.lines,
            states: definition.states,
            ...(filled ? { filled } : {}),
          }}
          close={() => begin(undefined)}
          done={(came) => {
            begin(undefined);
            void refresh();
            const record = recordOf(came);
            if (record) {
              go(`/records/${record.id}`);
            }
          }}
        />
      )}
    </section>
  );
}

function Search({
  definition,
  asked,
  ask,
}: {
  definition: Definition;
  asked: Asked;
  ask: (next: Asked) => void;
}) {
  const { t, i18n } = useTranslation();
  const [words, setWords] = useState(asked.q ?? "");
  useEffect(() => setWords(asked.q ?? ""), [asked.q]);
  const conditions = conditionsOf(asked.filter);
  const offered = (condition: Condition) => condition.sign === ":" && keys.includes(condition.key);
  const put = (next: Condition[]) => {
    const { filter: _, ...rest } = anew(asked);
    const filter = next.map((one) => one.written).join(",");
    ask(filter === "" ? rest : { ...rest, filter });
  };
  const choose = (key: string, value: string | undefined) => {
    const others = conditions.filter((one) => !(one.key === key && one.sign === ":"));
    const written = `${key}:${value}`;
    put(value === undefined ? others : [...others, { key, sign: ":", value, written }]);
  };
  const choices = definition.fields.filter((field) => field.type === "choice" && field.index);
  const options = [
    {
      key: "state",
      name: t("record.state"),
      options: definition.states.map((state) => ({
        value: state.key,
        label: said(state.name, i18n.language),
      })),
    },
    ...choices.map((field) => ({
      key: field.key,
      name: said(field.name, i18n.language),
      options: (field.choices ?? []).map((one) => ({ value: one.key, label: said(one, i18n.language) })),
    })),
  ];
  const keys = options.map((one) => one.key);
  return (
    <Flex gap={8} wrap align="center" style={{ margin: "12px 0" }} role="search">
      <Input.Search
        value={words}
        allowClear
        aria-label={t("register.search")}
        placeholder={t("register.search")}
        style={{ width: 280 }}
        onChange={(event) => setWords(event.target.value)}
        onSearch={(q) => {
          const { q: _, ...rest } = anew(asked);
          ask(q.trim() === "" ? rest : { ...rest, q: q.trim() });
        }}
      />
      {options.map((one) => (
        <Select
          key={one.key}
          allowClear
          aria-label={one.name}
          placeholder={one.name}
          style={{ minWidth: 130 }}
          value={conditions.findLast((held) => held.key === one.key && held.sign === ":")?.value as never}
          options={one.options}
          onChange={(value: string | undefined) => choose(one.key, value)}
        />
      ))}
      <OtherConditions
        definition={definition}
        conditions={conditions.filter((one) => !offered(one))}
        leave={(gone) => put(conditions.filter((one) => one !== gone))}
      />
    </Flex>
  );
}
