// An address that leads nowhere.
import { Button, Result, Typography } from "antd";
import { useTranslation } from "react-i18next";
import { Link } from "react-router";

export function NotFound() {
  const { t } = useTranslation();
  return (
    <Result
      icon={null}
      title={
        <Typography.Title level={1} style={{ fontSize: 20, margin: 0 }}>
          {t("nowhere.title")}
        </Typography.Title>
      }
      subTitle={t("nowhere.what")}
      extra={
        <Link to="/">
          <Button type="primary">{t("nav.desk")}</Button>
        </Link>
      }
    />
  );
}
