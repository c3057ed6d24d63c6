// Entering what a field holds, by its kind. The server judges; here is only what helps to write it.
import { Flex, InputNumber, Input as Line, Radio, Select } from "antd";
import dayjs from "dayjs";
import { useTranslation } from "react-i18next";
import { said } from "../../app/language";
import { useMe } from "../../app/session";
import { Day, Moment, Span } from "../../ui/Days";
import { type Field, isMany, target } from "../definition";
import type { Standing } from "../outlook";
import { FilesInput } from "./FilesInput";
import { LinkPicker } from "./LinkPicker";
import { RowsInput } from "./RowsInput";
import { TermInput } from "./TermInput";

type Props = {
  field: Field;
  id?: string;
  value?: unknown;
  onChange?: (value: unknown) => void;
  /** How the columns of rows stand. */
  standings?: Map<string, Standing>;
};

const LEVELS = [
  "state.top_secret",
  "state.secret",
  "state.confidential",
  "trade.core",
  "trade.ordinary",
  "work.internal",
];

/** What this installation may hold of each family, and below. */
function useLevels(): string[] {
  const most = useMe().max_level.split(",");
  return LEVELS.filter((level) => {
    const family = level.split(".")[0];
    const top = most.find((one) => one.split(".")[0] === family);
    return top !== undefined && LEVELS.indexOf(level) >= LEVELS.indexOf(top);
  });
}

export function Input(props: Props) {
  const { field, id, value, onChange } = props;
  const { t, i18n } = useTranslation();
  const label = said(field.name, i18n.language);
  const own = { ...(id === undefined ? {} : { id }), "aria-label": label };
  const put = (next: unknown) => onChange?.(next === "" || next === null ? undefined : next);
  const to = target(field);
  if (to !== undefined) {
    const free = field.type === "outside_org" || field.type === "outside_person";
    return <LinkPicker {...props} label={label} register={to} many={isMany(field)} free={free} />;
  }
  switch (field.type) {
    case "long_text":
      return (
        <Line.TextArea
          {...own}
          rows={3}
          className="grows"
          value={(value as string) ?? ""}
          onChange={(event) => put(event.target.value)}
        />
      );
    case "integer":
    case "decimal":
    case "score":
      return (
        <InputNumber
          {...own}
          {...(field.type === "integer" ? { precision: 0 } : {})}
          style={{ width: 180 }}
          value={(value as number) ?? null}
          onChange={put}
        />
      );
    case "date":
      return (
        <Day
          {...own}
          value={value ? dayjs(String(value)) : null}
          onChange={(day) => put(day?.format("YYYY-MM-DD"))}
        />
      );
    case "datetime":
      return (
        <Moment
          {...own}
          value={value ? dayjs(String(value)) : null}
          onChange={(at) => put(at?.second(0).millisecond(0).toISOString())}
        />
      );
    case "period": {
      const days = value as { from: string; to: string } | undefined;
      return (
        <Span
          {...(id === undefined ? {} : { id: { start: id } })}
          value={days ? [dayjs(days.from), dayjs(days.to)] : null}
          onChange={(all) =>
            put(
              all?.[0] && all[1]
                ? { from: all[0].format("YYYY-MM-DD"), to: all[1].format("YYYY-MM-DD") }
                : undefined,
            )
          }
        />
      );
    }
    case "bool":
      return (
        <Radio.Group
          {...own}
          value={value}
          onChange={(event) => put(event.target.value)}
          options={[
            { value: true, label: t("yes") },
            { value: false, label: t("no") },
          ]}
        />
      );
    case "choice":
    case "choices":
      return (
        <Select
          {...own}
          allowClear
          {...(field.type === "choices" ? { mode: "multiple" as const } : {})}
          value={(value ?? (field.type === "choices" ? [] : undefined)) as never}
          placeholder={t("pick.placeholder")}
          options={(field.choices ?? []).map((one) => ({ value: one.key, label: said(one, i18n.language) }))}
          onChange={put}
        />
      );
    case "level":
      return <LevelInput {...props} label={label} />;
    case "term":
      return <TermInput {...props} label={label} />;
    case "file":
    case "files":
      return <FilesInput {...props} label={label} many={field.type === "files"} />;
    case "checklist":
      return <ChecklistInput {...props} />;
    case "table":
      return (
        <RowsInput
          columns={field.columns ?? []}
          label={label}
          path={field.key}
          {...(props.standings ? { standings: props.standings } : {})}
          {...(value ? { value: value as never } : {})}
          onChange={put}
        />
      );
    default:
      return (
        <Line
          {...own}
          autoComplete="off"
          // WHY no most: what is pasted would be cut off without a word; the server says what is too long
          placeholder={field.mask ?? ""}
          value={(value as string) ?? ""}
          onChange={(event) => put(event.target.value)}
        />
      );
  }
}

function LevelInput({ id, value, onChange, label }: Props & { label: string }) {
  const { t } = useTranslation();
  const levels = useLevels();
  const options = [...levels, "open"].map((level) => ({
    value: level,
    label: level === "open" ? t("level.open") : t(`level.${level.replace(".", "_")}`),
  }));
  return (
    <Select
      {...(id === undefined ? {} : { id })}
      aria-label={label}
      allowClear
      style={{ width: 180 }}
      value={value as never}
      placeholder={t("pick.placeholder")}
      options={options}
      onChange={(next) => onChange?.(next)}
    />
  );
}

function ChecklistInput({ field, value, onChange }: Props) {
  const { t, i18n } = useTranslation();
  const answers = (value as Record<string, string> | undefined) ?? {};
  const possible = ["yes", "no", "na"];
  return (
    <Flex vertical gap={6}>
      {(field.choices ?? []).map((item) => (
        <Flex key={item.key} gap={12} justify="space-between" wrap>
          <span>{said(item, i18n.language)}</span>
          <Radio.Group
            size="small"
            aria-label={said(item, i18n.language)}
            optionType="button"
            value={answers[item.key]}
            options={possible.map((one) => ({ value: one, label: t(`answer.${one}`) }))}
            onChange={(event) => onChange?.({ ...answers, [item.key]: event.target.value })}
          />
        </Flex>
      ))}
    </Flex>
  );
}
