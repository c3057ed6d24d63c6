// One's own second factor: proposed after a fresh proof, in force after its first right code, taken away after another proof.
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { Alert, Button, Card, Flex, Form, Input, Typography } from "antd";
import { lazy, Suspense, useState } from "react";
import { useTranslation } from "react-i18next";
import { api, got, type Shapes } from "../../api/client";
import { useProof } from "../../app/StepUp";
import { useMe } from "../../app/session";
import { ProblemNote } from "../../ui/ProblemNote";

const QrCode = lazy(() => import("./QrCode").then((module) => ({ default: module.QrCode })));

export function SecondFactor() {
  const { t } = useTranslation();
  const me = useMe();
  const queries = useQueryClient();
  const proof = useProof();
  const [proposed, propose] = useState<Shapes["TotpEnrolment"]>();
  const [codes, tell] = useState<string[]>();
  const again = () => queries.invalidateQueries({ queryKey: ["me"] });
  const begin = useMutation({
    mutationFn: () => got(api.POST("/api/v1/me/totp")),
    onSuccess: propose,
    onError: (error) => proof.hear(error, () => begin.mutate()),
  });
  const remove = useMutation({
    mutationFn: () => got(api.DELETE("/api/v1/me/totp")),
    onSuccess: () => void again(),
    onError: (error) => proof.hear(error, () => remove.mutate()),
  });
  const error = begin.error ?? remove.error;
  return (
    <Card size="small" title={t("mine.factor")}>
      <Flex vertical gap={10} align="start">
        <Typography.Text>{t(me.totp ? "mine.factorOn" : "mine.factorOff")}</Typography.Text>
        {codes && <Codes codes={codes} done={() => tell(undefined)} />}
        {proposed && !codes && (
          <Confirm
            proposed={proposed}
            leave={() => propose(undefined)}
            done={(told) => {
              propose(undefined);
              tell(told);
              void again();
            }}
          />
        )}
        {!proposed && !codes && (
          <Flex gap={8} wrap>
            <Button
              type={me.totp ? "default" : "primary"}
              loading={begin.isPending}
              onClick={() => begin.mutate()}
            >
              {t(me.totp ? "mine.replace" : "mine.setUp")}
            </Button>
            {me.totp && (
              <Button danger loading={remove.isPending} onClick={() => remove.mutate()}>
                {t("mine.remove")}
              </Button>
            )}
          </Flex>
        )}
        {error && !proof.proving && <ProblemNote error={error} />}
      </Flex>
      {proof.box}
    </Card>
  );
}

type ConfirmProps = {
  proposed: Shapes["TotpEnrolment"];
  leave: () => void;
  done: (codes: string[]) => void;
};

function Confirm({ proposed, leave, done }: ConfirmProps) {
  const { t } = useTranslation();
  const confirm = useMutation({
    mutationFn: (code: string) => got(api.POST("/api/v1/me/totp/confirm", { body: { code: code.trim() } })),
    onSuccess: (told) => done(told.codes),
  });
  return (
    <Flex gap={20} wrap align="start">
      <Suspense fallback={null}>
        <QrCode text={proposed.url} label={t("mine.code")} />
      </Suspense>
      <div style={{ maxWidth: 420 }}>
        <Typography.Paragraph>{t("mine.scan")}</Typography.Paragraph>
        <Typography.Paragraph>
          <Typography.Text code copyable style={{ overflowWrap: "anywhere" }}>
            {proposed.secret}
          </Typography.Text>
        </Typography.Paragraph>
        <Form<{ code: string }> layout="vertical" onFinish={({ code }) => confirm.mutate(code)}>
          <Form.Item
            name="code"
            label={t("mine.first")}
            rules={[{ required: true, message: t("form.required") }]}
          >
            <Input autoComplete="one-time-code" inputMode="numeric" maxLength={8} style={{ width: 160 }} />
          </Form.Item>
          {confirm.error && (
            <Form.Item>
              <ProblemNote error={confirm.error} />
            </Form.Item>
          )}
          <Flex gap={8}>
            <Button type="primary" htmlType="submit" loading={confirm.isPending}>
              {t("mine.confirm")}
            </Button>
            <Button onClick={leave}>{t("act.cancel")}</Button>
          </Flex>
        </Form>
      </div>
    </Flex>
  );
}

/** Told once: each stands in for the second factor one time. */
function Codes({ codes, done }: { codes: string[]; done: () => void }) {
  const { t } = useTranslation();
  return (
    <Alert
      type="success"
      showIcon
      title={t("mine.recovery")}
      description={
        <>
          <Typography.Paragraph>{t("mine.recoveryWhat")}</Typography.Paragraph>
          <Typography.Paragraph code copyable={{ text: codes.join("\n") }} className="pre">
            {codes.join("\n")}
          </Typography.Paragraph>
          <Button size="small" onClick={done}>
            {t("mine.kept")}
          </Button>
        </>
      }
    />
  );
}
