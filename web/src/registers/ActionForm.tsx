// One act on one record, by hand; the server's answer stands at what it is about.
import { useMutation } from "@tanstack/react-query";
import { Alert, Button, Drawer, Flex, Form, Grid, Typography } from "antd";
import { useMemo, useState } from "react";
import { useTranslation } from "react-i18next";
import { useOnce } from "../api/once";
import { said } from "../app/language";
import { useProof } from "../app/StepUp";
import { ProblemNote, problemOf } from "../ui/ProblemNote";
import { ActParts, type Asked, givenOf, presentOf, type Values } from "./ActParts";
import { type Came, perform } from "./acts";
import { DraftOffer, DraftSaved } from "./DraftNote";
import { useDraft } from "./draft";
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
        <Typography.Paragraph type="secondary">{said(action.help, i18n.language)}</Typography.Paragraph>
      )}
      <Inside asked={asked} done={done} close={close} />
    </Drawer>
  );
}

function Inside({ asked, done, close }: { asked: Asked; done: (came: Came) => void; close: () => void }) {
  const { t, i18n } = useTranslation();
  const [form] = Form.useForm<Values>();
  const present = useMemo(() => presentOf(asked), [asked]);
  const [accepted, setAccepted] = useState<Record<string, string>>({});
  const proof = useProof();
  const request = useOnce();
  const draft = useDraft(asked, form, present);
  const { action } = asked;
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
      proof.hear(error, () => form.submit());
      form.setFields(
        (problem?.fields ?? []).map((one) => ({
          name: ["input", one.field.split(/[.[]/)[0] ?? one.field] as never,
          errors: [`${one.field.includes("[") ? `${one.field}: ` : ""}${said(one.say, i18n.language)}`],
        })),
      );
    },
  });
  const shownRules = problemOf(send.error)?.rules ?? [];
  const warnings = shownRules.filter((rule) => rule.severity === "warn");
  const onlyFields = (problemOf(send.error)?.fields ?? []).length > 0;
  return (
    <Form<Values>
      form={form}
      layout="vertical"
      initialValues={{ input: { ...present, ...asked.filled }, signs: [] }}
      onFinish={(values) => send.mutate(values)}
      onValuesChange={draft.touched}
      scrollToFirstError
    >
      <DraftOffer draft={draft} />
      <ActParts asked={asked} form={form} />
      {onlyFields && (
        <Alert type="error" showIcon role="alert" title={t("form.wrong")} style={{ marginTop: 12 }} />
      )}
      {send.error && !onlyFields && !proof.proving && (
        <div style={{ marginTop: 12 }}>
          <ProblemNote error={send.error} />
        </div>
      )}
      {warnings.length > 0 && <Warnings rules={warnings} accepted={accepted} change={setAccepted} />}
      <Flex gap={8} style={{ marginTop: 16 }} wrap align="center">
        <Button type="primary" htmlType="submit" loading={send.isPending}>
          {said(action.name, i18n.language)}
        </Button>
        <Button onClick={close}>{t("act.cancel")}</Button>
        <DraftSaved draft={draft} />
      </Flex>
      {proof.box}
    </Form>
  );
}
