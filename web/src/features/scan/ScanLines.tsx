// The lines of a record, acted on by scanning what they name: copies counted, papers collected. What was scanned goes to the
// server, which finds the line that is meant; who counts blindly is told what they scanned and nothing of what is left.
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { Alert, Button, Card, Flex, Form, type FormInstance, Typography } from "antd";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { Link, useParams } from "react-router";
import { api, got } from "../../api/client";
import { said } from "../../app/language";
import { useTitle } from "../../app/title";
import { ActionForm } from "../../registers/ActionForm";
import { ActParts, givenOf, type Values } from "../../registers/ActParts";
import { recordOf, scan, useRefresh } from "../../registers/acts";
import type { Action, Definition, LineKind } from "../../registers/definition";
import { LineTable } from "../../registers/LineTables";
import { type LineView, type RecordView, useDefinitions, useRecord } from "../../registers/queries";
import { StateTag } from "../../registers/StateTag";
import { endingsOf, isBlind, scanOf, scans } from "../../registers/scanning";
import { Warnings } from "../../registers/Warnings";
import type { Word } from "../../scan/Said";
import { sound } from "../../scan/sound";
import { Coming } from "../../ui/Coming";
import { Mark } from "../../ui/Mark";
import { ProblemNote, problemOf } from "../../ui/ProblemNote";
import { useOneByOne } from "./one";
import { ScanField } from "./ScanField";

/** As many lines as the server gives at once. */
const PAGE = 200;

export function ScanLines() {
  const { id = "", kind: key = "" } = useParams();
  const { t } = useTranslation();
  const definitions = useDefinitions();
  const record = useRecord(id);
  if (record.isPending || definitions.isPending) {
    return <Coming rows={8} />;
  }
  if (record.error) {
    return <ProblemNote error={record.error} retry={() => void record.refetch()} />;
  }
  const definition = definitions.data?.find((one) => one.key === record.data.register);
  const kind = definition?.lines.find((one) => one.key === key);
  const action = kind && scanOf(kind);
  if (!definition || !kind || !action) {
    return <Alert type="warning" title={t("scan.notByScanning")} />;
  }
  return (
    <Known key={`${id} ${key}`} definition={definition} kind={kind} action={action} record={record.data} />
  );
}

/** Every line of the kind that is shown. */
function useLines(record: RecordView, kind: string) {
  const of = record.id;
  return useQuery({
    queryKey: linesKey(record, kind),
    staleTime: 60_000,
    queryFn: async () => {
      const all: LineView[] = [];
      let after: string | undefined;
      do {
        const query = { limit: PAGE, ...(after === undefined ? {} : { after }) };
        const params = { path: { id: of, line: kind }, query };
        const page = await got(api.GET("/api/v1/records/{id}/lines/{line}", { params }));
        all.push(...(page.items as unknown as LineView[]));
        after = page.next ?? undefined;
      } while (after !== undefined);
      return all;
    },
  });
}

/** WHY with the state: once counting is over, more of them are shown. */
function linesKey(record: RecordView, kind: string): string[] {
  return ["record", record.id, "lines", kind, record.state];
}

/** What a line is called: what stands in it that nobody typed. */
function nameOf(line: Pick<LineView, "fields">, kind: LineKind): string {
  const own = kind.fields.filter((field) => field.type === "text" && field.set_by !== undefined);
  const held = own.map((field) => line.fields[field.key]);
  return held.filter((text) => typeof text === "string" && text !== "").join(" ");
}

/** The lines with one as it is after its act. */
function withLine(lines: LineView[], kind: LineKind, came: RecordView): LineView[] {
  const line: LineView = {
    id: came.id,
    line: kind.key,
    no: came.line?.no ?? 0,
    state: came.state,
    version: came.version,
    fields: came.fields,
    actions: came.actions,
  };
  const known = lines.some((one) => one.id === line.id);
  return known ? lines.map((one) => (one.id === line.id ? line : one)) : [...lines, line];
}

type Shown = { definition: Definition; kind: LineKind; action: Action; record: RecordView };

/** What comes of each scan. */
function useHear({ kind, action, record }: Shown, form: FormInstance<Values>) {
  const { t, i18n } = useTranslation();
  const queries = useQueryClient();
  const [word, say] = useState<Word>();
  const [error, fail] = useState<unknown>();
  const [accepted, accept] = useState<Record<string, string>>({});
  const tell = (good: boolean, text: string) => {
    say({ good, text });
    sound(good ? "good" : "bad");
  };
  const refused = (problem: unknown) => {
    const known = problemOf(problem);
    // of a scan that noted nothing; beside it, something is wrong with what was filled in
    if (known?.code.startsWith("scan.")) {
      tell(false, said(known.say, i18n.language));
      return;
    }
    form.setFields(
      (known?.fields ?? []).map((one) => ({
        name: ["input", one.field] as never,
        errors: [said(one.say, i18n.language)],
      })),
    );
    fail(problem);
    tell(false, t("scan.notNoted"));
  };
  const hear = useOneByOne(async (code) => {
    fail(undefined);
    const given = givenOf(form.getFieldsValue(true), {}, accepted);
    try {
      const came = recordOf(await scan(record.id, { ...given, code, line: kind.key }, crypto.randomUUID()));
      if (came) {
        const key = linesKey(record, kind.key);
        queries.setQueryData<LineView[]>(key, (all) => all && withLine(all, kind, came));
        tell(
          true,
          t("scan.noted", { name: nameOf(came, kind) || code, act: said(action.name, i18n.language) }),
        );
      }
      form.setFields(action.input.map((one) => ({ name: ["input", one] as never, errors: [] })));
      // the last one may have led the record on
      void queries.invalidateQueries({ queryKey: ["record", record.id], exact: true });
    } catch (problem) {
      refused(problem);
    }
  });
  return { word, hear, error, accepted, accept };
}

