// The way in: name, password and, once set up, a second factor.
import { useMutation } from "@tanstack/react-query";
import { Button, Form, Input, Typography } from "antd";
import { useTranslation } from "react-i18next";
import { api, carry, got } from "../api/client";
import { ProblemNote } from "../ui/ProblemNote";
import { Entrance } from "./Entrance";
import { tellTabs } from "./session";

type Entered = { name: string; password: string; otp?: string };

export function Login({ done, name }: { done: () => void; name?: string }) {
  return (
    <Entrance>
      <LoginForm done={done} {...(name === undefined ? {} : { name })} />
    </Entrance>
  );
}

export function LoginForm({ done, name }: { done: () => void; name?: string }) {
  const { t } = useTranslation();
  const open = useMutation({
    mutationFn: ({ name, password, otp }: Entered) =>
      got(api.POST("/api/v1/session", { body: { name, password, otp: otp ? otp.trim() : null } })),
    onSuccess: (session) => {
      carry(session.csrf);
      tellTabs();
      done();
    },
  });
  return (
    <>
      <Typography.Title level={1} style={{ fontSize: 22, margin: "16px 0 20px" }}>
        {t("login.title")}
      </Typography.Title>
      <Form<Entered>
        layout="vertical"
        requiredMark={false}
        onFinish={(entered) => open.mutate(entered)}
        initialValues={name === undefined ? {} : { name }}
      >
        <Form.Item
          name="name"
          label={t("login.name")}
          rules={[{ required: true, message: t("form.required") }]}
        >
          <Input
            autoFocus={name === undefined}
            autoComplete="username"
            disabled={name !== undefined}
            size="large"
          />
        </Form.Item>
        <Form.Item
          name="password"
          label={t("login.password")}
          rules={[{ required: true, message: t("form.required") }]}
        >
          <Input.Password
            autoFocus={name !== undefined}
            autoComplete="current-password"
            size="large"
            visibilityToggle={false}
          />
        </Form.Item>
        <Form.Item name="otp" label={t("login.otp")}>
          <Input
            autoComplete="one-time-code"
            inputMode="numeric"
            size="large"
            placeholder={t("login.otpWhen")}
          />
        </Form.Item>
        {open.error && (
          <Form.Item>
            <ProblemNote error={open.error} />
          </Form.Item>
        )}
        <Button type="primary" htmlType="submit" block size="large" loading={open.isPending}>
          {t("login.enter")}
        </Button>
      </Form>
    </>
  );
}
