// A fresh proof of who sits there: asked for when an act is refused without one, and the act is done again with it.
import { useMutation } from "@tanstack/react-query";
import { Button, Form, Input, Modal, Typography } from "antd";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { api, got } from "../api/client";
import { ProblemNote, problemOf } from "../ui/ProblemNote";
import { useMe } from "./session";

export function useProof() {
  const [again, setAgain] = useState<() => void>();
  return {
    /** Whether it is being asked for: then the refusal itself need not be shown. */
    proving: again !== undefined,
    /** Hears why an act was refused, and how it is done again. */
    hear: (error: unknown, act: () => void) => {
      const needed = problemOf(error)?.code === "session.step_up_needed";
      setAgain(needed ? () => act : undefined);
    },
    box: (
      <StepUp
        open={again !== undefined}
        close={() => setAgain(undefined)}
        done={() => {
          setAgain(undefined);
          again?.();
        }}
      />
    ),
  };
}

function StepUp({ open, done, close }: { open: boolean; done: () => void; close: () => void }) {
  const { t } = useTranslation();
  const me = useMe();
  const prove = useMutation({
    mutationFn: (credential: string) =>
      got(
        api.POST("/api/v1/session/step-up", {
          body: me.totp ? { otp: credential } : { password: credential },
        }),
      ),
    onSuccess: done,
  });
  return (
    <Modal open={open} onCancel={close} footer={null} title={t("stepUp.title")} destroyOnHidden width={400}>
      <Typography.Paragraph type="secondary">{t("stepUp.why")}</Typography.Paragraph>
      <Form<{ credential: string }> layout="vertical" onFinish={({ credential }) => prove.mutate(credential)}>
        <Form.Item
          name="credential"
          label={me.totp ? t("login.otp") : t("login.password")}
          rules={[{ required: true, message: t("form.required") }]}
        >
          <Input.Password autoFocus visibilityToggle={false} autoComplete="off" />
        </Form.Item>
        {prove.error && (
          <Form.Item>
            <ProblemNote error={prove.error} />
          </Form.Item>
        )}
        <Button type="primary" htmlType="submit" block loading={prove.isPending}>
          {t("stepUp.prove")}
        </Button>
      </Form>
    </Modal>
  );
}
