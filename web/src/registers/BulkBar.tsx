// One act on many records: tried first, done to all of them or to none, and undone where that is possible.
import { PrinterOutlined } from "@ant-design/icons";
import { useMutation } from "@tanstack/react-query";
import { Alert, App, Button, Drawer, Flex, Form, Grid, Table, Typography } from "antd";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { api, got, type Shapes } from "../api/client";
import { useOnce } from "../api/once";
import { said } from "../app/language";
import { useProof } from "../app/StepUp";
import { ProblemNote, problemOf } from "../ui/ProblemNote";
import { ActParts, givenOf, type Values } from "./ActParts";
import { useRefresh } from "./acts";
import type { Action, Definition } from "./definition";
import { NameOf } from "./fields/NameOf";
import { OnTheWayProvider, useOnTheWay } from "./fields/onTheWay";
import { HelpText } from "./Help";
import { chosenOf, PrintDialog } from "./PrintDialog";
import type { RecordView } from "./queries";
import { Warnings } from "./Warnings";

type Bulk = Shapes["Bulk"];

type BarProps = { definition: Definition; chosen: RecordView[]; clear: () => void };

export function BulkBar({ definition, chosen, clear }: BarProps) {
  const { t, i18n } = useTranslation();
  const [begun, begin] = useState<Action>();
  const [printing, print] = useState(false);
  const label = definition.prints.find((one) => one.of === "label");
  const acts = definition.actions.filter(
    (action) => action.bulk && action.from.length > 0 && action.who !== "system",
  );
  if (chosen.length === 0) {
    return null;
  }
  return (
    <Flex gap={8} wrap align="center" style={{ marginBottom: 8 }} role="region" aria-label={t("bulk.title")}>
      <span>{t("bulk.chosen", { count: chosen.length })}</span>
      {acts.map((action) => (
        <Button key={action.key} size="small" onClick={() => begin(action)}>
          {said(action.name, i18n.language)}
        </Button>
      ))}
      {label && (
        <Button size="small" icon={<PrinterOutlined aria-hidden="true" />} onClick={() => print(true)}>
          {t("print.labels")}
        </Button>
      )}
      <Button size="small" type="text" onClick={clear}>
        {t("bulk.clear")}
      </Button>
      {printing && (
        <PrintDialog
          definition={definition}
          of={chosenOf(chosen)}
          {...(label ? { form: label.key } : {})}
          close={() => print(false)}
        />
      )}
      {begun && (
        <BulkForm
          definition={definition}
          action={begun}
          chosen={chosen}
          close={(done) => {
            begin(undefined);
            if (done) {
              clear();
            }
          }}
        />
      )}
    </Flex>
  );
}

type FormProps = {
  definition: Definition;
  action: Action;
  chosen: Pick<RecordView, "id" | "version">[];
  close: (done: boolean) => void;
};

