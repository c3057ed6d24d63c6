// Choosing by where things stand: units below each other, and people in their units. For who knows where somebody is
// rather than what they are called.
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { Alert, Modal, Tree, Typography } from "antd";
import { type Key, useState } from "react";
import { useTranslation } from "react-i18next";
import { said } from "../../app/language";
import { answerOf } from "../../ui/answer";
import { Coming } from "../../ui/Coming";
import { ProblemNote } from "../../ui/ProblemNote";
import { everything, filtered, type RecordView, useDefinition } from "../queries";
import { titleOf } from "../titles";
import type { Way } from "./way";

/** Records that are still in use; others are found by their words. */
const OPEN = "open:yes";
/** So many of one branch are shown; more are found by their words. */
const EACH = 200;

type Props = {
  register: string;
  way: Way;
  many: boolean;
  value: string[];
  close: () => void;
  chosen: (records: RecordView[], ids: string[]) => void;
};

type Node = {
  key: string;
  title: string;
  selectable: boolean;
  checkable: boolean;
  isLeaf: boolean;
  children?: Node[];
};

export function TreePick({ register, way, many, value, close, chosen }: Props) {
  const { t, i18n } = useTranslation();
  const queries = useQueryClient();
  const definition = useDefinition(register);
  const [members, setMembers] = useState<Record<string, RecordView[]>>({});
  const [error, setError] = useState<unknown>();
  const [checked, check] = useState(value);
  const branches = useQuery({
    queryKey: ["records", way.branch.key, "tree"],
    queryFn: () => everything(way.branch.key, OPEN),
  });
  const told = answerOf(branches, <Coming rows={6} />);
  const units = told.data?.items ?? [];
  const known = new Map(
    [...(way.of === undefined ? units : []), ...Object.values(members).flat()].map((one) => [one.id, one]),
  );
  const name = (record: RecordView, key: string | null | undefined) =>
    titleOf(record, key) || record.number || record.id.slice(-6);
  const leaf = (record: RecordView): Node => ({
    key: record.id,
    title: name(record, definition?.title),
    selectable: !many,
    checkable: many,
    isLeaf: true,
  });
  const seen = new Set<string>();
  const node = (unit: RecordView): Node => {
    seen.add(unit.id);
    const below = units.filter((one) => one.fields[way.upper] === unit.id && !seen.has(one.id)).map(node);
    const people = members[unit.id];
    const itself = way.of === undefined;
    return {
      key: unit.id,
      title: name(unit, way.branch.title),
      selectable: itself && !many,
      checkable: itself && many,
      isLeaf: itself && below.length === 0,
      // without children of its own, and not asked for them yet, it is asked when it is opened
      ...(itself || people || below.length > 0 ? { children: [...(people ?? []).map(leaf), ...below] } : {}),
    };
  };
  const ids = new Set(units.map((unit) => unit.id));
  const trees = units.filter((unit) => !ids.has(String(unit.fields[way.upper]))).map(node);
  const open = async (id: string) => {
    if (way.of === undefined || members[id]) {
      return;
    }
    try {
      const filter = `${way.of}:${id},${OPEN}`;
      const found = await queries.fetchQuery({
        queryKey: ["records", register, "in", id],
        queryFn: () => filtered(register, filter, EACH),
      });
      setMembers((before) => ({ ...before, [id]: found }));
      setError(undefined);
    } catch (problem) {
      setError(problem);
    }
  };
  const take = (keys: Key[]) => {
    const wanted = keys.map(String);
    chosen(
      wanted.flatMap((key) => known.get(key) ?? []),
      wanted,
    );
  };
  return (
    <Modal
      open
      title={t("pick.byTree", { name: said(way.branch.name, i18n.language) })}
      onCancel={close}
      okText={t("pick.take", { count: checked.length })}
      onOk={() => take(checked)}
      {...(many ? {} : { footer: null })}
      styles={{ body: { maxHeight: "60vh", overflow: "auto" } }}
    >
      {error !== undefined && <ProblemNote error={error} />}
      {told.data === undefined ? (
        told.instead
      ) : (
        <>
          {told.note}
          {!told.data.whole && <Alert type="warning" title={t("pick.partTree")} />}
          {trees.length === 0 && <Typography.Text type="secondary">{t("pick.none")}</Typography.Text>}
          <Tree
            treeData={trees}
            checkable={many}
            checkStrictly
            checkedKeys={checked}
            blockNode
            defaultExpandAll={way.of === undefined}
            loadData={({ key }) => open(String(key))}
            onCheck={(keys) => check((Array.isArray(keys) ? keys : keys.checked).map(String))}
            onSelect={(keys) => keys.length > 0 && take(keys)}
          />
        </>
      )}
    </Modal>
  );
}
