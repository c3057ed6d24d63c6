// A pile, made by scanning one label after another, and what can be done with all of it at once.
import { DeleteOutlined, PlusOutlined } from "@ant-design/icons";
import { useQueries, useQueryClient } from "@tanstack/react-query";
import { Button, Card, Empty, Flex, Table, Typography } from "antd";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { Link, useNavigate } from "react-router";
import { Refused } from "../../api/client";
import { said } from "../../app/language";
import { useMe } from "../../app/session";
import { useTitle } from "../../app/title";
import { BulkForm } from "../../registers/BulkBar";
import { columnsOf, type Definition, mayBegin } from "../../registers/definition";
import { Value } from "../../registers/fields/Value";
import { find, type RecordView, useDefinitions } from "../../registers/queries";
import { StateTag } from "../../registers/StateTag";
import { titleOf } from "../../registers/titles";
import {
  beginningsOf,
  doingsOf,
  type Offer,
  offersOf,
  type Piled,
  piledQuery,
  readPiled,
} from "../../registers/underway";
import { isBroken, labelled, sameNumber } from "../../scan/label";
import { MOST, type Pile, usePile } from "../../scan/pile";
import type { Word } from "../../scan/Said";
import { sound } from "../../scan/sound";
import { Coming } from "../../ui/Coming";
import { Mark } from "../../ui/Mark";
import { ProblemNote } from "../../ui/ProblemNote";
import { useOneByOne } from "./one";
import { ScanField } from "./ScanField";

export function ScanPage() {
  const { t } = useTranslation();
  const definitions = useDefinitions();
  useTitle(t("nav.scan"));
  if (definitions.isPending) {
    return <Coming />;
  }
  if (definitions.error) {
    return <ProblemNote error={definitions.error} retry={() => void definitions.refetch()} />;
  }
  return <Known definitions={definitions.data} />;
}

function nameOf(record: RecordView, definitions: Definition[], language: string): string {
  const definition = definitions.find((one) => one.key === record.register);
  const title = titleOf(record, definition?.title);
  return `${said(definition?.name, language)} ${title}`.trim();
}

/** What is meant by a number that was typed: the only record that has it. */
async function byNumber(text: string, definitions: Definition[]): Promise<RecordView[]> {
  const found = await Promise.all(
    definitions.map(async (definition) => {
      const records = await find(definition.key, text, 3);
      return records.filter((one) =>
        [one.number, definition.title && one.fields[definition.title]].some(
          (held) => typeof held === "string" && sameNumber(held, text),
        ),
      );
    }),
  );
  return found.flat();
}

/** What comes of each scan: into the pile, or words and a sound that say why not. */
function useHear(pile: Pile, definitions: Definition[]): [Word | undefined, (text: string) => void] {
  const { t, i18n } = useTranslation();
  const queries = useQueryClient();
  const [word, say] = useState<Word>();
  const tell = (good: boolean, text: string) => {
    say({ good, text });
    sound(good ? "good" : "bad");
  };
  const take = async (id: string) => {
    const known = await readPiled(queries, id, definitions);
    const { record } = known;
    const name = nameOf(record, definitions, i18n.language);
    if (record.line) {
      tell(false, t("scan.isLine"));
    } else if (pile.has(id)) {
      tell(false, t("scan.twice", { name }));
    } else if (pile.size() >= MOST) {
      tell(false, t("scan.full", { count: MOST }));
    } else {
      pile.add([id]);
      tell(true, t("scan.taken", { name, count: pile.size() }));
    }
  };
  const hear = useOneByOne(async (text) => {
    try {
      const id = labelled(text);
      if (id !== undefined) {
        await take(id);
        return;
      }
      const records = isBroken(text) ? [] : await byNumber(text, definitions);
      const [only, ...others] = records;
      if (only && others.length === 0) {
        await take(only.id);
      } else if (only) {
        tell(false, t("scan.several", { text }));
      } else {
        tell(false, isBroken(text) ? t("scan.broken") : t("scan.noNumber", { text }));
      }
    } catch (error) {
      const missing = error instanceof Refused && error.problem.status === 404;
      tell(false, missing ? t("scan.unknown") : t("scan.failed"));
    }
  });
  return [word, hear];
}

