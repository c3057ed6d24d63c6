// What of the log is looked at: kind of event, register, account, days, and which end comes first.
import { useQuery } from "@tanstack/react-query";
import { Button, DatePicker, Flex, Select, Tag } from "antd";
import dayjs from "dayjs";
import { useTranslation } from "react-i18next";
import { api, got } from "../../api/client";
import { said } from "../../app/language";
import { useDefinitions } from "../../registers/queries";
import { KINDS, kindKey, type LogAsked } from "./asked";

type Props = { asked: LogAsked; ask: (next: LogAsked) => void };

export function LogFilters({ asked, ask }: Props) {
  const { t } = useTranslation();
  const change = (key: keyof LogAsked, value: string | undefined) => ask({ ...asked, [key]: value });
  const isNarrow = Object.keys(asked).some((key) => key !== "order");
  return (
    <Flex gap={8} wrap align="center" role="search" aria-label={t("log.narrow")}>
      <Kinds asked={asked} put={(value) => change("kind", value)} />
      <Registers asked={asked} put={(value) => change("register", value)} />
      <Accounts asked={asked} put={(value) => change("account", value)} />
      <DatePicker.RangePicker
        allowEmpty={[true, true]}
        value={[day(asked.from), day(asked.until)]}
        placeholder={[t("log.from"), t("log.until")]}
        aria-label={t("log.days")}
        onChange={(days) =>
          ask({
            ...asked,
            from: days?.[0]?.format("YYYY-MM-DD"),
            until: days?.[1]?.format("YYYY-MM-DD"),
          })
        }
      />
      <Select
        aria-label={t("log.order")}
        value={asked.order ?? "newest"}
        style={{ width: 130 }}
        onChange={(value) => change("order", value === "newest" ? undefined : value)}
        options={[
          { value: "newest", label: t("log.newest") },
          { value: "oldest", label: t("log.oldest") },
        ]}
      />
      {asked.record && (
        <Tag
          closable
          variant="outlined"
          style={{ margin: 0 }}
          closeIcon={
            <span role="img" aria-label={t("register.without", { what: t("log.oneRecord") })}>
              ×
            </span>
          }
          onClose={(event) => {
            event.preventDefault();
            change("record", undefined);
          }}
        >
          {t("log.oneRecord")} <code>{asked.record.slice(-8)}</code>
        </Tag>
      )}
      {isNarrow && (
        <Button onClick={() => ask(asked.order ? { order: asked.order } : {})}>{t("log.all")}</Button>
      )}
    </Flex>
  );
}

const day = (text: string | undefined) => (text && dayjs(text).isValid() ? dayjs(text) : null);

type ChoiceProps = {
  label: string;
  value: string | undefined;
  width: number;
  put: (value: string | undefined) => void;
  options: { value: string; label: string }[];
};

function Choice({ label, value, width, put, options }: ChoiceProps) {
  return (
    <Select
      aria-label={label}
      placeholder={label}
      value={value ?? null}
      style={{ width }}
      allowClear
      showSearch={{ optionFilterProp: "label" }}
      onChange={(chosen: string | null) => put(chosen ?? undefined)}
      options={options}
    />
  );
}

type OneProps = { asked: LogAsked; put: (value: string | undefined) => void };

/** Kinds of events, and the one act of a register that the log is narrowed to. */
function Kinds({ asked, put }: OneProps) {
  const { t, i18n } = useTranslation();
  const definitions = useDefinitions();
  const options: { value: string; label: string }[] = KINDS.map((kind) => ({
    value: kind,
    label: t(kindKey(kind)),
  }));
  const other = asked.kind && !options.some((one) => one.value === asked.kind) ? asked.kind : undefined;
  if (other) {
    const [register, act] = other.split(".");
    const definition = definitions.data?.find((one) => one.key === register);
    const action = definition?.actions.find((one) => one.key === act);
    options.push({ value: other, label: said(action?.name, i18n.language) || other });
  }
  return <Choice label={t("log.kind")} value={asked.kind} width={190} put={put} options={options} />;
}

function Registers({ asked, put }: OneProps) {
  const { t, i18n } = useTranslation();
  const definitions = useDefinitions();
  const options = (definitions.data ?? []).map((one) => ({
    value: one.key,
    label: said(one.name, i18n.language),
  }));
  return <Choice label={t("log.register")} value={asked.register} width={180} put={put} options={options} />;
}

function Accounts({ asked, put }: OneProps) {
  const { t } = useTranslation();
  const accounts = useQuery({
    queryKey: ["accounts"],
    queryFn: async () => (await got(api.GET("/api/v1/accounts"))).items,
  });
  const options = (accounts.data ?? []).map((one) => ({ value: one.id, label: one.name }));
  return <Choice label={t("log.actor")} value={asked.account} width={160} put={put} options={options} />;
}
