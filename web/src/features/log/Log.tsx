// The auditor's page: every entry of the log in its order, as it was sealed, and the proof that it is in it.
import { useInfiniteQuery, useQuery } from "@tanstack/react-query";
import { Button, Card, Flex, Skeleton, Table, Typography } from "antd";
import { useTranslation } from "react-i18next";
import { api, got } from "../../api/client";
import { said } from "../../app/language";
import { useTitle } from "../../app/title";
import { registerNamed } from "../../registers/definition";
import { useEntryProof } from "../../registers/proof";
import { useDefinitions } from "../../registers/queries";
import { ProblemNote } from "../../ui/ProblemNote";
import { When } from "../../ui/When";

type Entry = {
  id: string;
  action: string;
  actor: Record<string, string>;
  at: string;
  register?: string;
  record?: string;
  facts?: Record<string, string>;
};
type Row = { n: number; index?: number | null; entry: Entry };

const PAGE = 100;

export function Log() {
  const { t } = useTranslation();
  useTitle(t("nav.log"));
  return (
    <Flex vertical gap={12}>
      <Typography.Title level={1} style={{ fontSize: 20, margin: 0 }}>
        {t("nav.log")}
      </Typography.Title>
      <Checkpoint />
      <Entries />
    </Flex>
  );
}

/** The signed head: whoever has kept an older one can prove that nothing was taken away. */
function Checkpoint() {
  const { t } = useTranslation();
  const head = useQuery({
    queryKey: ["checkpoint"],
    queryFn: async () => {
      const text = await got(api.GET("/api/v1/log/checkpoint", { parseAs: "text" }));
      return String(text);
    },
  });
  const [origin = "", size = "", root = ""] = (head.data ?? "").split("\n");
  return (
    <Card size="small" title={t("log.checkpoint")}>
      {head.error ? (
        <ProblemNote error={head.error} />
      ) : (
        <Flex vertical gap={4}>
          <span>{t("log.head", { origin, size })}</span>
          <Typography.Text code copyable={{ text: head.data ?? "" }} style={{ overflowWrap: "anywhere" }}>
            {root}
          </Typography.Text>
          <Typography.Text type="secondary">{t("log.keep")}</Typography.Text>
        </Flex>
      )}
    </Card>
  );
}

function Entries() {
  const { t, i18n } = useTranslation();
  const definitions = useDefinitions();
  const entries = useInfiniteQuery({
    queryKey: ["entries"],
    initialPageParam: 0,
    queryFn: async ({ pageParam }) => {
      const query = { limit: PAGE, ...(pageParam === 0 ? {} : { after: pageParam }) };
      const page = await got(api.GET("/api/v1/log/entries", { params: { query } }));
      return page.items as unknown as Row[];
    },
    getNextPageParam: (page) => (page.length === PAGE ? page.at(-1)?.n : undefined),
  });
  const proof = useEntryProof();
  if (entries.isPending) {
    return <Skeleton active />;
  }
  if (entries.error) {
    return <ProblemNote error={entries.error} retry={() => void entries.refetch()} />;
  }
  const nameOf = (key: string) => said(registerNamed(definitions.data, key)?.name, i18n.language) || key;
  return (
    <>
      {proof.error && <ProblemNote error={proof.error} />}
      <Table<Row>
        size="small"
        rowKey="n"
        dataSource={entries.data.pages.flat()}
        pagination={false}
        locale={{ emptyText: t("empty.log") }}
        scroll={{ x: "max-content" }}
        expandable={{
          columnTitle: <span className="unseen">{t("log.whole")}</span>,
          expandedRowRender: (row) => <pre className="pre">{JSON.stringify(row.entry, null, 2)}</pre>,
        }}
        columns={[
          { key: "index", title: t("log.index"), render: (_, row) => row.index ?? t("log.waits") },
          { key: "at", title: t("log.at"), render: (_, row) => <When at={row.entry.at} /> },
          { key: "action", title: t("log.action"), render: (_, row) => <Act action={row.entry.action} /> },
          {
            key: "register",
            title: t("log.register"),
            render: (_, row) => (row.entry.register ? nameOf(row.entry.register) : ""),
          },
          {
            key: "actor",
            title: t("log.actor"),
            render: (_, row) => Object.values(row.entry.actor).join(" "),
          },
          {
            key: "proof",
            title: t("history.proof"),
            render: (_, row) => (
              <Button size="small" onClick={() => proof.mutate(row.entry.id)}>
                {t("log.take")}
              </Button>
            ),
          },
        ]}
      />
      {entries.hasNextPage && (
        <Button loading={entries.isFetchingNextPage} onClick={() => void entries.fetchNextPage()}>
          {t("log.more")}
        </Button>
      )}
    </>
  );
}

/** An act of a register in words; beside it, and of all else, what the entry itself says. */
function Act({ action }: { action: string }) {
  const { i18n } = useTranslation();
  const definitions = useDefinitions();
  const at = action.lastIndexOf(".");
  const register = registerNamed(definitions.data, action.slice(0, at));
  const act = register?.actions.find((one) => one.key === action.slice(at + 1));
  return (
    <>
      {said(act?.name, i18n.language)} <code>{action}</code>
    </>
  );
}
