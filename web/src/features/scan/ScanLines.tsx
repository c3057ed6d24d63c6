// The lines of a record, acted on by scanning what they name: copies counted, papers collected. Who counts blindly is told
// what they scanned and nothing of what is left.
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { Alert, Button, Card, Flex, Form, type FormInstance, Select, Skeleton, Typography } from "antd";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { Link, useParams } from "react-router";
import { api, got } from "../../api/client";
import { said } from "../../app/language";
import { useTitle } from "../../app/title";
import { ActParts, givenOf, type Values } from "../../registers/ActParts";
import { perform, recordOf, useRefresh } from "../../registers/acts";
import { BulkForm } from "../../registers/BulkBar";
import { asRegister, type Definition, type LineKind } from "../../registers/definition";
import { LineTable } from "../../registers/LineTables";
import { type LineView, type RecordView, useDefinitions, useRecord } from "../../registers/queries";
import { StateTag } from "../../registers/RegisterTable";
import { isBlind, linksOf, type Scanning, scanningOf } from "../../registers/scanning";
import { Warnings } from "../../registers/Warnings";
import { isBroken, labelled, plainNumber } from "../../scan/label";
import type { Word } from "../../scan/Said";
import { sound } from "../../scan/sound";
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
    return <Skeleton active paragraph={{ rows: 8 }} />;
  }
  if (record.error) {
    return <ProblemNote error={record.error} retry={() => void record.refetch()} />;
  }
  const definition = definitions.data?.find((one) => one.key === record.data.register);
  const kind = definition?.lines.find((one) => one.key === key);
  if (!definition || !kind || scanningOf(kind).length === 0) {
    return <Alert type="warning" title={t("scan.notByScanning")} />;
  }
  return <Known key={`${id} ${key}`} definition={definition} kind={kind} record={record.data} />;
}