export function BulkForm({ definition, action, chosen, close }: FormProps) {
  const { t, i18n } = useTranslation();
  const wide = Grid.useBreakpoint().md ?? true;
  const [form] = Form.useForm<Values>();
  const refresh = useRefresh();
  const [accepted, setAccepted] = useState<Record<string, string>>({});
  const [came, setCame] = useState<Bulk>();
  const proof = useProof();
  const { modal } = App.useApp();
  const request = useOnce();
  const [going, hold] = useOnTheWay();
  const send = useMutation({
    mutationFn: (dry: boolean) => {
      const { input, ...given } = givenOf(form.getFieldsValue(true), {}, accepted);
      const items = chosen.map(({ id, version }) => ({ id, version }));
      const body = {
        ...given,
        input: input as Record<string, never>,
        action: action.key,
        items,
        atomic: true,
      };
      const header = dry ? {} : { "Idempotency-Key": request.key() };
      return got(
        api.POST("/api/v1/registers/{key}/bulk", {
          params: { path: { key: definition.key }, header },
          body: { ...body, dry_run: dry },
        }),
      );
    },
    onSuccess: (bulk) => {
      request.answered();
      setCame(bulk);
      void refresh();
    },
    onError: (error, dry) => {
      request.answered(error);
      proof.hear(error, () => send.mutate(dry));
    },
  });
  const over = came?.state === "done" || came?.state === "running";
  const warnings = (problemOf(send.error)?.rules ?? []).filter((rule) => rule.severity === "warn");
  // no draft is kept of what is done to many
  const leave = () => {
    if (over || !form.isFieldsTouched()) {
      close(over);
      return;
    }
    void modal.confirm({
      title: t("bulk.leave"),
      okText: t("bulk.leaveIt"),
      cancelText: t("bulk.stay"),
      onOk: () => close(false),
    });
  };
  const { sign: _, ...unsigned } = action;
  // who signs signs once, for the pile: nobody's name is taken from one record
  const asked = {
    on: { register: definition.key },
    action: signedOnce(action, unsigned),
    fields: definition.fields,
  };
  return (
    <Drawer
      open
      onClose={leave}
      size={wide ? 680 : "100%"}
      title={t("bulk.of", { name: said(action.name, i18n.language), count: chosen.length })}
      maskClosable={false}
      closable={{ "aria-label": t("act.close") }}
    >
      {!over && action.help && (
        <Typography.Paragraph type="secondary">
          <HelpText text={action.help} />
        </Typography.Paragraph>
      )}
      {!over && (
        <Form<Values> form={form} layout="vertical" initialValues={{ input: {}, signs: [] }}>
          <OnTheWayProvider value={hold}>
            <ActParts asked={asked} form={form} />
          </OnTheWayProvider>
        </Form>
      )}
      {send.error && !proof.proving && <ProblemNote error={send.error} />}
      {warnings.length > 0 && <Warnings rules={warnings} accepted={accepted} change={setAccepted} />}
      {came && <Outcome bulk={came} shown={setCame} />}
      <Flex gap={8} style={{ marginTop: 16 }}>
        {over ? (
          <Button type="primary" onClick={() => close(true)}>
            {t("act.close")}
          </Button>
        ) : (
          <>
            <Button loading={send.isPending && send.variables} onClick={() => send.mutate(true)}>
              {t("bulk.try")}
            </Button>
            <Button
              type="primary"
              disabled={going > 0}
              loading={send.isPending && !send.variables}
              onClick={() => send.mutate(false)}
            >
              {t("bulk.do")}
            </Button>
            {going > 0 && <Typography.Text type="secondary">{t("files.wait")}</Typography.Text>}
          </>
        )}
      </Flex>
      {proof.box}
    </Drawer>
  );
}

function signedOnce(action: Action, unsigned: Omit<Action, "sign">): Action {
  const signs = action.sign?.filter((signer) => !(signer.method ?? ["counter"]).includes("inbox")) ?? [];
  return signs.length > 0 ? { ...unsigned, sign: signs } : unsigned;
}

/** What came of each, or would come. */
type OutcomeProps = { bulk: Bulk; shown: (bulk: Bulk) => void };

function Outcome({ bulk, shown }: OutcomeProps) {
  const { t, i18n } = useTranslation();
  const refresh = useRefresh();
  const undo = useMutation({
    mutationFn: (id: string) =>
      got(
        api.POST("/api/v1/bulk/{id}/undo", { params: { path: { id } }, body: { comment: t("bulk.undone") } }),
      ),
    onSuccess: (undone) => {
      shown({ ...undone, can_undo: false });
      void refresh();
    },
  });
  const kind = bulk.state === "refused" ? "error" : bulk.state === "tried" ? "info" : "success";
  const { id } = bulk;
  return (
    <Flex vertical gap={8} style={{ marginTop: 12 }}>
      <Alert
        type={kind}
        showIcon
        title={t(`bulk.is_${bulk.state}`)}
        action={
          bulk.can_undo && id ? (
            <Button size="small" loading={undo.isPending} onClick={() => undo.mutate(id)}>
              {t("bulk.undo")}
            </Button>
          ) : null
        }
      />
      {undo.error && <ProblemNote error={undo.error} />}
      <Table<Shapes["BulkOutcome"]>
        size="small"
        rowKey="row"
        dataSource={bulk.items}
        pagination={bulk.items.length > 50 ? { pageSize: 50, size: "small" } : false}
        scroll={{ x: "max-content" }}
        columns={[
          {
            key: "record",
            title: t("desk.record"),
            render: (_, one) => (one.record ? <NameOf id={one.record} /> : one.row),
          },
          { key: "outcome", title: t("bulk.outcome"), render: (_, one) => t(`bulk.came_${one.outcome}`) },
          {
            key: "why",
            title: t("bulk.why"),
            render: (_, one) => (
              <ul className="plain-list">
                {(one.problems ?? []).map((problem) => (
                  <li key={`${problem.code}${problem.field ?? ""}${problem.rule ?? ""}`}>
                    {problem.rule && <Typography.Text strong>{problem.rule} </Typography.Text>}
                    {said(problem.say, i18n.language)}
                  </li>
                ))}
              </ul>
            ),
          },
        ]}
      />
    </Flex>
  );
}
