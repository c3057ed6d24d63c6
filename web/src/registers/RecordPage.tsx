// One record: how secret it is, where it stands, what can be done with it now and why not the rest, and all it holds.
import { DownOutlined, PrinterOutlined } from "@ant-design/icons";
import {
  Alert,
  Button,
  Card,
  Descriptions,
  Dropdown,
  Flex,
  Grid,
  Steps,
  Tabs,
  Tooltip,
  Typography,
} from "antd";
import { type ReactNode, useState } from "react";
import { useTranslation } from "react-i18next";
import { Link, useLocation, useNavigate, useParams } from "react-router";
import { said } from "../app/language";
import { useTitle } from "../app/title";
import { answerOf } from "../ui/answer";
import { Coming } from "../ui/Coming";
import { Mark } from "../ui/Mark";
import { When } from "../ui/When";
import { ActionForm } from "./ActionForm";
import { useRefresh } from "./acts";
import { Clocks } from "./Clocks";
import { CustodyTab } from "./CustodyTab";
import { type Action, type Definition, type Field, stateOf } from "./definition";
import { FilesTab } from "./FilesTab";
import { Fits } from "./Fits";
import { Value } from "./fields/Value";
import { HelpName, HelpOf, NextHelp } from "./Help";
import { HistoryTab } from "./HistoryTab";
import { LineTables } from "./LineTables";
import { PrintDialog } from "./PrintDialog";
import { type RecordView, useDefinitions, useRecord } from "./queries";
import { RelatedTab } from "./RelatedTab";
import { StateTag } from "./StateTag";

export function RecordPage() {
  const { id = "" } = useParams();
  const { t } = useTranslation();
  const definitions = useDefinitions();
  const asked = useRecord(id);
  const record = answerOf(asked, <Coming rows={10} />);
  const known = answerOf(definitions, <Coming rows={10} />);
  const named = (what: ReactNode) => (
    <>
      <Typography.Title level={1} style={{ fontSize: 20, margin: "0 0 12px" }}>
        {t("desk.record")}
      </Typography.Title>
      {what}
    </>
  );
  if (record.data === undefined) {
    return asked.error ? named(record.instead) : record.instead;
  }
  if (known.data === undefined) {
    return known.instead;
  }
  const { line } = record.data;
  if (line) {
    return named(<OfLine id={line.of} />);
  }
  const definition = known.data.find((one) => one.key === record.data.register);
  if (!definition) {
    return <Alert type="warning" title={t("register.none")} />;
  }
  return (
    <HelpOf definition={definition}>
      {record.note}
      <Known key={id} definition={definition} record={record.data} />
    </HelpOf>
  );
}

/** A line is read on the page of its record. */
function OfLine({ id }: { id: string }) {
  const { t } = useTranslation();
  return (
    <Alert
      type="info"
      showIcon
      title={t("record.line")}
      action={<Link to={`/records/${id}`}>{t("record.toWhole")}</Link>}
    />
  );
}

function titleText(definition: Definition, record: RecordView): string {
  const named = definition.title ? record.fields[definition.title] : undefined;
  return typeof named === "string" ? named : "";
}

function Known({ definition, record }: { definition: Definition; record: RecordView }) {
  const { i18n } = useTranslation();
  const refresh = useRefresh();
  const [begun, begin] = useBegun(definition);
  const [printing, print] = useState(false);
  const scanned = (useLocation().state as { scanned?: boolean } | null)?.scanned === true;
  const name = said(definition.name, i18n.language);
  const title = titleText(definition, record);
  useTitle(record.number ?? name);
  return (
    <article aria-labelledby="record-name">
      <Card styles={{ body: { padding: 16 } }}>
        <Flex vertical gap={10}>
          <Flex gap={10} align="center" wrap>
            <Mark label={record.label} />
            <Link to={`/registers/${definition.key}`}>{name}</Link>
            {record.number && <Typography.Text copyable>{record.number}</Typography.Text>}
            <StateTag definition={definition} state={record.state} />
          </Flex>
          <Typography.Title
            level={1}
            id="record-name"
            style={{ fontSize: 20, margin: 0, overflowWrap: "anywhere" }}
          >
            <bdi>{title || record.number || name}</bdi>
          </Typography.Title>
          <Way definition={definition} record={record} />
          <Acts definition={definition} record={record} begin={begin} print={() => print(true)} />
        </Flex>
      </Card>
      {scanned && <Fits record={record} />}
      <Clocks definition={definition} clocks={record.clocks} />
      <Parts definition={definition} record={record} />
      {printing && <PrintDialog definition={definition} of={{ record }} close={() => print(false)} />}
      {begun && (
        <ActionForm
          asked={{
            on: { id: record.id, version: record.version },
            register: definition.key,
            action: begun,
            fields: definition.fields,
            lines: definition.lines,
            states: definition.states,
            present: record.fields,
          }}
          close={() => begin(undefined)}
          done={() => {
            begin(undefined);
            void refresh();
          }}
        />
      )}
    </article>
  );
}

