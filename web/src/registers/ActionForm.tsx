// One act on one record, by hand; the server's answer stands at what it is about.
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { Alert, Button, Drawer, Flex, Form, type FormInstance, Grid, Typography } from "antd";
import { useEffect, useMemo, useState } from "react";
import { useTranslation } from "react-i18next";
import { useOnce } from "../api/once";
import { said } from "../app/language";
import { useProof } from "../app/StepUp";
import { ProblemNote, problemOf } from "../ui/ProblemNote";
import { ActParts, type Asked, givenOf, type Values } from "./ActParts";
import { type Came, type Outlook, perform } from "./acts";
import { DraftOffer, DraftSaved } from "./DraftNote";
import { useDraft } from "./draft";
import { OnTheWayProvider, useOnTheWay } from "./fields/onTheWay";
import { HelpText } from "./Help";
import { OutlookNote } from "./OutlookNote";
import { isMissing, refusedOf, standingsOf, useOutlook } from "./outlook";
import { SeenNote } from "./SeenNote";
import { useSeen } from "./seen";
import { Warnings } from "./Warnings";

export function ActionForm({
  asked,
  done,
  close,
}: {
  asked: Asked;
  done: (came: Came) => void;
  close: () => void;
}) {
  const { t, i18n } = useTranslation();
  const wide = Grid.useBreakpoint().md ?? true;
  const { action } = asked;
  return (
    <Drawer
      open
      onClose={close}
      size={wide ? 680 : "100%"}
      title={said(action.name, i18n.language)}
      maskClosable={false}
      closable={{ "aria-label": t("act.close") }}
    >
      {action.help && (
        <Typography.Paragraph type="secondary">
          <HelpText text={action.help} />
        </Typography.Paragraph>
      )}
      <Inside key={JSON.stringify([action.key, subjectOf(asked)])} now={asked} done={done} close={close} />
    </Drawer>
  );
}

/** What it is done to, whatever has become of that since. */
function subjectOf({ on }: Asked): unknown {
  return "id" in on ? on.id : on;
}

function Inside({ now, done, close }: { now: Asked; done: (came: Came) => void; close: () => void }) {
  const { t, i18n } = useTranslation();
  const queries = useQueryClient();
  const [form] = Form.useForm<Values>();
  const seen = useSeen(now, form);
  const { asked, present } = seen;
  const [begun, begin] = useState(false);
  const [accepted, setAccepted] = useState<Record<string, string>>({});
  const proof = useProof();
  const request = useOnce();
  const [going, hold] = useOnTheWay();
  const { action } = asked;
  const { outlook, soon } = useOutlook(
    asked.on,
    action.key,
    () => givenOf(form.getFieldsValue(), present, {}).input,
  );
  const standings = useMemo(() => standingsOf(outlook), [outlook]);
  const draft = useDraft(asked, form, present, (clashes) => {
    seen.met(clashes);
    soon();
  });
  useTouched(form, outlook);
  useFilled(form, outlook);
  const send = useMutation({
    mutationFn: (values: Values) =>
      perform(asked.on, action.key, givenOf(values, present, accepted), request.key()),
    onSuccess: (came) => {
      draft.done();
      done(came);
    },
    onError: (error) => {
      request.answered(error);
      const problem = problemOf(error);
      if (problem?.status === 412) {
        // the page learns what stands there now, and the form says that it is behind
        void queries.invalidateQueries({ queryKey: ["record"] });
        void queries.invalidateQueries({ queryKey: ["records"] });
      }
      proof.hear(error, () => form.submit());
      form.setFields(
        (problem?.fields ?? []).map((one) => ({
          name: nameOf(one.field),
          errors: [`${place(one.field)}${said(one.say, i18n.language)}`],
        })),
      );
    },
  });
  const shownRules = problemOf(send.error)?.rules ?? [];
  const warnings = shownRules.filter((rule) => rule.severity === "warn");
  // that stands above, with what to do about it
  const behind = seen.behind && problemOf(send.error)?.status === 412;
  const onlyFields = (problemOf(send.error)?.fields ?? []).length > 0;
  return (
    <Form<Values>
      form={form}
      layout="vertical"
      initialValues={{ input: { ...present, ...asked.filled }, signs: [] }}
      onFinish={(values) => send.mutate(values)}
      onValuesChange={(changed: Partial<Values>) => {
        soon();
        if (isWritten(changed)) {
          begin(true);
          draft.touched();
        }
      }}
      scrollToFirstError
    >
      <SeenNote
        seen={seen}
        load={() => {
          send.reset();
          seen.catchUp();
          soon();
          draft.touched();
        }}
      />
      <DraftOffer draft={draft} />
      <OnTheWayProvider value={hold}>
        <ActParts asked={asked} form={form} standings={standings} />
      </OnTheWayProvider>
      <OutlookNote
        outlook={outlook}
        refused={refusedOf(outlook, action, form.getFieldValue("input") ?? {})}
        fields={asked.fields}
        begun={begun || draft.savedAt !== undefined}
      />
      {onlyFields && (
        <Alert type="error" showIcon role="alert" title={t("form.wrong")} style={{ marginTop: 12 }} />
      )}
      {send.error && !onlyFields && !behind && !proof.proving && (
        <div style={{ marginTop: 12 }}>
          <ProblemNote error={send.error} />
        </div>
      )}
      {warnings.length > 0 && <Warnings rules={warnings} accepted={accepted} change={setAccepted} />}
      <Flex gap={8} style={{ marginTop: 16 }} wrap align="center">
        <Button type="primary" htmlType="submit" loading={send.isPending} disabled={going > 0}>
          {said(action.name, i18n.language)}
        </Button>
        {going > 0 && <Typography.Text type="secondary">{t("files.wait")}</Typography.Text>}
        <Button onClick={close}>{t("act.cancel")}</Button>
        <DraftSaved draft={draft} />
      </Flex>
      {proof.box}
    </Form>
  );
}