/** Every line of the kind, for what is scanned may be any of them. */
function useLines(of: string, kind: string) {
  return useQuery({
    queryKey: linesKey(of, kind),
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

function linesKey(of: string, kind: string): string[] {
  return ["record", of, "lines", kind];
}

function can(line: LineView, key: string): boolean {
  return line.actions.some((one) => one.key === key && one.allowed);
}

/** The lines that are meant by a label, or by a number that was typed: the line's own numbers, each or together. */
function meant(text: string, lines: LineView[], kind: LineKind): LineView[] {
  const id = labelled(text);
  if (id !== undefined) {
    return lines.filter((line) => linksOf(kind).some((field) => line.fields[field.key] === id));
  }
  const typed = plainNumber(text);
  return lines.filter((line) => {
    const numbers = numbersOf(line, kind).map(plainNumber);
    return numbers.includes(typed) || numbers.join("") === typed;
  });
}

function numbersOf(line: LineView, kind: LineKind): string[] {
  const own = kind.fields.filter((field) => field.type === "text" && field.set_by !== undefined);
  return own.flatMap((field) => {
    const held = line.fields[field.key];
    return typeof held === "string" && held !== "" ? [held] : [];
  });
}

type Counting = {
  kind: LineKind;
  record: RecordView;
  scanning: Scanning;
  lines: LineView[];
  form: FormInstance<Values>;
};

/** What comes of each scan. */
function useHear({ kind, record, scanning, lines, form }: Counting) {
  const { t, i18n } = useTranslation();
  const queries = useQueryClient();
  const [word, say] = useState<Word>();
  const [error, fail] = useState<unknown>();
  const [accepted, accept] = useState<Record<string, string>>({});
  const { action } = scanning;
  const tell = (good: boolean, text: string) => {
    say({ good, text });
    sound(good ? "good" : "bad");
  };
  const nameOf = (line: LineView) => numbersOf(line, kind).join(" ") || `${t("rows.no")} ${line.no}`;
  const now = () => queries.getQueryData<LineView[]>(linesKey(record.id, kind.key)) ?? lines;
  const note = async (line: LineView) => {
    const given = givenOf(form.getFieldsValue(true), {}, accepted);
    const came = recordOf(
      await perform({ id: line.id, version: line.version }, action.key, given, crypto.randomUUID()),
    );
    queries.setQueryData<LineView[]>(linesKey(record.id, kind.key), (all) =>
      all?.map((one) => (one.id === line.id ? after(one, came) : one)),
    );
    form.setFields(action.input.map((key) => ({ name: ["input", key] as never, errors: [] })));
    void queries.invalidateQueries({ queryKey: ["record", record.id], exact: true });
    tell(true, t("scan.noted", { name: nameOf(line), act: said(action.name, i18n.language) }));
  };
  const refused = async (problem: unknown) => {
    const known = problemOf(problem);
    form.setFields(
      (known?.fields ?? []).map((one) => ({
        name: ["input", one.field] as never,
        errors: [said(one.say, i18n.language)],
      })),
    );
    fail(problem);
    tell(false, t("scan.notNoted"));
    if (known?.status === 409 || known?.status === 412) {
      // somebody else was quicker: what stands there now is asked for anew
      await queries.invalidateQueries({ queryKey: linesKey(record.id, kind.key) });
    }
  };
  const hear = useOneByOne(async (text) => {
    fail(undefined);
    const found = meant(text, now(), kind);
    const [line, ...others] = found.filter((one) => can(one, action.key));
    if (line && others.length === 0) {
      await note(line).catch(refused);
    } else if (line) {
      tell(false, t("scan.severalLines"));
    } else if (found.length > 0) {
      tell(false, t("scan.notedBefore", { name: found.map(nameOf).slice(0, 3).join(t("list.and")) }));
    } else {
      tell(false, isBroken(text) ? t("scan.broken") : t("scan.notListed"));
    }
  });
  return { word, hear, error, accepted, accept };
}

/** The line as it is after the act, as far as the answer tells. */
function after(line: LineView, came: RecordView | undefined): LineView {
  return came
    ? { ...line, state: came.state, version: came.version, fields: came.fields, actions: came.actions }
    : line;
}

function Known({ definition, kind, record }: { definition: Definition; kind: LineKind; record: RecordView }) {
  const { t } = useTranslation();
  const name = record.number ?? "";
  useTitle(`${t("scan.byScanning")} ${name}`);
  const lines = useLines(record.id, kind.key);
  if (lines.isPending) {
    return <Skeleton active paragraph={{ rows: 8 }} />;
  }
  if (lines.error) {
    return <ProblemNote error={lines.error} retry={() => void lines.refetch()} />;
  }
  return <Lines definition={definition} kind={kind} record={record} lines={lines.data} />;
}

type Shown = { definition: Definition; kind: LineKind; record: RecordView; lines: LineView[] };

function Lines({ definition, kind, record, lines }: Shown) {
  const { i18n } = useTranslation();
  const all = scanningOf(kind);
  const [chosen, choose] = useState<string>();
  const scanning = all.find(({ action }) => action.key === chosen) ?? begunWith(all, lines);
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
          {said(kind.name, i18n.language)} · {said(scanning?.action.name, i18n.language)}
        </Typography.Title>
      </Flex>
      {scanning && (
        <Working
          key={scanning.action.key}
          definition={definition}
          kind={kind}
          record={record}
          lines={lines}
          scanning={scanning}
          all={all}
          choose={choose}
        />
      )}
    </Flex>
  );
}

/** The first act that can be done on any line; the first of all, once nothing is left to do. */
function begunWith(all: Scanning[], lines: LineView[]): Scanning | undefined {
  return all.find(({ action }) => lines.some((line) => can(line, action.key))) ?? all[0];
}

type WorkingProps = Shown & { scanning: Scanning; all: Scanning[]; choose: (key: string) => void };

function Working({ definition, kind, record, lines, scanning, all, choose }: WorkingProps) {
  const { t, i18n } = useTranslation();
  const [form] = Form.useForm<Values>();
  const { action } = scanning;
  const { word, hear, error, accepted, accept } = useHear({ kind, record, scanning, lines, form });
  const blind = isBlind(kind);
  const left = lines.filter((line) => can(line, action.key));
  const done = lines.filter((line) => !action.from.includes(line.state));
  const warnings = (problemOf(error)?.rules ?? []).filter((rule) => rule.severity === "warn");
  // what is wrong with a field stands at the field
  const atFields = (problemOf(error)?.fields ?? []).length > 0;
  const asks = action.input.length > 0 || action.comment !== undefined;
  return (
    <>
      {all.length > 1 && (
        <Select
          aria-label={t("scan.which")}
          style={{ maxWidth: 260 }}
          value={action.key}
          options={all.map((one) => ({ value: one.action.key, label: said(one.action.name, i18n.language) }))}
          onChange={choose}
        />
      )}
      {left.length === 0 ? (
        <Alert
          type="success"
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
      <Others definition={definition} kind={kind} record={record} />
      {scanning.rest && (
        <Rest definition={definition} kind={kind} left={left} action={scanning.rest} blind={blind} />
      )}
    </>
  );
}

/** What is in no list stands in another kind of lines. */
function Others({ definition, kind, record }: Omit<Shown, "lines">) {
  const begun = definition.lines.filter(
    (one) => one.key !== kind.key && one.actions.some((act) => act.from.length === 0 && act.who !== "system"),
  );
  return begun.map((one) => <LineTable key={one.key} kind={one} record={record} scanned />);
}

type RestProps = {
  definition: Definition;
  kind: LineKind;
  left: LineView[];
  action: NonNullable<Scanning["rest"]>;
  blind: boolean;
};

/** When everything was scanned: the others, together, without a word of how many they are while one counts blindly. */
function Rest({ definition, kind, left, action, blind }: RestProps) {
  const { t, i18n } = useTranslation();
  const refresh = useRefresh();
  const [begun, begin] = useState<LineView[]>();
  const name = said(action.name, i18n.language);
  return (
    <div>
      {left.length > 0 && <Button onClick={() => begin(left)}>{t("scan.rest", { name })}</Button>}
      {begun && (
        <BulkForm
          definition={asRegister(definition, kind)}
          action={action}
          chosen={begun}
          {...(blind ? { blind: t("scan.restWhy", { name }) } : {})}
          close={() => {
            begin(undefined);
            void refresh();
          }}
        />
      )}
    </div>
  );
}
