// My own account: who I am here, what I may do in words, my password, my second factor, the language.
import { useMutation } from "@tanstack/react-query";
import { App, Button, Card, Descriptions, Flex, Form, Input, Radio, Typography } from "antd";
import { useTranslation } from "react-i18next";
import { Link } from "react-router";
import { api, got } from "../../api/client";
import { type Language, speak } from "../../app/language";
import { useMe } from "../../app/session";
import { useTitle } from "../../app/title";
import { ProblemNote } from "../../ui/ProblemNote";
import { SecondFactor } from "./SecondFactor";

export function Mine() {
  const { t, i18n } = useTranslation();
  const me = useMe();
  useTitle(t("mine.title"));
  return (
    <Flex vertical gap={12}>
      <Typography.Title level={1} style={{ fontSize: 20, margin: 0 }}>
        {t("mine.title")}
      </Typography.Title>
      <Card size="small" title={t("mine.who")}>
        <Descriptions
          size="small"
          column={1}
          items={[
            { key: "name", label: t("login.name"), children: <bdi>{me.name}</bdi> },
            ...(me.person
              ? [
                  {
                    key: "person",
                    label: t("accounts.person"),
                    children: (
                      <Link to={`/records/${me.person.id}`}>
                        <bdi>{me.person.name}</bdi>
                      </Link>
                    ),
                  },
                ]
              : []),
            {
              key: "roles",
              label: t("accounts.roles"),
              children: (
                <ul className="plain-list">
                  {me.roles.map((role) => (
                    <li key={role}>
                      <strong>{t(`role.${role}`, { defaultValue: role })}</strong>
                      {": "}
                      {t(`duty.${role}`, { defaultValue: "" })}
                    </li>
                  ))}
                </ul>
              ),
            },
            {
              key: "language",
              label: t("print.language"),
              children: (
                <Radio.Group
                  aria-label={t("print.language")}
                  value={i18n.language}
                  onChange={(event) => speak(event.target.value as Language)}
                  options={[
                    { value: "zh-CN", label: "中文" },
                    { value: "en", label: "English" },
                  ]}
                />
              ),
            },
          ]}
        />
      </Card>
      <Password />
      <SecondFactor />
    </Flex>
  );
}

type Entered = { old: string; new: string; again: string };

function Password() {
  const { t } = useTranslation();
  const { message } = App.useApp();
  const [form] = Form.useForm<Entered>();
  const change = useMutation({
    mutationFn: (entered: Entered) =>
      got(api.POST("/api/v1/me/password", { body: { old: entered.old, new: entered.new } })),
    onSuccess: () => {
      form.resetFields();
      void message.success(t("mine.changed"));
    },
  });
  const needed = [{ required: true, message: t("form.required") }];
  return (
    <Card size="small" title={t("mine.password")}>
      <Form<Entered>
        form={form}
        layout="vertical"
        requiredMark={false}
        style={{ maxWidth: 320 }}
        onFinish={(entered) => change.mutate(entered)}
      >
        <Form.Item name="old" label={t("password.old")} rules={needed}>
          <Input.Password autoComplete="current-password" visibilityToggle={false} />
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
        <Button htmlType="submit" loading={change.isPending}>
          {t("password.change")}
        </Button>
        <Typography.Paragraph type="secondary" style={{ margin: "6px 0 0" }}>
          {t("mine.others")}
        </Typography.Paragraph>
      </Form>
    </Card>
  );
}
