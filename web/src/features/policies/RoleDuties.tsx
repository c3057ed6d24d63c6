// What a role may do, in the words of the policies that let it.
import { Typography } from "antd";
import { useTranslation } from "react-i18next";
import type { Shapes, Text } from "../../api/client";
import { said } from "../../app/language";

export function RoleDuties({ role }: { role: Shapes["RoleDuties"] }) {
  const { t, i18n } = useTranslation();
  const list = (texts: Text[]) => texts.map((one) => said(one, i18n.language)).join(t("list.and"));
  if (role.duties.length === 0) {
    return <Typography.Text type="secondary">{t("policies.nothing")}</Typography.Text>;
  }
  return (
    <ul style={{ margin: 0, paddingInlineStart: 18 }}>
      {role.duties.map((one) => (
        <li key={one.policy}>
          {one.say ? said(one.say, i18n.language) : one.policy}{" "}
          <Typography.Text type="secondary">{one.rule}</Typography.Text>
          <div>
            {list(one.always)}
            {one.sometimes.length > 0 && (
              <>
                {one.always.length > 0 ? "; " : ""}
                {t("policies.sometimes", { acts: list(one.sometimes) })}
              </>
            )}
            {one.proof.length > 0 && <div>{t("policies.afterProof", { acts: list(one.proof) })}</div>}
          </div>
        </li>
      ))}
    </ul>
  );
}
