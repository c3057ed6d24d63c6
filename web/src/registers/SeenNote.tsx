// Says that a record was changed while somebody writes about it, and what of it they are about to change again.
import { Alert, Button } from "antd";
import { useTranslation } from "react-i18next";
import { said } from "../app/language";
import { Value } from "./fields/Value";
import type { Seen } from "./seen";

/** In sight wherever in a long form somebody writes. */
const STAYS = {
  position: "sticky",
  top: -16,
  zIndex: 3,
  maxHeight: "40vh",
  overflow: "auto",
  marginBottom: 12,
} as const;

export function SeenNote({ seen, load }: { seen: Seen; load: () => void }) {
  const { t, i18n } = useTranslation();
  const { asked, present, clashes } = seen;
  if (seen.behind) {
    return (
      <Alert
        type="warning"
        showIcon
        role="alert"
        style={STAYS}
        title={t("behind.title")}
        action={
          <Button size="small" type="primary" onClick={load}>
            {t("behind.load")}
          </Button>
        }
      />
    );
  }
  const fields = asked.fields.filter((field) => clashes.includes(field.key));
  if (fields.length === 0) {
    return null;
  }
  return (
    <Alert
      type="warning"
      showIcon
      role="alert"
      style={STAYS}
      title={t("behind.clash")}
      description={
        <ul className="plain-list">
          {fields.map((field) => (
            <li key={field.key}>
              {said(field.name, i18n.language)}
              {t("list.colon")}
              {present[field.key] === undefined || present[field.key] === null ? (
                t("behind.nothing")
              ) : (
                <Value field={field} value={present[field.key]} />
              )}
            </li>
          ))}
        </ul>
      }
    />
  );
}
