// The records of a register, as far as the reader may see them, page after page.
import { Button, Empty, Flex, Table, type TableColumnType, Typography } from "antd";
import { type ReactNode, useMemo, useState } from "react";
import { useTranslation } from "react-i18next";
import { Link, useNavigate } from "react-router";
import { said } from "../app/language";
import { answerOf } from "../ui/answer";
import { Coming } from "../ui/Coming";
import { Mark } from "../ui/Mark";
import { When } from "../ui/When";
import { BulkBar } from "./BulkBar";
import { ColumnChoice } from "./ColumnChoice";
import type { Columns } from "./columns";
import { columnsOf, type Definition } from "./definition";
import { Value } from "./fields/Value";
import { type Asked, anew, PAGE, type RecordView, useRecords, useTotal } from "./queries";
import { StateTag } from "./StateTag";
import { titleOf } from "./titles";

/** So far the server counts. */
const CAP = 10_000;

type Props = {
  definition: Definition;
  asked: Asked;
  ask: (next: Asked) => void;
  columns: Columns;
  /** How its first record is begun, by who may. */
  first?: ReactNode;
};

export function RegisterTable({ definition, asked, ask, columns: own, first }: Props) {
  const { t, i18n } = useTranslation();
  const go = useNavigate();
  const records = useRecords(definition.key, asked);
  const counted = useTotal(definition.key, asked);
  const rows = records.data?.items ?? [];
  const columns = useTableColumns(definition, own.shown, asked);
  const [chosen, choose] = useState<RecordView[]>([]);
  const many =
    definition.actions.some((action) => action.bulk && action.from.length > 0) ||
    definition.prints.some((print) => print.of === "label");
  const told = answerOf(records, <Coming rows={8} />);
  if (told.data === undefined) {
    return told.instead;
  }
  const { next } = told.data;
  const total = counted.data;
  const page = Number(asked.page ?? 1);
  return (
    <>
      {told.note}
      <BulkBar definition={definition} chosen={chosen} clear={() => choose([])} />
      <Table<RecordView>
        key={i18n.language}
        className="scrolls"
        size="small"
        {...(many
          ? {
              rowSelection: {
                selectedRowKeys: chosen.map((one) => one.id),
                onChange: (_: unknown, rows: RecordView[]) => choose(rows),
                getCheckboxProps: (record: RecordView) =>
                  ({ "aria-label": t("bulk.choose", { name: record.number ?? "" }) }) as never,
                // WHY: its own box for all is there twice, once where only a screen reader comes
                hideSelectAll: true,
                columnTitle: <span className="unseen">{t("bulk.title")}</span>,
              },
            }
          : {})}
        rowKey="id"
        columns={columns}
        dataSource={rows}
        pagination={false}
        loading={records.isPlaceholderData}
        locale={{ emptyText: <Nothing asked={asked} ask={ask} first={first} /> }}
        onRow={(record) => ({ onDoubleClick: () => go(`/records/${record.id}`) })}
        onChange={(_, __, sorter) => {
          const one = Array.isArray(sorter) ? sorter[0] : sorter;
          const { sort: _old, ...rest } = anew(asked);
          ask(
            one?.order
              ? { ...rest, sort: `${one.order === "descend" ? "-" : ""}${String(one.columnKey)}` }
              : rest,
          );
        }}
      />
      <Flex justify="space-between" align="center" style={{ marginTop: 8 }} wrap gap={8}>
        <Typography.Text type="secondary" role="status">
          {rows.length > 0 &&
            t("register.range", { from: (page - 1) * PAGE + 1, to: (page - 1) * PAGE + rows.length })}
          {rows.length > 0 &&
            typeof total === "number" &&
            t("register.ofAll", {
              total: total >= CAP ? `${CAP.toLocaleString()}+` : total.toLocaleString(),
            })}
        </Typography.Text>
        <Flex gap={8}>
          {many && rows.length > 0 && (
            <Button size="small" onClick={() => choose(rows)}>
              {t("bulk.all")}
            </Button>
          )}
          <ColumnChoice definition={definition} columns={own} />
          <Turner page={page} next={next} turning={records.isPlaceholderData} asked={asked} ask={ask} />
        </Flex>
      </Flex>
    </>
  );
}

