// Entering a 保密期限: its kind, and what belongs to it.
import { Flex, Input, InputNumber, Select } from "antd";
import dayjs from "dayjs";
import { useTranslation } from "react-i18next";
import { Day } from "../../ui/Days";
import { TERM_KINDS, type TermKind, termKind } from "./term";

type Props = { id?: string; label: string; value?: unknown; onChange?: (value: unknown) => void };

export function TermInput({ id, label, value, onChange }: Props) {
  const { t } = useTranslation();
  const kind = termKind(value);
  const holds = kind && typeof value === "object" ? (value as Record<string, unknown>)[kind] : undefined;
  const put = (next: TermKind | undefined, held: unknown) => {
    if (next === undefined) {
      onChange?.(undefined);
    } else {
      onChange?.(next === "long_term" ? "long_term" : { [next]: held });
    }
  };
  const counts = kind === "years" || kind === "months" || kind === "days";
  return (
    <Flex gap={8}>
      <Select
        {...(id === undefined ? {} : { id })}
        aria-label={label}
        allowClear
        style={{ width: 150 }}
        {...(kind === undefined ? {} : { value: kind })}
        placeholder={t("term.kind")}
        options={TERM_KINDS.map((one) => ({ value: one, label: t(`term.${one}`) }))}
        onChange={(next: TermKind | undefined) => put(next, undefined)}
      />
      {counts && (
        <InputNumber
          min={1}
          max={999}
          precision={0}
          aria-label={t(`term.${kind}`)}
          value={(holds as number | undefined) ?? null}
          onChange={(held) => put(kind, held ?? undefined)}
        />
      )}
      {kind === "until" && (
        <Day
          aria-label={t("term.until")}
          value={holds ? dayjs(String(holds)) : null}
          onChange={(day) => put(kind, day ? day.format("YYYY-MM-DD") : undefined)}
        />
      )}
      {kind === "condition" && (
        <Input
          aria-label={t("term.condition")}
          placeholder={t("term.conditionSample")}
          value={(holds as string | undefined) ?? ""}
          onChange={(event) => put(kind, event.target.value)}
        />
      )}
    </Flex>
  );
}