/** Whether somebody wrote something: places to sign are laid out by the form itself. */
function isWritten(changed: Partial<Values>): boolean {
  const signed = (changed.signs ?? []).some((sign) => sign.credential !== "");
  return signed || Object.keys(changed).some((key) => key !== "signs");
}

/** The form's part that a field of the server's answer is in. */
function nameOf(field: string): never {
  return ["input", field.split(/[.[]/)[0] ?? field] as never;
}

/** Where it stands inside its part. */
function place(field: string): string {
  const [, row, column] = field.split(".");
  return row === undefined ? "" : `${Number(row) + 1}${column ? `, ${column}` : ""}: `;
}

/** Mistakes in what was written so far, at their fields; what is not written yet is none. */
function useTouched(form: FormInstance<Values>, outlook: Outlook | undefined) {
  const { i18n } = useTranslation();
  useEffect(() => {
    const wrong = (outlook?.problems ?? []).filter(
      (one) => one.field && !isMissing(one) && form.isFieldTouched(nameOf(one.field)),
    );
    const words = new Map<string, string[]>();
    for (const one of wrong) {
      const field = one.field ?? "";
      const key = field.split(".")[0] ?? field;
      words.set(key, [...(words.get(key) ?? []), `${place(field)}${said(one.say, i18n.language)}`]);
    }
    for (const { name, errors } of form.getFieldsError()) {
      const [input, key] = name as string[];
      const now = input === "input" && key !== undefined ? (words.get(key) ?? []) : undefined;
      if (now !== undefined && JSON.stringify(now) !== JSON.stringify(errors) && form.isFieldTouched(name)) {
        form.setFields([{ name: name as never, errors: now }]);
      }
    }
  }, [form, outlook, i18n.language]);
}

/** What the server would fill in stands in the form, until somebody writes something else there. */
function useFilled(form: FormInstance<Values>, outlook: Outlook | undefined) {
  const [first, setFirst] = useState(true);
  useEffect(() => {
    if (outlook === undefined || !first) {
      return;
    }
    setFirst(false);
    for (const [key, value] of Object.entries(outlook.filled ?? {})) {
      const name = nameOf(key);
      if (form.getFieldValue(name) === undefined && !form.isFieldTouched(name)) {
        form.setFieldValue(name, value);
      }
    }
  }, [form, outlook, first]);
}
