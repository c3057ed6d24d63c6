// My own account: who I am here, what I may do in words, my password, my second factor, the language.
import { App, Card, Descriptions, Flex, Radio, Typography } from "antd";
import { useTranslation } from "react-i18next";
import { Link } from "react-router";
import { type Language, speak } from "../../app/language";
import { PasswordForm } from "../../app/PasswordForm";
import { useMe } from "../../app/session";
import { useTitle } from "../../app/title";
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

function Password() {
  const { t } = useTranslation();
  const { message } = App.useApp();
  return (
    <Card size="small" title={t("mine.password")}>
      <PasswordForm done={() => void message.success(t("mine.changed"))} />
      <Typography.Paragraph type="secondary" style={{ margin: "6px 0 0" }}>
        {t("mine.others")}
      </Typography.Paragraph>
    </Card>
  );
}
