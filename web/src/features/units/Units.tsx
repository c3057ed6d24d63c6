// The parts of the house as a tree. A unit is moved by dragging it or by its menu; what moves it is its register's own
// act, tried first, and taken back by the same act.
import { useMutation, useQuery } from "@tanstack/react-query";
import { Alert, App, Button, Flex, Form, Input, Modal, Select, Tree, Typography } from "antd";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { Link } from "react-router";
import { useOnce } from "../../api/once";
import { said } from "../../app/language";
import { useMe } from "../../app/session";
import { useTitle } from "../../app/title";
import { perform, tried, useRefresh } from "../../registers/acts";
import { mayBegin } from "../../registers/definition";
import { everything, type RecordView, useDefinition } from "../../registers/queries";
import { titleOf } from "../../registers/titles";
import { answerOf } from "../../ui/answer";
import { Coming } from "../../ui/Coming";
import { ProblemNote } from "../../ui/ProblemNote";
import { type Branch, branchOf, treeOf } from "./tree";

const UNIT = "unit";
const PERSON = "person";
/** The act by which a register mends its fields; every register has it under this name. */
const ACT = "correct";

/** Under nothing. */
const TOP = "";

/** What is dragged: the id of a unit of this page. */
const DRAGGED = "application/x-ruping-unit";

type Move = { unit: RecordView; to: string | null };

export function Units() {
  const { t } = useTranslation();
  const units = useQuery({
    queryKey: ["records", UNIT, "all"],
    queryFn: () => everything(UNIT, "state:active"),
    // the eldest first, as they came to be
    select: (all) => ({
      ...all,
      items: [...all.items].sort((one, other) => one.created_at.localeCompare(other.created_at)),
    }),
  });
  const people = useQuery({
    queryKey: ["records", PERSON, "all"],
    queryFn: () => everything(PERSON, "state:active"),
  });
  useTitle(t("nav.units"));
  const tree = answerOf(units);
  if (tree.data === undefined || people.isPending) {
    return tree.data === undefined ? tree.instead : <Coming />;
  }
  const counts = new Map<string, number>();
  for (const person of people.data?.items ?? []) {
    const of = person.fields.unit;
    if (typeof of === "string") {
      counts.set(of, (counts.get(of) ?? 0) + 1);
    }
  }
  return (
    <Flex vertical gap={12}>
      <Typography.Title level={1} style={{ fontSize: 20, margin: 0 }}>
        {t("nav.units")}
      </Typography.Title>
      <Typography.Paragraph style={{ margin: 0 }}>{t("units.why")}</Typography.Paragraph>
      <Link to={`/registers/${UNIT}`}>{t("units.toRegister")}</Link>
      {!(tree.data.whole && (people.data?.whole ?? true)) && <Alert type="warning" title={t("units.part")} />}
      {tree.note}
      <Movable trees={treeOf(tree.data.items, counts)} units={tree.data.items} />
    </Flex>
  );
}

function Movable({ trees, units }: { trees: Branch[]; units: RecordView[] }) {
  const { t } = useTranslation();
  const me = useMe();
  const definition = useDefinition(UNIT);
  const [move, setMove] = useState<Move>();
  const [shut, setShut] = useState<string[]>([]);
  const [choosing, choose] = useState<RecordView>();
  const nameOf = (unit: RecordView) => titleOf(unit, definition?.title) || unit.id.slice(-6);
  const act = definition?.actions.find((one) => one.key === ACT);
  const mayMove = act !== undefined && mayBegin(act, me.roles);
  const begin = (id: string, to: string | null) => {
    const unit = units.find((one) => one.id === id);
    if (unit && (unit.fields.upper ?? null) !== to && !(to && branchOf(trees, id).has(to))) {
      setMove({ unit, to });
    }
  };
  const node = (branch: Branch): object => ({
    key: branch.id,
    title: (
      <Flex
        gap={8}
        align="center"
        wrap
        draggable={mayMove}
        onDragStart={(event) => event.dataTransfer.setData(DRAGGED, branch.id)}
        onDragOver={(event) => mayMove && event.preventDefault()}
        onDrop={(event) => {
          event.preventDefault();
          begin(event.dataTransfer.getData(DRAGGED), branch.id);
        }}
      >
        <Link to={`/records/${branch.id}`} draggable={false}>
          <bdi>{nameOf(branch.unit)}</bdi>
        </Link>
        <Typography.Text type="secondary">{t("units.people", { count: branch.people })}</Typography.Text>
        {mayMove && (
          <Button
            size="small"
            type="text"
            aria-label={t("units.move", { name: nameOf(branch.unit) })}
            onClick={() => choose(branch.unit)}
            // the tree has uses of its own for these keys
            onKeyDown={(event) => event.stopPropagation()}
          >
            {t("units.menu")}
          </Button>
        )}
      </Flex>
    ),
    children: branch.below.map(node),
  });
  return (
    <>
      <Tree
        treeData={trees.map(node) as never}
        expandedKeys={units.map((unit) => unit.id).filter((id) => !shut.includes(id))}
        onExpand={(_, { node: on, expanded }) => {
          const id = String(on.key);
          setShut(expanded ? shut.filter((one) => one !== id) : [...shut, id]);
        }}
        selectable={false}
        blockNode
      />
      {choosing && (
        <Under
          name={nameOf(choosing)}
          units={units.filter((one) => !branchOf(trees, choosing.id).has(one.id))}
          nameOf={nameOf}
          close={() => choose(undefined)}
          chosen={(to) => {
            choose(undefined);
            begin(choosing.id, to);
          }}
        />
      )}
      {move && (
        <Confirm
          key={`${move.unit.id} ${move.to}`}
          move={move}
          nameOf={(id) => nameOf(units.find((one) => one.id === id) ?? move.unit)}
          people={[...branchOf(trees, move.unit.id)]}
          trees={trees}
          close={() => setMove(undefined)}
        />
      )}
    </>
  );
}

