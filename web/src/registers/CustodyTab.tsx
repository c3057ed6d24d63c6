// One line of custody: where each copy is now, through whose hands it went, and who came to know what is in it.
import { Button, Empty, Flex, Grid, Segmented, Table, Tag, Timeline, Typography } from "antd";
import { lazy, Suspense, useState } from "react";
import { useTranslation } from "react-i18next";
import { Link } from "react-router";
import type { Shapes } from "../api/client";
import { answerOf } from "../ui/answer";
import { Coming } from "../ui/Coming";
import { ProblemNote, problemOf } from "../ui/ProblemNote";
import { When } from "../ui/When";
import { useEntryProof } from "./proof";
import { useCustody } from "./queries";

const Picture = lazy(() => import("./custody/Picture").then((module) => ({ default: module.Picture })));

type Copy = Shapes["CopyCustody"];
type View = "picture" | "list";

export function CustodyTab({ id }: { id: string }) {
  const { t } = useTranslation();
  const custody = useCustody(id, true);
  if (problemOf(custody.error)?.status === 404) {
    return (
      <Empty
        image={Empty.PRESENTED_IMAGE_SIMPLE}
        description={`${t("custody.none")} ${t("empty.noneHere")}`}
      />
    );
  }
  const told = answerOf(custody);
  if (told.data === undefined) {
    return told.instead;
  }
  return (
    <>
      {told.note}
      <Views custody={told.data} />
    </>
  );
}

/** As a picture where there is room for one, and as a list. */
function Views({ custody }: { custody: Shapes["Custody"] }) {
  const { t } = useTranslation();
  const wide = Grid.useBreakpoint().md ?? true;
  const [chosen, choose] = useState<View>();
  const view = chosen ?? (wide ? "picture" : "list");
  if (custody.copies.length === 0 && custody.known_by.length === 0) {
    return (
      <Empty
        image={Empty.PRESENTED_IMAGE_SIMPLE}
        description={`${t("custody.noCopies")} ${t("empty.copies")}`}
      />
    );
  }
  const views = (
    <Segmented<View>
      aria-label={t("lanes.view")}
      style={{ alignSelf: "start" }}
      value={view}
      onChange={choose}
      options={(["picture", "list"] as const).map((one) => ({ value: one, label: t(`lanes.view_${one}`) }))}
    />
  );
  return view === "picture" ? (
    <Suspense fallback={<Coming />}>
      <Picture custody={custody} views={views} />
    </Suspense>
  ) : (
    <Flex vertical gap={10}>
      {views}
      <Whole custody={custody} />
    </Flex>
  );
}

function Whole({ custody }: { custody: Shapes["Custody"] }) {
  const { t } = useTranslation();
  return (
    <Flex vertical gap={16}>
      <Table<Copy>
        size="small"
        rowKey={(copy) => copy.copy}
        dataSource={custody.copies}
        pagination={false}
        scroll={{ x: "max-content" }}
        locale={{ emptyText: t("custody.noCopies") }}
        expandable={{
          columnTitle: <span className="unseen">{t("custody.movements")}</span>,
          expandedRowRender: (copy) => <Movements copy={copy} />,
        }}
        columns={[
          {
            key: "serial",
            title: t("custody.serial"),
            render: (_, copy) => <Link to={`/records/${copy.copy}`}>{copy.serial}</Link>,
          },
          {
            key: "status",
            title: t("custody.status"),
            render: (_, copy) => (
              <Tag variant="outlined">{t(`custody.is_${copy.status}`, { defaultValue: copy.status })}</Tag>
            ),
          },
          { key: "person", title: t("custody.holder"), render: (_, copy) => copy.person?.name ?? "—" },
          { key: "place", title: t("custody.place"), render: (_, copy) => copy.place ?? "—" },
          { key: "since", title: t("custody.since"), render: (_, copy) => <When at={copy.since} /> },
          { key: "many", title: t("custody.movements"), render: (_, copy) => copy.movements.length },
        ]}
      />
      <section>
        <Typography.Title level={2} style={{ fontSize: 15 }}>
          {t("custody.knownBy")}
        </Typography.Title>
        <Table<Shapes["KnownBy"]>
          size="small"
          rowKey={(known) => `${known.person.id}${known.how}${known.at}`}
          dataSource={custody.known_by}
          pagination={false}
          scroll={{ x: "max-content" }}
          columns={[
            {
              key: "person",
              title: t("custody.person"),
              render: (_, known) => <bdi>{known.person.name}</bdi>,
            },
            {
              key: "how",
              title: t("custody.how"),
              render: (_, known) => t(`custody.by_${known.how}`, { defaultValue: known.how }),
            },
            { key: "at", title: t("custody.at"), render: (_, known) => <When at={known.at} /> },
          ]}
        />
      </section>
    </Flex>
  );
}

function Movements({ copy }: { copy: Copy }) {
  const { t } = useTranslation();
  const proof = useEntryProof();
  return (
    <>
      {proof.error && <ProblemNote error={proof.error} />}
      <Timeline
        style={{ margin: "12px 0 0 12px" }}
        items={copy.movements.map((movement) => ({
          key: movement.entry,
          content: (
            <Flex gap={10} wrap align="center">
              <Typography.Text strong>
                {t(`custody.did_${movement.kind}`, { defaultValue: movement.kind })}
              </Typography.Text>
              <bdi>{movement.person?.name ?? ""}</bdi>
              <bdi>{movement.place ?? ""}</bdi>
              <When at={movement.at} />
              {movement.cause && <Link to={`/records/${movement.cause}`}>{t("custody.cause")}</Link>}
              <Button size="small" type="link" onClick={() => proof.mutate(movement.entry)}>
                {t("history.proof")}
              </Button>
            </Flex>
          ),
        }))}
      />
    </>
  );
}
