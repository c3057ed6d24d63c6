// Which columns a table has, and in which order: kept for each account and register.
import { DownOutlined, SettingOutlined, UpOutlined } from "@ant-design/icons";
import { Button, Checkbox, Flex, Popover } from "antd";
import { useTranslation } from "react-i18next";
import { said } from "../app/language";
import type { Columns } from "./columns";
import { columnsOf, type Definition } from "./definition";
import { inLandmark } from "./Help";
import { moved } from "./order";

type Props = { definition: Definition; columns: Columns };

export function ColumnChoice({ definition, columns }: Props) {
  const { t } = useTranslation();
  return (
    <Popover
      trigger="click"
      getPopupContainer={inLandmark}
      content={<List definition={definition} columns={columns} />}
    >
      <Button size="small" icon={<SettingOutlined aria-hidden="true" />}>
        {t("register.columns")}
      </Button>
    </Popover>
  );
}

/** First those that are shown, as they stand in the table, then the others. */
function List({ definition, columns: { shown, show } }: Props) {
  const { t, i18n } = useTranslation();
  const all = columnsOf(definition);
  const there = shown.flatMap((key) => all.find((field) => field.key === key) ?? []);
  const others = all.filter((field) => !shown.includes(field.key));
  return (
    <Flex vertical gap={2} className="choices">
      {[...there, ...others].map((field, at) => {
        const name = said(field.name, i18n.language);
        const on = at < there.length;
        const step = (by: number) => (
          <Button
            type="text"
            size="small"
            icon={by < 0 ? <UpOutlined aria-hidden="true" /> : <DownOutlined aria-hidden="true" />}
            aria-label={t(by < 0 ? "register.columnBefore" : "register.columnAfter", { name })}
            disabled={at + by < 0 || at + by >= there.length}
            onClick={() => show(moved(shown, field.key, by))}
          />
        );
        return (
          <Flex key={field.key} justify="space-between" align="center" gap={12}>
            <Checkbox
              checked={on}
              onChange={() => show(on ? shown.filter((key) => key !== field.key) : [...shown, field.key])}
            >
              {name}
            </Checkbox>
            {on && (
              <span>
                {step(-1)}
                {step(1)}
              </span>
            )}
          </Flex>
        );
      })}
    </Flex>
  );
}
