// What became of each row, and what is wrong with those that did not go.
import { useInfiniteQuery } from "@tanstack/react-query";
import { Button, Checkbox, Empty, Flex, Table, Typography } from "antd";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { Link } from "react-router";
import { api, got } from "../../api/client";
import { said } from "../../app/language";
import { useDefinition } from "../../registers/queries";
import { Coming } from "../../ui/Coming";
import { ProblemNote } from "../../ui/ProblemNote";
import type { Row, Taken } from "./send";

export function Rows({ taken }: { taken: Taken }) {
  const { t } = useTranslation();
  const failed = taken.counts.failed ?? 0;
  const [only, setOnly] = useState(failed > 0);
  const rows = useInfiniteQuery({
    queryKey: ["imports", taken.id, "rows", taken.state, only],
    initialPageParam: 0,
    queryFn: async ({ pageParam }) => {
      const query = { after: pageParam, ...(only ? { outcome: "failed" } : {}) };
      const params = { path: { id: taken.id }, query };
      return (await got(api.GET("/api/v1/imports/{id}/rows", { params }))).items;
    },
    getNextPageParam: (page) => (page.length >= 50 ? page.at(-1)?.row : undefined),
  });
  const all = rows.data?.pages.flat() ?? [];
  return (
    <section aria-label={t("imports.rows")}>
      <Flex gap={12} align="center" wrap style={{ marginBottom: 8 }}>
        <Typography.Title level={2} style={{ fontSize: 15, margin: 0 }}>
          {t("imports.rows")}
        </Typography.Title>
        <Checkbox checked={only} onChange={(event) => setOnly(event.target.checked)}>
          {t("imports.onlyFailed")}
        </Checkbox>
      </Flex>
      {rows.isPending && <Coming />}
      {rows.error && <ProblemNote error={rows.error} retry={() => void rows.refetch()} />}
      {rows.data && (
        <Table<Row>
          size="small"
          rowKey="row"
          dataSource={all}
          pagination={false}
          scroll={{ x: "max-content" }}
          locale={{
            emptyText: (
              <Empty image={Empty.PRESENTED_IMAGE_SIMPLE} description={t("imports.noneFailed")}>
                {only && <Button onClick={() => setOnly(false)}>{t("register.showAll")}</Button>}
              </Empty>
            ),
          }}
          columns={[
            { key: "row", title: t("imports.row"), render: (_, one) => one.row },
            {
              key: "outcome",
              title: t("bulk.outcome"),
              render: (_, one) => t(`imports.came_${one.outcome}`, { defaultValue: one.outcome }),
            },
            {
              key: "number",
              title: t("record.number"),
              render: (_, one) =>
                one.record ? <Link to={`/records/${one.record}`}>{one.number ?? t("record.open")}</Link> : "",
            },
            {
              key: "why",
              title: t("bulk.why"),
              render: (_, one) => <Problems register={taken.register} row={one} />,
            },
          ]}
        />
      )}
      {rows.hasNextPage && (
        <Button
          style={{ marginTop: 8 }}
          loading={rows.isFetchingNextPage}
          onClick={() => void rows.fetchNextPage()}
        >
          {t("log.more")}
        </Button>
      )}
    </section>
  );
}

function Problems({ register, row }: { register: string; row: Row }) {
  const { i18n } = useTranslation();
  const definition = useDefinition(register);
  const nameOf = (key: string) =>
    said(definition?.fields.find((field) => field.key === key)?.name, i18n.language) || key;
  return (
    <ul className="plain-list" style={{ maxWidth: 560 }}>
      {(row.problems ?? []).map((one) => (
        <li key={`${one.field ?? ""} ${one.rule ?? ""} ${one.code}`}>
          {(one.rule ?? one.field) && (
            <Typography.Text strong>{one.rule ?? nameOf(one.field ?? "")} </Typography.Text>
          )}
          <bdi className="pre">{said(one.say, i18n.language)}</bdi>
        </li>
      ))}
    </ul>
  );
}