/** What is being done: by a button, or from another page, which goes on with a draft. */
function useBegun(definition: Definition): [Action | undefined, (action: Action | undefined) => void] {
  const place = useLocation();
  const go = useNavigate();
  const [own, setOwn] = useState<Action>();
  const from = place.state as { begin?: string } | null;
  const asked = definition.actions.find((action) => action.key === from?.begin);
  const begin = (action: Action | undefined) => {
    setOwn(action);
    if (from) {
      go(`${place.pathname}${place.search}`, { replace: true, state: null });
    }
  };
  return [own ?? asked, begin];
}

/** The states on the usual way, and the one it has come to. */
function Way({ definition, record }: { definition: Definition; record: RecordView }) {
  const { i18n } = useTranslation();
  const wide = Grid.useBreakpoint().lg ?? true;
  const usual = definition.states.filter((state) => !state.final);
  const ends = definition.states.filter((state) => state.final);
  const now = stateOf(definition, record.state);
  const end = now?.final ? now : ends[0];
  const way = end ? [...usual, end] : usual;
  const at = way.findIndex((state) => state.key === record.state);
  if (!wide || way.length < 2 || way.length > 7) {
    return null;
  }
  return (
    <Steps
      size="small"
      current={at}
      items={way.map((state) => ({ key: state.key, title: said(state.name, i18n.language) }))}
    />
  );
}

type ActsProps = {
  definition: Definition;
  record: RecordView;
  begin: (action: Action | undefined) => void;
  print: () => void;
};

/** What can be done now as buttons; the rest says why it cannot. */
function Acts({ definition, record, begin, print }: ActsProps) {
  const { t, i18n } = useTranslation();
  const known = record.actions.flatMap((state) => {
    const action = definition.actions.find((one) => one.key === state.key);
    return action ? [{ action, state }] : [];
  });
  const may = known.filter(({ state }) => state.allowed);
  const first = may.filter(({ action }) => action.builtin === undefined);
  const rest = may.filter(({ action }) => action.builtin !== undefined);
  const not = known.filter(({ state }) => !state.allowed);
  const why = (reasons: { zh: string; en: string }[]) =>
    reasons.map((one) => said(one, i18n.language)).join(" ");
  return (
    <>
      <Flex gap={8} wrap>
        {first.map(({ action }, at) => (
          <Button key={action.key} type={at === 0 ? "primary" : "default"} onClick={() => begin(action)}>
            {said(action.name, i18n.language)}
          </Button>
        ))}
        {rest.length > 0 && (
          <Dropdown
            trigger={["click"]}
            menu={{
              items: rest.map(({ action }) => ({ key: action.key, label: said(action.name, i18n.language) })),
              onClick: ({ key }) => begin(rest.find(({ action }) => action.key === key)?.action),
            }}
          >
            <Button icon={<DownOutlined aria-hidden="true" />} iconPlacement="end">
              {t("record.more")}
            </Button>
          </Dropdown>
        )}
        <Button icon={<PrinterOutlined aria-hidden="true" />} onClick={print}>
          {t("print.title")}
        </Button>
        {not.map(({ action, state }) => (
          <Tooltip key={action.key} title={why(state.reasons)}>
            {/* WHY not `disabled`: a disabled button is skipped by the keyboard, and its reason with it */}
            <Button aria-disabled="true" className="not-now" aria-description={why(state.reasons)}>
              {said(action.name, i18n.language)}
            </Button>
          </Tooltip>
        ))}
      </Flex>
      <NextHelp actions={first.map(({ action }) => action)} />
    </>
  );
}

const WIDE = ["long_text", "table", "checklist", "persons", "units", "links", "label"];

function Parts({ definition, record }: { definition: Definition; record: RecordView }) {
  const { t } = useTranslation();
  const [tab, setTab] = useState("fields");
  return (
    <Card styles={{ body: { padding: "0 16px 16px" } }} style={{ marginTop: 12 }}>
      <Tabs
        activeKey={tab}
        onChange={setTab}
        items={[
          {
            key: "fields",
            label: t("record.fields"),
            children: (
              <>
                <Fields fields={definition.fields} record={record} />
                <LineTables definition={definition} record={record} />
              </>
            ),
          },
          { key: "related", label: t("related.title"), children: <RelatedTab record={record} /> },
          { key: "files", label: t("files.title"), children: <FilesTab id={record.id} /> },
          { key: "custody", label: t("custody.title"), children: <CustodyTab id={record.id} /> },
          {
            key: "history",
            label: t("history.title"),
            children: <HistoryTab definition={definition} record={record} />,
          },
        ]}
      />
    </Card>
  );
}

function Fields({ fields, record }: { fields: Field[]; record: RecordView }) {
  const { t, i18n } = useTranslation();
  const held = fields.filter((field) => {
    const value = record.fields[field.key];
    return value !== undefined && value !== null && !["file", "files"].includes(field.type);
  });
  return (
    <Descriptions
      size="small"
      column={{ xs: 1, sm: 1, md: 2, xl: 3 }}
      items={[
        ...held.map((field) => ({
          key: field.key,
          label: <HelpName name={said(field.name, i18n.language)} help={field.help} />,
          span: WIDE.includes(field.type) ? ("filled" as const) : 1,
          children: <Value field={field} value={record.fields[field.key]} />,
        })),
        { key: "created_at", label: t("record.created"), children: <When at={record.created_at} /> },
        { key: "updated_at", label: t("record.updated"), children: <When at={record.updated_at} /> },
        { key: "version", label: t("record.version"), children: record.version },
      ]}
    />
  );
}
