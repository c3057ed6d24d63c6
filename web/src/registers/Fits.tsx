// What somebody who has just scanned a label can do with what it is on: with what is under way about it, and anew.
import { PlusOutlined } from "@ant-design/icons";
import { useQuery } from "@tanstack/react-query";
import { Button, Card, Flex, Typography } from "antd";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { Link, useNavigate } from "react-router";
import { said } from "../app/language";
import { useMe } from "../app/session";
import { answerOf } from "../ui/answer";
import { Coming } from "../ui/Coming";
import { ActionForm } from "./ActionForm";
import type { Asked } from "./ActParts";
import { useRefresh } from "./acts";
import { type Action, type Definition, type Field, mayBegin } from "./definition";
import { begins, placesOf } from "./places";
import { type RecordView, useDefinitions } from "./queries";
import { StateTag } from "./StateTag";
import { type Doing, doingsOf, piledQuery } from "./underway";

export function Fits({ record }: { record: RecordView }) {
  const { t } = useTranslation();
  const me = useMe();
  const definitions = useDefinitions().data ?? [];
  const asked = useQuery(piledQuery(record.id, definitions));
  const piled = answerOf(asked, <Coming rows={1} style={{ marginTop: 12 }} />);
  if (piled.data === undefined) {
    return piled.instead;
  }
  // what can be done with the record itself stands above already
  const doings = doingsOf(piled.data, definitions).filter((one) => one.page.id !== record.id);
  const anew = beginningsOf(record, definitions, me.roles);
  if (piled.data.underway.length === 0 && anew.length === 0) {
    return null;
  }
  return (
    <Card size="small" title={t("scan.fits")} style={{ marginTop: 12 }}>
      <Flex vertical gap={8}>
        {piled.note}
        {piled.data.underway.map((one) => (
          <Matter key={one.id} record={one} doings={doings.filter(({ page }) => page.id === one.id)} />
        ))}
        <Anew record={record} all={anew} />
      </Flex>
    </Card>
  );
}

function Matter({ record, doings }: { record: RecordView; doings: Doing[] }) {
  const { t, i18n } = useTranslation();
  const refresh = useRefresh();
  const [begun, begin] = useState<Doing>();
  const definition = useDefinitions().data?.find((one) => one.key === record.register);
  if (!definition) {
    return null;
  }
  return (
    <Flex gap={8} align="center" wrap>
      <Link to={`/records/${record.id}`}>
        {said(definition.name, i18n.language)} {record.number ?? ""}
      </Link>
      <StateTag definition={definition} state={record.state} />
      {doings.length === 0 && <Typography.Text type="secondary">{t("scan.nothingNow")}</Typography.Text>}
      {doings.map((one, at) => (
        <Button
          key={`${one.on.id} ${one.action.key}`}
          size="small"
          type={at === 0 ? "primary" : "default"}
          onClick={() => begin(one)}
        >
          {said(one.action.name, i18n.language)}
        </Button>
      ))}
      {begun && (
        <ActionForm
          asked={{
            ...asItIs(record, begun.on),
            // what is typed is kept as it is on its own page
            register: begun.definition.key,
            ...(begun.on.id === record.id ? {} : { of: record.id }),
            action: begun.action,
            fields: begun.definition.fields,
            lines: begun.definition.lines,
            states: begun.definition.states,
          }}
          close={() => begin(undefined)}
          done={() => {
            begin(undefined);
            void refresh();
          }}
        />
      )}
    </Flex>
  );
}

/** The record that is acted on, or its line, as the page knows it now. */
function asItIs(record: RecordView, on: Doing["on"]): Pick<Asked, "on" | "present"> {
  const found = [record, ...(record.lines ?? [])].find((one) => one.id === on.id);
  return found ? { on: { id: found.id, version: found.version }, present: found.fields } : { on };
}

type Beginning = { definition: Definition; field: Field; action: Action };

/** What can be begun about the record. */
function beginningsOf(record: RecordView, definitions: Definition[], roles: string[]): Beginning[] {
  return placesOf(definitions, record.register).flatMap(({ definition, field }) =>
    begins(definition, field)
      .filter((action) => mayBegin(action, roles))
      .map((action) => ({ definition, field, action })),
  );
}

function Anew({ record, all }: { record: RecordView; all: Beginning[] }) {
  const { i18n } = useTranslation();
  const go = useNavigate();
  return (
    <Flex gap={8} wrap>
      {all.map(({ definition, field, action }) => (
        <Button
          key={`${definition.key} ${action.key}`}
          size="small"
          icon={<PlusOutlined aria-hidden="true" />}
          onClick={() =>
            go(`/registers/${definition.key}`, {
              state: { begin: action.key, filled: { [field.key]: record.id } },
            })
          }
        >
          {`${said(definition.name, i18n.language)} · ${said(action.name, i18n.language)}`}
        </Button>
      ))}
    </Flex>
  );
}
