// Another password of one's own: the one before, the new one, and the new one again.
import { useMutation } from "@tanstack/react-query";
import { Button, Form, Input } from "antd";
import { useTranslation } from "react-i18next";
import { api, got } from "../api/client";
import { ProblemNote } from "../ui/ProblemNote";

type Entered = { old: string; new: string; again: string };

/** `first`: it is what the page is for. */
export function PasswordForm({ first = false, done }: { first?: boolean; done: () => void }) {
  const { t } = useTranslation();
  const [form] = Form.useForm<Entered>();
  const change = useMutation({
    mutationFn: (entered: Entered) =>
      got(api.POST("/api/v1/me/password", { body: { old: entered.old, new: entered.new } })),
    onSuccess: () => {
      form.resetFields();
      done();
    },
  });
  const needed = [{ required: true, message: t("form.required") }];
  return (
    <Form<Entered>
      form={form}
      layout="vertical"
      requiredMark={false}
      style={first ? {} : { maxWidth: 320 }}
      onFinish={(entered) => change.mutate(entered)}
    >
      <Form.Item name="old" label={t("password.old")} rules={needed}>
        <Input.Password autoFocus={first} autoComplete="current-password" visibilityToggle={false} />
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
      <Button type={first ? "primary" : "default"} htmlType="submit" block={first} loading={change.isPending}>
        {t("password.change")}
      </Button>
    </Form>
  );
}
