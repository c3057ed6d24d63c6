// Warnings of rules that may be passed, each with a reason that is kept.
import { Alert, Form, Input, Typography } from "antd";
import { useTranslation } from "react-i18next";
import type { Shapes } from "../api/client";
import { said } from "../app/language";

type Props = {
  rules: Shapes["RuleProblem"][];
  accepted: Record<string, string>;
  change: (accepted: Record<string, string>) => void;
};

export function Warnings({ rules, accepted, change }: Props) {
  const { t, i18n } = useTranslation();
  return (
    <Alert
      type="warning"
      style={{ marginTop: 12 }}
      title={t("warn.title")}
      description={rules.map((rule) => (
        <Form.Item
          key={rule.id}
          style={{ marginBottom: 8 }}
          label={
            <span>
              <Typography.Text strong>{rule.id}</Typography.Text> {said(rule.say, i18n.language)}
            </span>
          }
        >
          <Input
            aria-label={t("warn.reason", { rule: rule.id })}
            placeholder={t("warn.reason", { rule: rule.id })}
            value={accepted[rule.id] ?? ""}
            onChange={(event) => change({ ...accepted, [rule.id]: event.target.value })}
          />
        </Form.Item>
      ))}
    />
  );
}