function Known({ definitions }: { definitions: Definition[] }) {
  const { t } = useTranslation();
  const pile = usePile();
  const [word, hear] = useHear(pile, definitions);
  const asked = useQueries({ queries: pile.ids.map((id) => piledQuery(id, definitions)) });
  const known = asked.flatMap((one) => (one.data ? [one.data] : []));
  const registers = [...new Set(known.map(({ record }) => record.register))];
  const gone = pile.ids.filter((_, at) => asked[at]?.isError);
  return (
    <Flex vertical gap={12}>
      <Flex justify="space-between" align="center" wrap gap={8}>
        <Typography.Title level={1} style={{ fontSize: 20, margin: 0 }}>
          {t("nav.scan")}
        </Typography.Title>
        {pile.ids.length > 0 && (
          <Flex gap={8} align="center">
            <Typography.Text type="secondary">{t("scan.count", { count: pile.ids.length })}</Typography.Text>
            <Button onClick={pile.empty}>{t("scan.empty")}</Button>
          </Flex>
        )}
      </Flex>
      <ScanField hear={hear} word={word} />
      {registers.map((register) => {
        const definition = definitions.find((one) => one.key === register);
        return definition ? (
          <Group
            key={register}
            definition={definition}
            definitions={definitions}
            piled={known.filter(({ record }) => record.register === register)}
            pile={pile}
          />
        ) : null;
      })}
      {gone.map((id) => (
        <Flex key={id} gap={8} align="center">
          <Typography.Text type="secondary">{t("scan.gone")}</Typography.Text>
          <Button size="small" onClick={() => pile.remove(id)}>
            {t("scan.leaveOut")}
          </Button>
        </Flex>
      ))}
      {pile.ids.length === 0 && (
        <Empty image={Empty.PRESENTED_IMAGE_SIMPLE} description={t("scan.nothingYet")} />
      )}
    </Flex>
  );
}

type GroupProps = { definition: Definition; definitions: Definition[]; piled: Piled[]; pile: Pile };

function Group({ definition, definitions, piled, pile }: GroupProps) {
  const { i18n } = useTranslation();
  const name = said(definition.name, i18n.language);
  return (
    <Card
      size="small"
      title={
        <h2 style={{ fontSize: 15, margin: 0 }}>
          {name} <Typography.Text type="secondary">{piled.length}</Typography.Text>
        </h2>
      }
    >
      <Offers definition={definition} definitions={definitions} piled={piled} />
      <Rows definition={definition} definitions={definitions} piled={piled} pile={pile} />
    </Card>
  );
}

