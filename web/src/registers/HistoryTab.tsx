// Every version of a record: who did what when, what changed by it, who signed, and the proof that it was so.
import { Button, Descriptions, Flex, Timeline, Typography } from "antd";
import { useTranslation } from "react-i18next";
import { said } from "../app/language";
import { answerOf } from "../ui/answer";
import { ProblemNote } from "../ui/ProblemNote";
import { useShows } from "../ui/shown";
import { When } from "../ui/When";
import type { Definition } from "./definition";
import { NameOf } from "./fields/NameOf";
import { Value } from "./fields/Value";
import { useEntryProof } from "./proof";
import { type RecordView, useHistory, type Version } from "./queries";
import { StateTag } from "./StateTag";

export function HistoryTab({ definition, record }: { definition: Definition; record: RecordView }) {
  const history = answerOf(useHistory(record.id, true));
  const proof = useEntryProof();
  if (history.data === undefined) {
    return history.instead;
  }
  const versions = [...history.data].sort((a, b) => b.version - a.version);
  return (
    <>
      {history.note}
      {proof.error && <ProblemNote error={proof.error} />}
      <Timeline
        style={{ marginTop: 12 }}
        items={versions.map((version) => ({
          key: version.version,
          content: (
            <One
              definition={definition}
              version={version}
              {...beforeOf(versions, version)}
              proof={() => proof.mutate(version.entry)}
            />
          ),
        }))}
      />
    </>
  );
}

function beforeOf(versions: Version[], version: Version): { before?: Version } {
  const before = versions.find((one) => one.version === version.version - 1);
  return before ? { before } : {};
}

type OneProps = { definition: Definition; version: Version; before?: Version; proof: () => void };

function One({ definition, version, before, proof }: OneProps) {
  const { t, i18n } = useTranslation();
  useShows(Object.values(version.label?.levels ?? {}));
  const action = definition.actions.find((one) => one.key === version.action);
  const own = t(`history.${version.action}`, { defaultValue: version.action });
  const changed = definition.fields.filter(
    (field) => JSON.stringify(version.fields?.[field.key]) !== JSON.stringify(before?.fields?.[field.key]),
  );
  return (
    <Flex vertical gap={4}>
      <Flex gap={10} wrap align="center">
        <Typography.Text strong>{said(action?.name, i18n.language) || own}</Typography.Text>
        <StateTag definition={definition} state={version.state} />
        <Actor actor={version.actor} />
        <When at={version.at} />
        <Button size="small" type="link" onClick={proof}>
          {t("history.proof")}
        </Button>
      </Flex>
      {version.comment && <bdi className="pre">{version.comment}</bdi>}
      {version.fields === null && <Typography.Text type="secondary">{t("history.erased")}</Typography.Text>}
      {version.fields && changed.length > 0 && (
        <Descriptions
          size="small"
          column={1}
          items={changed.map((field) => ({
            key: field.key,
            label: said(field.name, i18n.language),
            children: (
              <Flex gap={6} wrap>
                {before && before.fields?.[field.key] !== undefined && (
                  <>
                    <del>
                      <Value field={field} value={before.fields[field.key]} />
                    </del>
                    <span aria-hidden="true">→</span>
                  </>
                )}
                <Value field={field} value={version.fields?.[field.key]} />
              </Flex>
            ),
          }))}
        />
      )}
      {(version.signatures ?? []).map((signature) => (
        <Typography.Text key={`${signature.at}${signature.person?.id ?? ""}`} type="secondary">
          {t("history.signed", {
            name: signature.person?.name ?? t("sign.slip"),
            how: t(`signed.${signature.method}`),
          })}
          {signature.paper ? ` ${signature.paper}` : ""}
        </Typography.Text>
      ))}
    </Flex>
  );
}

/** Who acted: a person by their name; the program and what is hidden by their word. */
function Actor({ actor }: { actor: string }) {
  const { t } = useTranslation();
  const id = /"person":"([0-9a-f-]{36})"/.exec(actor)?.[1];
  if (!id && actor.startsWith("{")) {
    return <span>{t("actor.account")}</span>;
  }
  return id ? <NameOf id={id} /> : <span>{t(`actor.${actor}`, { defaultValue: actor })}</span>;
}
