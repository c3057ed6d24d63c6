// Conditions for which there is no box, as a tile of the board or a saved view has them: in words, to be taken away.
import { Tag } from "antd";
import { useTranslation } from "react-i18next";
import { said } from "../app/language";
import { useDates } from "../ui/When";
import type { Condition } from "./conditions";
import { type Definition, target } from "./definition";
import { useName } from "./names";
import { useDefinitions } from "./queries";

type Props = { definition: Definition; conditions: Condition[]; leave: (gone: Condition) => void };

export function OtherConditions({ definition, conditions, leave }: Props) {
  return conditions.map((one) => (
    <One key={one.written} definition={definition} condition={one} leave={() => leave(one)} />
  ));
}

type OneProps = { definition: Definition; condition: Condition; leave: () => void };

function One({ definition, condition, leave }: OneProps) {
  const { t } = useTranslation();
  const words = useWords(definition, condition);
  return (
    <Tag
      closable
      variant="outlined"
      style={{ margin: 0 }}
      closeIcon={
        <span role="img" aria-label={t("register.without", { what: words })}>
          ×
        </span>
      }
      onClose={(event) => {
        event.preventDefault();
        leave();
      }}
    >
      <bdi>{words}</bdi>
    </Tag>
  );
}

function useWords(definition: Definition, { key, sign, value, written }: Condition): string {
  const { t, i18n } = useTranslation();
  const dates = useDates();
  const definitions = useDefinitions();
  const [head = "", over] = key.split(".");
  const field = definition.fields.find((one) => one.key === head);
  const linked = over === undefined && field !== undefined && target(field) !== undefined;
  const name = useName(linked ? value : "");
  const says = (what: string, is: string) => `${what}${t("list.colon")}${is}`;
  const day = (text: string) => (/^\d{4}-\d\d-\d\d$/.test(text) ? dates.day(text) : dates.instant(text));
  if (key === "open") {
    return t("register.stillOpen");
  }
  if (key === "state") {
    const states = value.split("|").map((one) => definition.states.find((state) => state.key === one));
    return says(
      t("record.state"),
      states.map((state) => said(state?.name, i18n.language)).join(t("list.and")),
    );
  }
  if (key === "label") {
    const level = value === "open" ? t("level.open") : t(`level.${value.replace(".", "_")}`);
    return says(t("record.mark"), level);
  }
  if (head === "clock") {
    const clock = definition.clocks.find((one) => one.key === over);
    return says(said(clock?.name, i18n.language) || t("register.deadline"), t(`deadline.${value}`));
  }
  if (key === "recorded" || sign !== ":") {
    const what = key === "recorded" ? t("record.created") : said(field?.name, i18n.language);
    return `${what} ${sign === ">=" ? "≥" : "≤"} ${day(value)}`;
  }
  const other = over === undefined ? undefined : field && target(field);
  const further = definitions.data?.find((one) => one.key === other)?.fields.find((one) => one.key === over);
  const asked = further ?? field;
  if (!asked) {
    return written;
  }
  const choice = asked.choices?.find((one) => one.key === value);
  const title = [name.data?.number, name.data?.title].filter(Boolean).join(" ");
  const plain = asked.type === "bool" ? t(value === "true" ? "yes" : "no") : value;
  return says(
    said(asked.name, i18n.language),
    said(choice, i18n.language) || (linked ? title || "…" : plain),
  );
}