/** What all of them can do as buttons; what only some can, with those that stand in the way. */
function Offers({ definition, definitions, piled }: Omit<GroupProps, "pile">) {
  const { t, i18n } = useTranslation();
  const me = useMe();
  const go = useNavigate();
  const [begun, begin] = useState<Offer>();
  const ids = piled.map(({ record }) => record.id);
  const anew = beginningsOf(definition.key, ids, definitions).filter(({ action }) =>
    mayBegin(action, me.roles),
  );
  const offers = offersOf(piled, definitions);
  const name = said(definition.name, i18n.language);
  const whole = offers.filter((offer) => offer.without.length === 0);
  const partly = offers.filter((offer) => offer.without.length > 0);
  const text = (offer: Pick<Offer, "definition" | "action">) =>
    offer.definition.key === definition.key
      ? said(offer.action.name, i18n.language)
      : `${said(offer.definition.name, i18n.language)} · ${said(offer.action.name, i18n.language)}`;
  return (
    <Flex vertical gap={6} style={{ marginBottom: 8 }} role="region" aria-label={t("scan.actsOf", { name })}>
      <Flex gap={8} wrap>
        {whole.map((offer, at) => (
          <Button key={text(offer)} type={at === 0 ? "primary" : "default"} onClick={() => begin(offer)}>
            {text(offer)}
          </Button>
        ))}
        {anew.map((one) => (
          <Button
            key={`+${text(one)}`}
            icon={<PlusOutlined aria-hidden="true" />}
            onClick={() =>
              go(`/registers/${one.definition.key}`, {
                state: { begin: one.action.key, filled: one.filled },
              })
            }
          >
            {text(one)}
          </Button>
        ))}
        {offers.length + anew.length === 0 && (
          <Typography.Text type="secondary">{t("scan.noActs")}</Typography.Text>
        )}
      </Flex>
      {partly.map((offer) => (
        <Typography.Text key={text(offer)} type="secondary">
          {t("scan.partly", {
            name: text(offer),
            count: offer.on.length,
            all: piled.length,
            without: offer.without
              .slice(0, 5)
              .map((one) => titleOf(one, definition.title) || one.id.slice(-6))
              .join(t("list.and")),
          })}
        </Typography.Text>
      ))}
      {begun && (
        <BulkForm
          definition={begun.definition}
          action={begun.action}
          chosen={begun.on}
          close={() => begin(undefined)}
        />
      )}
    </Flex>
  );
}

function Rows({ definition, definitions, piled, pile }: GroupProps) {
  const { t, i18n } = useTranslation();
  const links = columnsOf(definition).filter((field) => field.type === "link" && field.index);
  return (
    <Table<Piled>
      size="small"
      rowKey={({ record }) => record.id}
      dataSource={piled}
      pagination={piled.length > 50 ? { pageSize: 50, size: "small" } : false}
      scroll={{ x: "max-content" }}
      columns={[
        {
          key: "number",
          title: t("record.number"),
          render: (_, { record }) => (
            <Link to={`/records/${record.id}`} state={{ scanned: true }}>
              <bdi>{titleOf(record, definition.title) || t("record.open")}</bdi>
            </Link>
          ),
        },
        ...links.map((field) => ({
          key: field.key,
          title: said(field.name, i18n.language),
          render: (_: unknown, { record }: Piled) => <Value field={field} value={record.fields[field.key]} />,
        })),
        { key: "mark", title: t("record.mark"), render: (_, { record }) => <Mark label={record.label} /> },
        {
          key: "state",
          title: t("record.state"),
          render: (_, { record }) => <StateTag definition={definition} state={record.state} />,
        },
        {
          key: "can",
          title: t("scan.can"),
          render: (_, one) => <Can piled={one} definitions={definitions} />,
        },
        {
          key: "out",
          title: <span className="unseen">{t("rows.do")}</span>,
          render: (_, { record }) => (
            <Button
              type="text"
              size="small"
              icon={<DeleteOutlined aria-hidden="true" />}
              aria-label={t("scan.leaveOutOf", { name: titleOf(record, definition.title) })}
              onClick={() => pile.remove(record.id)}
            />
          ),
        },
      ]}
    />
  );
}

/** What can be done with one of them, each where it stands. */
function Can({ piled, definitions }: { piled: Piled; definitions: Definition[] }) {
  const { i18n } = useTranslation();
  const doings = doingsOf(piled, definitions);
  if (doings.length === 0) {
    return <Typography.Text type="secondary">—</Typography.Text>;
  }
  return (
    <Flex gap="0 10px" wrap style={{ maxWidth: 320 }}>
      {doings.map((one) => (
        <Link key={`${one.on.id} ${one.action.key}`} to={`/records/${one.page.id}`}>
          {said(one.action.name, i18n.language)}
        </Link>
      ))}
    </Flex>
  );
}
