// The files somebody has taken in: theirs alone, kept for seven days.
import { Button, Empty, Flex, Table, Typography } from "antd";
import { useTranslation } from "react-i18next";
import { Link } from "react-router";
import { said } from "../../app/language";
import { useMe } from "../../app/session";
import { useTitle } from "../../app/title";
import { useDefinitions } from "../../registers/queries";
import { Coming } from "../../ui/Coming";
import { ProblemNote } from "../../ui/ProblemNote";
import { When } from "../../ui/When";
import { Counts } from "./Counts";
import { type Taken, takenBy, useAllTaken } from "./send";

export function Imports() {
  const { t, i18n } = useTranslation();
  const me = useMe();
  const all = useAllTaken();
  const definitions = useDefinitions().data ?? [];
  useTitle(t("imports.mine"));
  const nameOf = (key: string) =>
    said(definitions.find((one) => one.key === key)?.name, i18n.language) || key;
  const into = definitions.filter((one) => takenBy(one, me.roles).length > 0);
  return (
    <Flex vertical gap={12}>
      <Typography.Title level={1} style={{ fontSize: 20, margin: 0 }}>
        {t("imports.mine")}
      </Typography.Title>
      <Typography.Text type="secondary">{t("imports.kept")}</Typography.Text>
      {all.isPending && <Coming />}
      {all.error && <ProblemNote error={all.error} retry={() => void all.refetch()} />}
      {all.data?.length === 0 && (
        <Empty image={Empty.PRESENTED_IMAGE_SIMPLE} description={t("imports.none")}>
          <Flex gap={8} wrap justify="center">
            {into.slice(0, 12).map((one) => (
              <Link key={one.key} to={`/registers/${one.key}/import`}>
                <Button size="small">{said(one.name, i18n.language)}</Button>
              </Link>
            ))}
          </Flex>
        </Empty>
      )}
      {all.data && all.data.length > 0 && (
        <Table<Taken>
          size="small"
          rowKey="id"
          dataSource={all.data}
          pagination={false}
          scroll={{ x: "max-content" }}
          columns={[
            {
              key: "name",
              title: t("files.name"),
              render: (_, one) => (
                <Link to={`/imports/${one.id}`}>
                  <bdi>{one.name}</bdi>
                </Link>
              ),
            },
            { key: "register", title: t("desk.register"), render: (_, one) => nameOf(one.register) },
            { key: "state", title: t("record.state"), render: (_, one) => t(`imports.is_${one.state}`) },
            { key: "counts", title: t("imports.rows"), render: (_, one) => <Counts counts={one.counts} /> },
            { key: "at", title: t("desk.at"), render: (_, one) => <When at={one.created_at} /> },
          ]}
        />
      )}
    </Flex>
  );
}
