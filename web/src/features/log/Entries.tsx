// Entries of the log, page after page; what stands in a row narrows the log to what has the same.
import { useInfiniteQuery } from "@tanstack/react-query";
import { Button, Flex, Table, type TableColumnType, Typography } from "antd";
import { useTranslation } from "react-i18next";
import { api, got, type Shapes } from "../../api/client";
import { said } from "../../app/language";
import { useEntryProof } from "../../registers/proof";
import { useDefinitions } from "../../registers/queries";
import { Coming } from "../../ui/Coming";
import { ProblemNote } from "../../ui/ProblemNote";
import { useDates } from "../../ui/When";
import { kindOf, type LogAsked, query } from "./asked";

type Entry = {
  id: string;
  action: string;
  actor: { account?: string; system?: string };
  at: string;
  register?: string;
  record?: string;
};
type Row = Omit<Shapes["LogEntry"], "entry"> & { entry: Entry };

const PAGE = 100;

type Props = { asked: LogAsked; ask: (next: LogAsked) => void };

export function Entries({ asked, ask }: Props) {
  const { t } = useTranslation();
  const entries = useInfiniteQuery({
    queryKey: ["entries", asked],
    initialPageParam: undefined as number | undefined,
    queryFn: async ({ pageParam }) => {
      const after = pageParam === undefined ? {} : { after: pageParam };
      const asks = { limit: PAGE, ...query(asked), ...after };
      return got(api.GET("/api/v1/log/entries", { params: { query: asks } }));
    },
    getNextPageParam: (page) => page.next,
  });
  const proof = useEntryProof();
  const columns = useColumns(asked, ask, proof.mutate);
  if (entries.isPending) {
    return <Coming />;
  }
  if (entries.error) {
    return <ProblemNote error={entries.error} retry={() => void entries.refetch()} />;
  }
  const rows = entries.data.pages.flatMap((page) => page.items) as unknown as Row[];
  return (
    <>
      {proof.error && <ProblemNote error={proof.error} />}
      <Table<Row>
        size="small"
        rowKey="n"
        dataSource={rows}
        pagination={false}
        locale={{ emptyText: entries.hasNextPage ? t("log.notYet") : t("empty.log") }}
        scroll={{ x: "max-content" }}
        expandable={{
          columnTitle: <span className="unseen">{t("log.whole")}</span>,
          expandedRowRender: (row) => <pre className="pre">{JSON.stringify(row.entry, null, 2)}</pre>,
        }}
        columns={columns}
      />
      <Flex gap={12} align="center">
        {entries.hasNextPage && (
          <Button loading={entries.isFetchingNextPage} onClick={() => void entries.fetchNextPage()}>
            {t("log.more")}
          </Button>
        )}
        <Typography.Text type="secondary" role="status">
          {t("log.shown", { count: rows.length })}
        </Typography.Text>
      </Flex>
    </>
  );
}

function useColumns(
  asked: LogAsked,
  ask: (next: LogAsked) => void,
  prove: (entry: string) => void,
): TableColumnType<Row>[] {
  const { t, i18n } = useTranslation();
  const dates = useDates();
  const definitions = useDefinitions();
  const nameOf = (key: string) =>
    said(definitions.data?.find((one) => one.key === key)?.name, i18n.language) || key;
  const narrow = (key: keyof LogAsked, value: string, shown: string) => (
    <Button
      type="link"
      size="small"
      className="inline"
      title={t("log.only", { what: shown })}
      onClick={() => ask({ ...asked, [key]: value })}
    >
      <bdi>{shown}</bdi>
    </Button>
  );
  const actor = ({ entry, account }: Row) =>
    entry.actor.account
      ? narrow("account", entry.actor.account, account ?? entry.actor.account)
      : t("log.program", { part: t(`log.part_${entry.actor.system ?? "system"}`) });
  return [
    { key: "index", title: t("log.index"), render: (_, row) => row.index ?? t("log.waits") },
    {
      key: "at",
      title: t("log.at"),
      render: (_, row) => <time dateTime={row.entry.at}>{dates.second(row.entry.at)}</time>,
    },
    {
      key: "action",
      title: t("log.action"),
      render: (_, row) =>
        narrow("kind", kindOf(row.entry.action), said(row.name, i18n.language) || row.entry.action),
    },
    {
      key: "register",
      title: t("log.register"),
      render: (_, row) =>
        row.entry.register && narrow("register", row.entry.register, nameOf(row.entry.register)),
    },
    {
      key: "record",
      title: t("log.record"),
      render: (_, row) => row.entry.record && narrow("record", row.entry.record, row.entry.record.slice(-8)),
    },
    { key: "actor", title: t("log.actor"), render: (_, row) => actor(row) },
    {
      key: "proof",
      title: t("history.proof"),
      render: (_, row) => (
        <Button size="small" onClick={() => prove(row.entry.id)}>
          {t("log.take")}
        </Button>
      ),
    },
  ];
}
