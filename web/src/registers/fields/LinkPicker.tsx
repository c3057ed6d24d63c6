// Choosing a record: a person, a unit, a copy, by its number, its words or the letters of its pinyin.

import { ApartmentOutlined } from "@ant-design/icons";
import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { Button, Flex, Select, Typography } from "antd";
import { lazy, Suspense, useEffect, useState } from "react";
import { useTranslation } from "react-i18next";
import { said } from "../../app/language";
import { stateOf } from "../definition";
import { useKnowName, useName } from "../names";
import { find, type RecordView, useDefinition, useDefinitions } from "../queries";
import { titleOf } from "../titles";
import { recentFirst, useRecent } from "./recent";
import { wayTo } from "./way";

const TreePick = lazy(() => import("./TreePick").then((module) => ({ default: module.TreePick })));

type Props = {
  id?: string;
  register: string;
  many?: boolean;
  /** Names of what no directory has may be typed. */
  free?: boolean;
  value?: unknown;
  label?: string;
  onChange?: (value: unknown) => void;
};

const PAUSE = 200;

function useSettled(text: string): string {
  const [settled, setSettled] = useState(text);
  useEffect(() => {
    const timer = setTimeout(() => setSettled(text), PAUSE);
    return () => clearTimeout(timer);
  }, [text]);
  return settled;
}

export function LinkPicker({ id, register, many = false, free = false, value, label, onChange }: Props) {
  const { t, i18n } = useTranslation();
  const [typed, setTyped] = useState("");
  const [open, setOpen] = useState(false);
  const [browsing, browse] = useState(false);
  const words = useSettled(typed);
  const definition = useDefinition(register);
  const know = useKnowName();
  const found = useQuery({
    queryKey: ["find", register, words],
    enabled: open,
    queryFn: () => find(register, words),
    // WHY: a list that goes away for a moment takes a click with it
    placeholderData: keepPreviousData,
  });
  const [recent, note] = useRecent(register);
  const options = recentFirst(recent, found.data ?? [], words).map((record) => {
    const name = titleOf(record, definition?.title) || record.id.slice(-6);
    return {
      value: record.id,
      name,
      record,
      state: definition ? said(stateOf(definition, record.state)?.name, i18n.language) : "",
    };
  });
  if (free && words !== "" && !many) {
    options.push({
      value: `+${words}`,
      name: t("pick.byName", { name: words }),
      record: undefined as never,
      state: "",
    });
  }
  const shown = (one: unknown) =>
    typeof one === "string" ? one : `+${(one as { name?: string } | null)?.name ?? ""}`;
  const chosen = many
    ? ((value as string[] | undefined) ?? [])
    : value === undefined || value === null
      ? undefined
      : shown(value);
  /** What was chosen stands first the next time, and has its name at once. */
  const take = (records: RecordView[]) => {
    for (const record of records) {
      note(record);
      know({ id: record.id, register, number: null, title: titleOf(record, definition?.title) || null });
    }
  };
  const change = (next: unknown, picked: unknown) => {
    setTyped("");
    take(([picked].flat() as { record?: RecordView }[]).flatMap((one) => one?.record ?? []));
    if (typeof next === "string" && next.startsWith("+")) {
      onChange?.({ name: next.slice(1) });
    } else {
      onChange?.(Array.isArray(next) && next.length === 0 ? undefined : next);
    }
  };
  const all = useDefinitions().data;
  const way = definition && all ? wayTo(definition, all) : undefined;
  const select = (
    <Select
      {...(id === undefined ? {} : { id })}
      {...(many ? { mode: "multiple" as const } : {})}
      {...(label === undefined ? {} : { "aria-label": label })}
      showSearch={{ filterOption: false, onSearch: setTyped }}
      allowClear
      value={chosen as never}
      placeholder={t("pick.placeholder")}
      loading={found.isFetching}
      onOpenChange={setOpen}
      onBlur={() => {
        // a name that no directory has is what was typed, whether it was picked below or not
        if (free && !many && typed.trim() !== "") {
          change(`+${typed.trim()}`, undefined);
        }
      }}
      onChange={(next, picked) => change(next, picked)}
      options={options as never}
      optionLabelProp="name"
      notFoundContent={found.isFetching ? t("pick.looking") : t("pick.none")}
      optionRender={(option) => {
        const { name, state } = option.data as unknown as { name: string; state: string };
        return (
          <>
            <bdi>{name}</bdi> <Typography.Text type="secondary">{state}</Typography.Text>
          </>
        );
      }}
      labelRender={({ value: one }) => <Chosen id={String(one)} />}
      style={{ width: "100%", minWidth: 0 }}
    />
  );
  if (!way) {
    return select;
  }
  return (
    <Flex gap={4}>
      {select}
      <Button
        icon={<ApartmentOutlined aria-hidden="true" />}
        aria-label={t("pick.byTreeOf", { name: said(way.branch.name, i18n.language), label: label ?? "" })}
        title={t("pick.byTree", { name: said(way.branch.name, i18n.language) })}
        onClick={() => browse(true)}
      />
      {browsing && (
        <Suspense fallback={null}>
          <TreePick
            register={register}
            way={way}
            many={many}
            value={many ? ((value as string[] | undefined) ?? []) : []}
            close={() => browse(false)}
            chosen={(records, ids) => {
              browse(false);
              take(records);
              onChange?.(many ? (ids.length === 0 ? undefined : ids) : ids[0]);
            }}
          />
        </Suspense>
      )}
    </Flex>
  );
}

function Chosen({ id }: { id: string }) {
  const free = id.startsWith("+");
  const name = useName(free ? "" : id);
  if (free) {
    return <bdi>{id.slice(1)}</bdi>;
  }
  const text = [name.data?.number, name.data?.title].filter(Boolean).join(" ");
  return <bdi>{text || id.slice(-6)}</bdi>;
}