type TurnerProps = {
  page: number;
  next: string | null | undefined;
  turning: boolean;
  asked: Asked;
  ask: (next: Asked) => void;
};

/** To the page after, the one before, and back to the first. */
function Turner({ page, next, turning, asked, ask }: TurnerProps) {
  const { t } = useTranslation();
  const go = useNavigate();
  // pages that were turned here lie behind in the browser; of an address that came from elsewhere the first does
  const [turned, turn] = useState(0);
  if (page === 1 && !next) {
    return null;
  }
  const back = () => {
    if (turned > 0) {
      turn(turned - 1);
      go(-1);
    } else {
      ask(anew(asked));
    }
  };
  return (
    <Flex gap={8} role="navigation" aria-label={t("register.pages")}>
      {page > 2 && (
        <Button size="small" onClick={() => ask(anew(asked))}>
          {t("register.firstPage")}
        </Button>
      )}
      <Button size="small" disabled={page === 1} onClick={back}>
        {t("register.pageBefore")}
      </Button>
      <Button
        size="small"
        disabled={!next}
        loading={turning}
        onClick={() => {
          if (next) {
            turn(turned + 1);
            ask({ ...asked, after: next, page: String(page + 1) });
          }
        }}
      >
        {t("register.pageAfter")}
      </Button>
    </Flex>
  );
}

function useTableColumns(
  definition: Definition,
  shown: string[],
  asked: Asked,
): TableColumnType<RecordView>[] {
  const { t, i18n } = useTranslation();
  return useMemo(() => {
    const order = (key: string) =>
      asked.sort === key ? ("ascend" as const) : asked.sort === `-${key}` ? ("descend" as const) : null;
    // what has no numbers is opened by its title, which then stands first
    const title = definition.number
      ? undefined
      : definition.fields.find((one) => one.key === definition.title);
    // a cell is drawn anew when its record is another, not with every step of the page
    const shouldCellUpdate = (record: RecordView, before: RecordView) => record !== before;
    const all = columnsOf(definition).filter((field) => field.key !== title?.key);
    const fields = shown.flatMap((key) => all.find((field) => field.key === key) ?? []);
    return [
      {
        key: title?.key ?? "number",
        title: title ? said(title.name, i18n.language) : t("record.number"),
        className: "sticks",
        shouldCellUpdate,
        ...(title?.index ? { sorter: true, sortOrder: order(title.key) } : {}),
        render: (_: unknown, record: RecordView) => (
          <Link to={`/records/${record.id}`}>
            <bdi>{record.number || (title && titleOf(record, title.key)) || t("record.open")}</bdi>
          </Link>
        ),
      },
      {
        key: "mark",
        title: t("record.mark"),
        shouldCellUpdate,
        render: (_: unknown, record: RecordView) => <Mark label={record.label} />,
      },
      ...fields.map((field) => ({
        key: field.key,
        title: said(field.name, i18n.language),
        shouldCellUpdate,
        ...(field.index && field.type !== "computed" ? { sorter: true, sortOrder: order(field.key) } : {}),
        render: (_: unknown, record: RecordView) => (
          <div className="clip cell">
            <Value field={field} value={record.fields[field.key]} />
          </div>
        ),
      })),
      {
        key: "state",
        title: t("record.state"),
        shouldCellUpdate,
        render: (_: unknown, record: RecordView) => <StateTag definition={definition} state={record.state} />,
      },
      {
        key: "updated_at",
        title: t("record.updated"),
        shouldCellUpdate,
        render: (_: unknown, record: RecordView) => <When at={record.updated_at} day />,
      },
    ];
  }, [definition, shown, asked.sort, t, i18n.language]);
}

type NothingProps = { asked: Asked; ask: (next: Asked) => void; first: ReactNode };

function Nothing({ asked, ask, first }: NothingProps) {
  const { t } = useTranslation();
  const searched = asked.q !== undefined || asked.filter !== undefined;
  return (
    <Empty
      image={Empty.PRESENTED_IMAGE_SIMPLE}
      description={
        searched ? t("register.nothingFound") : t(first ? "empty.registerFirst" : "empty.registerNot")
      }
    >
      {searched ? <Button onClick={() => ask({})}>{t("register.showAll")}</Button> : first}
    </Empty>
  );
}
