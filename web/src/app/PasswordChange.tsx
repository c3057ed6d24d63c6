// A one-time password is changed before anything else.
import { useMutation } from "@tanstack/react-query";
import { Button, Form, Input, Typography } from "antd";
import { useTranslation } from "react-i18next";
import { api, got } from "../api/client";
import { ProblemNote } from "../ui/ProblemNote";
import { Entrance } from "./Entrance";

type Entered = { old: string; new: string; again: string };

export function PasswordChange({ done }: { done: () => void }) {
  const { t } = useTranslation();
  const change = useMutation({
    mutationFn: (entered: Entered) =>
      got(api.POST("/api/v1/me/password", { body: { old: entered.old, new: entered.new } })),
    onSuccess: done,
  });
  const needed = [{ required: true, message: t("form.required") }];
  return (
    <Entrance>
      <Typography.Title level={1} style={{ fontSize: 22, margin: "16px 0 8px" }}>
        {t("password.title")}
      </Typography.Title>
      <Typography.Paragraph type="secondary">{t("password.why")}</Typography.Paragraph>
      <Form<Entered> layout="vertical" requiredMark={false} onFinish={(entered) => change.mutate(entered)}>
        <Form.Item name="old" label={t("password.old")} rules={needed}>
          <Input.Password autoFocus autoComplete="current-password" visibilityToggle={false} />
        </Form.Item>
        <Form.Item name="new" label={t("password.new")} rules={needed} extra={t("password.length")}>
          <Input.Password autoComplete="new-password" visibilityToggle={false} />
        </Form.Item>
        <Form.Item
          name="again"
          label={t("password.again")}
          dependencies={["new"]}
          rules={[
            ...needed,
            ({ getFieldValue }) => ({
              validator: (_, value) =>
                !value || value === getFieldValue("new")
                  ? Promise.resolve()
                  : Promise.reject(new Error(t("password.differs"))),
            }),
          ]}
        >
          <Input.Password autoComplete="new-password" visibilityToggle={false} />
        </Form.Item>
        {change.error && (
          <Form.Item>
            <ProblemNote error={change.error} />
          </Form.Item>
        )}
        <Button type="primary" htmlType="submit" block loading={change.isPending}>
          {t("password.change")}
        </Button>
      </Form>
    </Entrance>
  );
}
