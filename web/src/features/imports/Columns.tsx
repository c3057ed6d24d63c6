// What each column of a file stands for: remembered from the last file, changed here, and said where it is left out.
import { Alert, Select, Typography } from "antd";
import { useTranslation } from "react-i18next";
import { said } from "../../app/language";
import type { Taken } from "./send";

export type Mapping = Record<string, string | null>;

export function mappingOf(taken: Taken): Mapping {
  return Object.fromEntries(taken.heads.map((one) => [one.head, one.field ?? null]));
}

type Props = { taken: Taken; mapping: Mapping; change: (mapping: Mapping) => void };

export function Columns({ taken, mapping, change }: Props) {
  const { t, i18n } = useTranslation();
  const left = taken.heads.filter((one) => !mapping[one.head]);
  const options = taken.targets.map((one) => ({ value: one.field, label: said(one.name, i18n.language) }));
  return (
    <>
      <Typography.Text type="secondary">{t("imports.columnsWhat")}</Typography.Text>
      {left.length > 0 && (
        <Alert
          type="warning"
          showIcon
          title={
            <bdi>{t("imports.left", { heads: left.map((one) => one.head || "—").join(t("list.and")) })}</bdi>
          }
        />
      )}
      <div className="scroll-x">
        <table className="grid">
          <thead>
            <tr>
              <th scope="col">{t("imports.head")}</th>
              <th scope="col">{t("imports.field")}</th>
            </tr>
          </thead>
          <tbody>
            {taken.heads.map((one) => (
              <tr key={one.head}>
                <td>
                  <bdi>{one.head || "—"}</bdi>
                </td>
                <td>
                  <Select
                    allowClear
                    showSearch={{ optionFilterProp: "label" }}
                    aria-label={t("imports.fieldOf", { head: one.head })}
                    placeholder={t("imports.leftOut")}
                    style={{ width: "100%", maxWidth: 320 }}
                    value={(mapping[one.head] ?? undefined) as never}
                    options={options}
                    onChange={(field: string | undefined) =>
                      change({ ...mapping, [one.head]: field ?? null })
                    }
                  />
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </>
  );
}
