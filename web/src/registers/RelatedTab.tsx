// What names this record, register by register; and what can be begun from here, with this record filled in.
import { PlusOutlined } from "@ant-design/icons";
import { useQueries } from "@tanstack/react-query";
import { Button, Empty, Flex, Table, Typography } from "antd";
import { useTranslation } from "react-i18next";
import { Link, useNavigate } from "react-router";
import { said } from "../app/language";
import { useMe } from "../app/session";
import { Coming } from "../ui/Coming";
import { Mark } from "../ui/Mark";
import { ProblemNote } from "../ui/ProblemNote";
import { When } from "../ui/When";
import { mayBegin } from "./definition";
import { begins, type Place, placesOf } from "./places";
import { filtered, type RecordView, useDefinitions } from "./queries";
import { StateTag } from "./StateTag";
import { titleOf } from "./titles";

const EACH = 20;

export function RelatedTab({ record }: { record: RecordView }) {
  const { t } = useTranslation();
  const places = placesOf(useDefinitions().data ?? [], record.register);
  const found = useQueries({
    queries: places.map(({ definition, field }) => ({
      queryKey: ["records", definition.key, "of", field.key, record.id],
      queryFn: () => filtered(definition.key, `${field.key}:${record.id}`, EACH),
    })),
  });
  if (found.some((one) => one.isPending)) {
    return <Coming />;
  }
  const shown = places
    .map((place, at) => ({ ...place, records: found[at]?.data ?? [] }))
    .filter(({ definition, field, records }) => records.length > 0 || begins(definition, field).length > 0);
  const failed = found.find((one) => one.error !== null);
  const note = failed && <ProblemNote error={failed.error} retry={() => void failed.refetch()} />;
  if (shown.length === 0 && note) {
    return note;
  }
  if (shown.length === 0) {
    return (
      <Empty
        image={Empty.PRESENTED_IMAGE_SIMPLE}
        description={`${t("related.none")} ${t("empty.related")}`}
      />
    );
  }
  return (
    <Flex vertical gap={16}>
      {note}
      {shown.map((place) => (
        <Group key={`${place.definition.key} ${place.field.key}`} {...place} of={record} />
      ))}
    </Flex>
  );
}

function Group({ definition, field, records, of }: Place & { records: RecordView[]; of: RecordView }) {
  const { t, i18n } = useTranslation();
  const me = useMe();
  const go = useNavigate();
  const mine = begins(definition, field).filter((action) => mayBegin(action, me.roles));
  const name = said(definition.name, i18n.language);
  if (records.length === 0 && mine.length === 0) {
    return null;
  }
  // a register that names the record in two places stands here twice
  const where = said(field.name, i18n.language);
  return (
    <section aria-label={`${name} ${where}`}>
      <Flex justify="space-between" align="center" gap={8} wrap style={{ marginBottom: 6 }}>
        <Typography.Title level={2} style={{ fontSize: 15, margin: 0 }}>
          <Link to={`/registers/${definition.key}?filter=${field.key}:${of.id}`}>
            {name} <Typography.Text type="secondary">{where}</Typography.Text>
          </Link>
        </Typography.Title>
        <Flex gap={6} wrap>
          {mine.map((action) => (
            <Button
              key={action.key}
              size="small"
              icon={<PlusOutlined aria-hidden="true" />}
              onClick={() =>
                go(`/registers/${definition.key}`, {
                  state: { begin: action.key, filled: { [field.key]: of.id } },
                })
              }
            >
              {said(action.name, i18n.language)}
            </Button>
          ))}
        </Flex>
      </Flex>
      {records.length > 0 && (
        <Table<RecordView>
          size="small"
          rowKey="id"
          dataSource={records}
          pagination={false}
          showHeader={false}
          scroll={{ x: "max-content" }}
          {...(records.length === EACH ? { footer: () => t("related.more") } : {})}
          columns={[
            {
              key: "number",
              render: (_, one) => (
                <Link to={`/records/${one.id}`}>
                  <bdi>{titleOf(one, definition.title) || t("record.open")}</bdi>
                </Link>
              ),
            },
            { key: "mark", render: (_, one) => <Mark label={one.label} /> },
            { key: "state", render: (_, one) => <StateTag definition={definition} state={one.state} /> },
            { key: "at", render: (_, one) => <When at={one.updated_at} /> },
          ]}
        />
      )}
    </section>
  );
}
