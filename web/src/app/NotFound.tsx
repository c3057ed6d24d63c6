// An address that leads nowhere.
import { Button, Result } from "antd";
import { useTranslation } from "react-i18next";
import { Link } from "react-router";

export function NotFound() {
  const { t } = useTranslation();
  return (
    <Result
      status="404"
      icon={<span />}
      title={<h1 className="plain-name">{t("nowhere.title")}</h1>}
      subTitle={t("nowhere.what")}
      extra={
        <Link to="/">
          <Button type="primary">{t("nav.desk")}</Button>
        </Link>
      }
    />
  );
}
