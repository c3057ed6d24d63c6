// Lists as somebody asked for them, kept under names of their own: opened, named anew, thrown away.
import { CheckOutlined, DeleteOutlined, EditOutlined, FilterOutlined } from "@ant-design/icons";
import { Button, Flex, Input, Popover, Typography } from "antd";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { ProblemNote } from "../ui/ProblemNote";
import type { Columns } from "./columns";
import { type Kept, useKeeping, useKept } from "./kept";
import { type Asked, anew } from "./queries";

const NAME = 100;

type View = { name: string; query: string; columns?: string[] };

function viewOf(kept: Kept): View {
  return kept.body as unknown as View;
}

function queryOf(asked: Asked): string {
  return new URLSearchParams(anew(asked) as Record<string, string>).toString();
}

function askedOf(query: string): Asked {
  const all = new URLSearchParams(query);
  const asked: Asked = {};
  for (const key of ["q", "filter", "sort"] as const) {
    const value = all.get(key);
    if (value) {
      asked[key] = value;
    }
  }
  return asked;
}

type Props = { register: string; asked: Asked; ask: (next: Asked) => void; columns: Columns };

export function SavedViews({ register, asked, ask, columns }: Props) {
  const { t } = useTranslation();
  const [open, setOpen] = useState(false);
  const all = useKept("view");
  const mine = (all.data ?? []).filter((one) => one.key.startsWith(`${register}:`));
  return (
    <Popover
      trigger="click"
      placement="bottomRight"
      open={open}
      onOpenChange={setOpen}
      destroyOnHidden
      content={
        <Views
          all={mine}
          asked={asked}
          shown={columns.shown}
          register={register}
          choose={(view) => {
            ask(askedOf(view.query));
            if (view.columns) {
              columns.show(view.columns);
            }
            setOpen(false);
          }}
        />
      }
    >
      <Button icon={<FilterOutlined aria-hidden="true" />} aria-expanded={open}>
        {t("views.title")}
      </Button>
    </Popover>
  );
}

type ListProps = {
  all: Kept[];
  asked: Asked;
  shown: string[];
  register: string;
  choose: (view: View) => void;
};

function Views({ all, asked, shown, register, choose }: ListProps) {
  const { t } = useTranslation();
  const keeping = useKeeping("view");
  const [name, setName] = useState("");
  const failed = keeping.put.error ?? keeping.drop.error;
  const save = () => {
    const body: View = { name: name.trim(), query: queryOf(asked), columns: shown };
    if (body.name !== "") {
      const key = `${register}:${crypto.randomUUID()}`;
      keeping.put.mutate({ key, body }, { onSuccess: () => setName("") });
    }
  };
  return (
    <section aria-label={t("views.title")} style={{ width: 300, maxWidth: "80vw" }}>
      {all.length === 0 && <Typography.Text type="secondary">{t("views.none")}</Typography.Text>}
      <ul className="plain-list">
        {all.map((one) => (
          <li key={one.key}>
            <Row
              kept={one}
              choose={choose}
              rename={(next) => keeping.put.mutate({ key: one.key, body: { ...viewOf(one), name: next } })}
              drop={() => keeping.drop.mutate(one.key)}
            />
          </li>
        ))}
      </ul>
      <Flex gap={6} style={{ marginTop: 8 }}>
        <Input
          size="small"
          value={name}
          maxLength={NAME}
          aria-label={t("views.name")}
          placeholder={t("views.name")}
          onChange={(event) => setName(event.target.value)}
          onPressEnter={save}
        />
        <Button size="small" type="primary" onClick={save}>
          {t("views.save")}
        </Button>
      </Flex>
      {failed && <ProblemNote error={failed} />}
    </section>
  );
}

type RowProps = {
  kept: Kept;
  choose: (view: View) => void;
  rename: (name: string) => void;
  drop: () => void;
};

function Row({ kept, choose, rename, drop }: RowProps) {
  const { t } = useTranslation();
  const view = viewOf(kept);
  const [name, setName] = useState<string>();
  const end = () => {
    const next = name?.trim();
    if (next) {
      rename(next);
    }
    setName(undefined);
  };
  if (name !== undefined) {
    return (
      <Flex gap={4}>
        <Input
          size="small"
          autoFocus
          value={name}
          maxLength={NAME}
          aria-label={t("views.name")}
          onChange={(event) => setName(event.target.value)}
          onPressEnter={end}
        />
        <Button
          size="small"
          type="text"
          icon={<CheckOutlined aria-hidden="true" />}
          aria-label={t("views.keepName")}
          onClick={end}
        />
      </Flex>
    );
  }
  return (
    <Flex gap={4} align="center">
      <Button
        type="link"
        style={{ flex: 1, minWidth: 0, justifyContent: "start" }}
        onClick={() => choose(view)}
      >
        <bdi className="one-line">{view.name}</bdi>
      </Button>
      <Button
        size="small"
        type="text"
        icon={<EditOutlined aria-hidden="true" />}
        aria-label={t("views.rename", { name: view.name })}
        onClick={() => setName(view.name)}
      />
      <Button
        size="small"
        type="text"
        icon={<DeleteOutlined aria-hidden="true" />}
        aria-label={t("views.drop", { name: view.name })}
        onClick={drop}
      />
    </Flex>
  );
}
