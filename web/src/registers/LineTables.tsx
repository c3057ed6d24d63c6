// The lines of a record, each kind as a table; what can be done with a line stands in its row.
import { PlusOutlined, ScanOutlined } from "@ant-design/icons";
import { Button, Dropdown, Flex, Table, type TableColumnType, Typography } from "antd";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { useNavigate } from "react-router";
import { said } from "../app/language";
import { ActionForm } from "./ActionForm";
import { type On, useRefresh } from "./acts";
import type { Action, Definition, LineKind } from "./definition";
import { Value } from "./fields/Value";
import { HelpText } from "./Help";
import type { LineView, RecordView } from "./queries";
import { StateTag } from "./StateTag";
import { isBlind, scans } from "./scanning";

type Begun = { on: On; action: Action; present?: Record<string, unknown> };

export function LineTables({ definition, record }: { definition: Definition; record: RecordView }) {
  return definition.lines.map((kind) => <LineTable key={kind.key} kind={kind} record={record} />);
}

type TableProps = {
  kind: LineKind;
  record: RecordView;
  /** Whether it stands where they are scanned already. */
  scanned?: boolean;
};

export function LineTable({ kind, record, scanned = false }: TableProps) {
  const { t, i18n } = useTranslation();
  const go = useNavigate();
  const refresh = useRefresh();
  const [begun, begin] = useState<Begun>();
  const lines = (record.lines ?? []).filter((line) => line.line === kind.key);
  const mine = scans(kind, record);
  const blind = isBlind(kind, record);
  const adds = kind.actions.filter((action) => action.from.length === 0 && action.who !== "system");
  if (lines.length === 0 && adds.length === 0 && !mine && !blind) {
    return null;
  }
  return (
    <section style={{ marginTop: 16 }}>
      <Flex justify="space-between" align="center" style={{ marginBottom: 6 }}>
        <Typography.Title level={2} style={{ fontSize: 15, margin: 0 }}>
          {said(kind.name, i18n.language)} <Typography.Text type="secondary">{lines.length}</Typography.Text>
        </Typography.Title>
        <Flex gap={6}>
          {mine && !scanned && (
            <Button
              size="small"
              type="primary"
              icon={<ScanOutlined aria-hidden="true" />}
              onClick={() => go(`/records/${record.id}/scan/${kind.key}`)}
            >
              {t("scan.byScanning")}
            </Button>
          )}
          {adds.map((action) => (
            <Button
              key={action.key}
              size="small"
              icon={<PlusOutlined aria-hidden="true" />}
              onClick={() => begin({ on: { of: record.id, line: kind.key }, action })}
            >
              {said(action.name, i18n.language)}
            </Button>
          ))}
        </Flex>
      </Flex>
      {kind.help && (
        <Typography.Paragraph type="secondary" style={{ marginBottom: 6 }}>
          <HelpText text={kind.help} />
        </Typography.Paragraph>
      )}
      {blind && !scanned && (
        <Typography.Paragraph type="secondary">
          {t("scan.blind")} {mine && t("scan.blindDo")}
        </Typography.Paragraph>
      )}
      {lines.length > 0 && (
        <Table<LineView>
          size="small"
          rowKey="id"
          dataSource={lines}
          columns={columnsOf(kind, lines, begin, i18n.language, t)}
          pagination={lines.length > 50 ? { pageSize: 50, size: "small" } : false}
          scroll={{ x: "max-content" }}
        />
      )}
      {begun && (
        <ActionForm
          asked={{
            ...begun,
            ...asItIs(begun.on, lines),
            fields: kind.fields,
            states: kind.states,
            register: `${record.register}.${kind.key}`,
            of: record.id,
          }}
          close={() => begin(undefined)}
          done={() => {
            begin(undefined);
            void refresh();
          }}
        />
      )}
    </section>
  );
}

/** The line that is acted on, as the page knows it now; the form says when that is not what it was opened with. */
function asItIs(on: On, lines: LineView[]): Partial<Begun> {
  const line = "id" in on ? lines.find((one) => one.id === on.id) : undefined;
  return line ? { on: { id: line.id, version: line.version }, present: line.fields } : {};
}

function columnsOf(
  kind: LineKind,
  lines: LineView[],
  begin: (begun: Begun) => void,
  language: string,
  t: (key: string) => string,
): TableColumnType<LineView>[] {
  const used = kind.fields.filter((field) => lines.some((line) => line.fields[field.key] !== undefined));
  // while one counts blindly no line has a number: it would tell how many there are
  const numbered = lines.every((line) => line.no > 0);
  return [
    ...(numbered
      ? [{ key: "no", title: t("rows.no"), render: (_: unknown, line: LineView) => line.no }]
      : []),
    ...used.map((field) => ({
      key: field.key,
      // WHY without its help: the table writes its head twice, once where only a ruler looks
      title: said(field.name, language),
      render: (_: unknown, line: LineView) => <Value field={field} value={line.fields[field.key]} />,
    })),
    {
      key: "state",
      title: t("record.state"),
      render: (_, line) => <StateTag definition={kind} state={line.state} />,
    },
    {
      key: "do",
      title: t("rows.do"),
      render: (_, line) => <LineActs kind={kind} line={line} begin={begin} />,
    },
  ];
}

function LineActs({ kind, line, begin }: { kind: LineKind; line: LineView; begin: (begun: Begun) => void }) {
  const { t, i18n } = useTranslation();
  const may = line.actions.filter((one) => one.allowed);
  const all = may.flatMap((one) => kind.actions.filter((action) => action.key === one.key));
  const first = all.filter((action) => action.builtin === undefined).slice(0, 2);
  const rest = all.filter((action) => !first.includes(action));
  const start = (action: Action | undefined) => {
    if (action) {
      begin({ on: { id: line.id, version: line.version }, action, present: line.fields });
    }
  };
  return (
    <Flex gap={4}>
      {first.map((action) => (
        <Button key={action.key} size="small" onClick={() => start(action)}>
          {said(action.name, i18n.language)}
        </Button>
      ))}
      {rest.length > 0 && (
        <Dropdown
          trigger={["click"]}
          menu={{
            items: rest.map((action) => ({ key: action.key, label: said(action.name, i18n.language) })),
            onClick: ({ key }) => start(rest.find((action) => action.key === key)),
          }}
        >
          <Button size="small" aria-label={t("record.more")}>
            …
          </Button>
        </Dropdown>
      )}
    </Flex>
  );
}
