// A one-time password is changed before anything else.
import { Typography } from "antd";
import { useTranslation } from "react-i18next";
import { Entrance } from "./Entrance";
import { PasswordForm } from "./PasswordForm";

export function PasswordChange({ done }: { done: () => void }) {
  const { t } = useTranslation();
  return (
    <Entrance>
      <Typography.Title level={1} style={{ fontSize: 22, margin: "16px 0 8px" }}>
        {t("password.title")}
      </Typography.Title>
      <Typography.Paragraph type="secondary">{t("password.why")}</Typography.Paragraph>
      <PasswordForm first done={done} />
    </Entrance>
  );
}