type UnderProps = {
  name: string;
  units: RecordView[];
  nameOf: (unit: RecordView) => string;
  close: () => void;
  chosen: (to: string | null) => void;
};

function Under({ name, units, nameOf, close, chosen }: UnderProps) {
  const { t } = useTranslation();
  const [to, setTo] = useState<string>();
  return (
    <Modal
      open
      onCancel={close}
      onOk={() => to !== undefined && chosen(to === TOP ? null : to)}
      okText={t("units.next")}
      cancelText={t("act.cancel")}
      okButtonProps={{ disabled: to === undefined }}
      title={t("units.move", { name })}
    >
      <Select
        aria-label={t("units.under")}
        showSearch={{ optionFilterProp: "label" }}
        value={to as never}
        onChange={setTo}
        placeholder={t("units.under")}
        options={[
          { value: TOP, label: t("units.top") },
          ...units.map((unit) => ({ value: unit.id, label: nameOf(unit) })),
        ]}
        style={{ width: "100%" }}
      />
    </Modal>
  );
}

type ConfirmProps = {
  move: Move;
  nameOf: (id: string) => string;
  people: string[];
  trees: Branch[];
  close: () => void;
};

/** What would follow, asked of the server before anything is done. */
function Confirm({ move, nameOf, people, trees, close }: ConfirmProps) {
  const { t, i18n } = useTranslation();
  const { notification } = App.useApp();
  const definition = useDefinition(UNIT);
  const refresh = useRefresh();
  const request = useOnce();
  const needed = definition?.actions.find((one) => one.key === ACT)?.comment === "required";
  const [comment, setComment] = useState("");
  const { unit, to } = move;
  const given = (input: object) => ({
    input: input as Record<string, unknown>,
    ...(needed ? { comment: comment || t("units.reason") } : {}),
  });
  const act = (input: object, version: number, key: string) =>
    perform({ id: unit.id, version }, ACT, given(input), key);
  const trial = useQuery({
    queryKey: ["units", unit.id, unit.version, to],
    gcTime: 0,
    retry: false,
    queryFn: () => tried({ id: unit.id, version: unit.version }, ACT, given({ upper: to })),
  });
  const undo = async (version: number) => {
    await act({ upper: unit.fields.upper ?? null }, version, crypto.randomUUID());
    await refresh();
  };
  const done = useMutation({
    mutationFn: () => act({ upper: to }, unit.version, request.key()),
    onSettled: (_, error) => request.answered(error ?? undefined),
    onSuccess: async (came) => {
      await refresh();
      close();
      const version = "version" in came ? Number(came.version) : undefined;
      notification.success({
        title: t("units.moved", { name: nameOf(unit.id) }),
        duration: 20,
        actions:
          version === undefined ? undefined : (
            <Button
              size="small"
              onClick={() => {
                notification.destroy();
                void undo(version).catch(() => notification.error({ title: t("units.notUndone") }));
              }}
            >
              {t("units.undo")}
            </Button>
          ),
      });
    },
  });
  const waits = trial.data?.outcome === "would_happen" && trial.data.needs_approval;
  const warnings = trial.data?.outcome === "would_happen" ? (trial.data.rules ?? []) : [];
  const all = (branches: Branch[]): Branch[] => branches.flatMap((one) => [one, ...all(one.below)]);
  const moved = all(trees).filter((one) => people.includes(one.id));
  const heads = moved.reduce((sum, one) => sum + one.people, 0);
  return (
    <Modal
      open
      maskClosable={false}
      onCancel={close}
      onOk={() => done.mutate()}
      okText={t("units.do")}
      cancelText={t("act.cancel")}
      okButtonProps={{
        disabled: !trial.isSuccess || (needed && comment.trim() === ""),
        loading: done.isPending,
      }}
      title={t("units.move", { name: nameOf(unit.id) })}
    >
      <Flex vertical gap={8}>
        <strong>
          {to === null
            ? t("units.toTop", { name: nameOf(unit.id) })
            : t("units.toUnder", { name: nameOf(unit.id), to: nameOf(to) })}
        </strong>
        <ul style={{ margin: 0, paddingInlineStart: 18 }}>
          <li>{t("units.with", { count: moved.length - 1, people: heads })}</li>
          <li>{t("units.scopes")}</li>
          <li>{t("units.regimes")}</li>
          <li>{t("units.clocks")}</li>
          {waits && <li>{t("units.waits")}</li>}
        </ul>
        {needed && (
          <Form.Item label={t("act.comment")} htmlFor="units-comment" style={{ margin: 0 }}>
            <Input
              id="units-comment"
              value={comment}
              maxLength={500}
              onChange={(event) => setComment(event.target.value)}
            />
          </Form.Item>
        )}
        {warnings.map((rule) => (
          <Alert key={rule.id} type="warning" title={`${rule.id} ${said(rule.say, i18n.language)}`} />
        ))}
        {trial.isPending && <Coming rows={1} />}
        {trial.error && <ProblemNote error={trial.error} />}
        {done.error && <ProblemNote error={done.error} />}
      </Flex>
    </Modal>
  );
}