function Known(shown: Shown) {
  const { definition, kind, action, record } = shown;
  const { t, i18n } = useTranslation();
  useTitle(`${t("scan.byScanning")} ${record.number ?? ""}`);
  const lines = useLines(record, kind.key);
  if (lines.isPending) {
    return <Coming rows={8} />;
  }
  if (lines.error) {
    return <ProblemNote error={lines.error} retry={() => void lines.refetch()} />;
  }
  return (
    <Flex vertical gap={12}>
      <Flex vertical gap={4}>
        <Flex gap={10} align="center" wrap>
          <Mark label={record.label} />
          <Link to={`/records/${record.id}`}>
            {said(definition.name, i18n.language)} {record.number ?? ""}
          </Link>
          <StateTag definition={definition} state={record.state} />
        </Flex>
        <Typography.Title level={1} style={{ fontSize: 20, margin: 0 }}>
          {said(kind.name, i18n.language)} · {said(action.name, i18n.language)}
        </Typography.Title>
      </Flex>
      <Working {...shown} lines={lines.data} />
    </Flex>
  );
}

function Working(shown: Shown & { lines: LineView[] }) {
  const { kind, action, record, lines } = shown;
  const { t } = useTranslation();
  const [form] = Form.useForm<Values>();
  const { word, hear, error, accepted, accept } = useHear(shown, form);
  const blind = isBlind(kind, record);
  const left = lines.filter((line) => action.from.includes(line.state));
  const done = lines.filter((line) => !action.from.includes(line.state));
  const warnings = (problemOf(error)?.rules ?? []).filter((rule) => rule.severity === "warn");
  // what is wrong with a field stands at the field
  const atFields = (problemOf(error)?.fields ?? []).length > 0;
  const asks = action.input.length > 0 || action.comment !== undefined;
  const over = !scans(kind, record) || (!blind && left.length === 0);
  return (
    <>
      {over ? (
        <Alert
          type="info"
          showIcon
          title={t("scan.allDone")}
          action={<Link to={`/records/${record.id}`}>{t("record.toWhole")}</Link>}
        />
      ) : (
        <>
          {asks && (
            <Card size="small" title={t("scan.forEach")}>
              <Form<Values> form={form} layout="vertical" initialValues={{ input: {}, signs: [] }}>
                <ActParts asked={{ on: { id: "", version: 0 }, action, fields: kind.fields }} form={form} />
              </Form>
            </Card>
          )}
          <ScanField hear={hear} word={word} />
          {error !== undefined && !atFields && <ProblemNote error={error} />}
          {warnings.length > 0 && <Warnings rules={warnings} accepted={accepted} change={accept} />}
          <Typography.Text type="secondary">
            {blind ? t("scan.blindHow") : t("scan.left", { count: left.length })}
          </Typography.Text>
        </>
      )}
      <LineTable kind={kind} record={{ ...record, lines: done }} scanned />
      <Others {...shown} />
      <Endings {...shown} />
    </>
  );
}

/** What is in no list stands in another kind of lines. */
function Others({ definition, kind, record }: Shown) {
  const begun = definition.lines.filter(
    (one) => one.key !== kind.key && one.actions.some((act) => act.from.length === 0 && act.who !== "system"),
  );
  return begun.map((one) => <LineTable key={one.key} kind={one} record={record} scanned />);
}

/** When everything was scanned: what becomes of the rest, without a word of what and how many they are. */
function Endings({ definition, kind, record }: Shown) {
  const { t, i18n } = useTranslation();
  const refresh = useRefresh();
  const [begun, begin] = useState<Action>();
  const endings = endingsOf(definition, kind, record);
  return (
    <div>
      {endings.length > 0 && (
        <Flex gap={8} align="center" wrap>
          {endings.map((ending) => (
            <Button key={ending.key} onClick={() => begin(ending)}>
              {said(ending.name, i18n.language)}
            </Button>
          ))}
          <Typography.Text type="secondary">{t("scan.endingWhy")}</Typography.Text>
        </Flex>
      )}
      {begun && (
        <ActionForm
          asked={{
            on: { id: record.id, version: record.version },
            register: definition.key,
            action: begun,
            fields: definition.fields,
            lines: definition.lines,
            states: definition.states,
            present: record.fields,
          }}
          close={() => begin(undefined)}
          done={() => {
            begin(undefined);
            void refresh();
          }}
        />
      )}
    </div>
  );
}
