// What a form comes to while it is written: mark, computed fields, rules that object, decisions that follow.
import { Flex, Typography } from "antd";
import { useTranslation } from "react-i18next";
import type { Shapes } from "../api/client";
import { said } from "../app/language";
import { Mark } from "../ui/Mark";
import type { Outlook } from "./acts";
import type { Field } from "./definition";
import { Value } from "./fields/Value";
import { isMissing } from "./outlook";

type Props = {
  outlook: Outlook | undefined;
  refused: NonNullable<Outlook["refused"]>;
  fields: Field[];
  /** Somebody has written something. */
  begun: boolean;
};

export function OutlookNote({ outlook, refused, fields, begun }: Props) {
  const { t, i18n } = useTranslation();
  if (outlook === undefined) {
    return null;
  }
  const computed = fields.filter((field) => outlook.computed?.[field.key] !== undefined);
  const steps = (outlook.decisions ?? []).map(
    (one) => said(one.name, i18n.language) || t("outlook.decision"),
  );
  const missing = (outlook.problems ?? []).filter(isMissing).length;
  const marked = outlook.label && (outlook.label.mark || Object.keys(outlook.label.levels).length > 0);
  // that an empty form keeps no rule is nothing to tell
  const rules = begun || missing === 0 ? (outlook.rules ?? []) : [];
  const undecided = outlook.undecided ?? [];
  const all = [
    marked,
    computed.length,
    steps.length,
    missing,
    rules.length,
    undecided.length,
    refused.length,
  ];
  if (!all.some(Boolean)) {
    return null;
  }
  return (
    <section className="outlook" aria-label={t("outlook.title")} aria-live="polite">
      {refused.map((one) => (
        <p key={one.code} className="outlook-stop">
          {said(one.say, i18n.language)}
        </p>
      ))}
      <Flex gap="4px 16px" wrap align="center">
        {marked && outlook.label && (
          <span>
            {t("outlook.mark")} <Mark label={outlook.label} />
          </span>
        )}
        {computed.map((field) => (
          <span key={field.key}>
            {said(field.name, i18n.language)} <Value field={field} value={outlook.computed?.[field.key]} />
          </span>
        ))}
        {steps.length > 0 && (
          <span>{t("outlook.then", { steps: steps.join(i18n.language === "en" ? " → " : "→") })}</span>
        )}
        {missing > 0 && (
          <Typography.Text type="secondary">{t("outlook.missing", { count: missing })}</Typography.Text>
        )}
      </Flex>
      {rules.length > 0 && <Rules rules={rules} />}
      {undecided.length > 0 && (
        <details>
          <summary>{t("outlook.undecided", { count: undecided.length })}</summary>
          <Rules rules={undecided} quiet />
        </details>
      )}
    </section>
  );
}

function Rules({ rules, quiet = false }: { rules: Shapes["RuleProblem"][]; quiet?: boolean }) {
  const { t, i18n } = useTranslation();
  return (
    <ul className="plain-list">
      {rules.map((rule) => (
        <li key={rule.id}>
          {!quiet && (
            <span className={rule.severity === "stop" ? "outlook-stop" : "outlook-warn"}>
              {t(`outlook.${rule.severity === "stop" ? "stop" : "warn"}`)}
            </span>
          )}{" "}
          <Typography.Text strong>{rule.id}</Typography.Text> {said(rule.say, i18n.language)}{" "}
          <Typography.Text type="secondary">{rule.clause}</Typography.Text>
        </li>
      ))}
    </ul>
  );
}
