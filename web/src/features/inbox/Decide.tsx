// One decision: what is asked, by whom, about what, what it changes; then yes, back or no.
import { useMutation } from "@tanstack/react-query";
import { Alert, Button, Card, Descriptions, Flex, Input, Typography } from "antd";
import type { TextAreaRef } from "antd/es/input/TextArea";
import { useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import { Link } from "react-router";
import { api, got, type Shapes } from "../../api/client";
import { useOnce } from "../../api/once";
import { said } from "../../app/language";
import { useProof } from "../../app/StepUp";
import { useMe } from "../../app/session";
import { useRefresh } from "../../registers/acts";
import { Clocks } from "../../registers/Clocks";
import { type Definition, registerNamed, type Step } from "../../registers/definition";
import { Value } from "../../registers/fields/Value";
import { type Approval, useDefinitions } from "../../registers/queries";
import { Mark } from "../../ui/Mark";
import { ProblemNote } from "../../ui/ProblemNote";
import { When } from "../../ui/When";

type Verdict = Shapes["Verdict"];

type Props = { approval?: Approval; done: () => void };

/** WHY what is shown is what was there when it was opened: who decides decides on what they have read. */
export function Decide({ approval: now, done }: Props) {
  const { t } = useTranslation();
  const [seen, see] = useState(now);
  if (seen === undefined) {
    // it was gone already, or comes with the next list
    return now ? <Decide approval={now} done={done} /> : <Gone />;
  }
  const changed = now !== undefined && factsOf(now) !== factsOf(seen);
  return (
    <>
      {now === undefined && <Gone />}
      {changed && (
        <Alert
          type="warning"
          showIcon
          role="alert"
          style={{ marginBottom: 12 }}
          title={t("inbox.changed")}
          action={
            <Button size="small" type="primary" onClick={() => see(now)}>
              {t("inbox.look")}
            </Button>
          }
        />
      )}
      <Facts approval={seen} stands={now !== undefined && !changed} done={done} />
    </>
  );
}

/** What is decided on; a deadline that draws nearer is no other request. */
function factsOf({ digest, step, state, reason, decisions, frozen, record }: Approval): string {
  return JSON.stringify([digest, step, state, reason, decisions, frozen, record.version, record.fields]);
}

function Gone() {
  const { t } = useTranslation();
  return <Alert type="warning" showIcon role="alert" style={{ marginBottom: 12 }} title={t("inbox.gone")} />;
}

type FactsProps = { approval: Approval; stands: boolean; done: () => void };

function Facts({ approval, stands, done }: FactsProps) {
  const { t, i18n } = useTranslation();
  const definitions = useDefinitions();
  const { record } = approval;
  const definition = registerNamed(definitions.data, record.register);
  if (!definition) {
    return null;
  }
  const action = definition.actions.find((one) => one.key === approval.action);
  const steps = waitingSteps(definition, approval);
  const signs = steps.length > 0 && steps.every((step) => step.signs !== undefined);
  const names = steps.map((step) => said(step.name, i18n.language)).filter((name) => name !== "");
  const input = (approval.frozen.input ?? {}) as Record<string, unknown>;
  const shown = { ...record.fields, ...input };
  const fields = definition.fields.filter(
    (field) => shown[field.key] !== undefined && shown[field.key] !== null,
  );
  return (
    <Card styles={{ body: { padding: 16 } }}>
      <Flex vertical gap={12}>
        <Flex gap={10} align="center" wrap>
          <Mark label={record.label} />
          <Typography.Title level={2} style={{ fontSize: 17, margin: 0 }}>
            {`${said(definition.name, i18n.language)} · ${said(action?.name, i18n.language) || approval.action}`}
          </Typography.Title>
          <Link to={`/records/${record.id}`}>{record.number ?? t("record.open")}</Link>
        </Flex>
        <Typography.Text type="secondary">
          {t("inbox.asked", { name: approval.requested_by?.name ?? t("actor.program") })}{" "}
          <When at={approval.at} />
          {approval.steps > 1
            ? ` · ${t("inbox.round", { round: approval.step + 1, rounds: approval.steps })}`
            : ""}
          {names.length > 0 ? ` · ${names.join(t("list.and"))}` : ""}
        </Typography.Text>
        {approval.reason && (
          <Alert
            type="warning"
            showIcon
            title={t(`inbox.${approval.reason.code.replace("approval.", "")}`, {
              defaultValue: approval.reason.code,
            })}
          />
        )}
        <Descriptions
          size="small"
          bordered
          column={{ xs: 1, sm: 1, md: 2 }}
          items={fields.map((field) => ({
            key: field.key,
            label: said(field.name, i18n.language),
            children: <Value field={field} value={shown[field.key]} />,
          }))}
        />
        <Clocks definition={definition} clocks={record.clocks} />
        <Decisions decisions={approval.decisions} />
        {signs && <Alert type="info" showIcon title={t("insign.what")} />}
        <Answer approval={approval} stands={stands} done={done} signs={signs} />
      </Flex>
    </Card>
  );
}

/** What it waits for now. */
function waitingSteps(definition: Definition, approval: Approval): Step[] {
  const all = definition.approvals?.find((one) => one.action === approval.action)?.steps ?? [];
  return approval.waits_for.flatMap((at) => all[at] ?? []);
}

function Decisions({ decisions }: { decisions: Shapes["Decision"][] }) {
  const { t } = useTranslation();
  if (decisions.length === 0) {
    return null;
  }
  return (
    <section>
      <Typography.Title level={3} style={{ fontSize: 14 }}>
        {t("inbox.before")}
      </Typography.Title>
      <ul className="plain-list">
        {decisions.map((one) => (
          <li key={`${one.person.id}${one.at}`}>
            <bdi>{one.person.name}</bdi> <strong>{t(`verdict.${one.verdict}`)}</strong> <When at={one.at} />{" "}
            <bdi>{one.comment ?? ""}</bdi>
          </li>
        ))}
      </ul>
    </section>
  );
}

function Answer({ approval, stands, done, signs }: FactsProps & { signs: boolean }) {
  const { t } = useTranslation();
  const me = useMe();
  const refresh = useRefresh();
  const [comment, setComment] = useState("");
  const [missed, miss] = useState(false);
  const box = useRef<TextAreaRef>(null);
  const proof = useProof();
  const request = useOnce();
  const decide = useMutation({
    mutationFn: (decision: Verdict) =>
      got(
        api.POST("/api/v1/approvals/{id}", {
          params: { path: { id: approval.id }, header: { "Idempotency-Key": request.key() } },
          body: { decision, digest: approval.digest, ...(comment.trim() ? { comment: comment.trim() } : {}) },
        }),
      ),
    onSuccess: () => {
      done();
      void refresh();
    },
    onError: (error, decision) => {
      request.answered(error);
      proof.hear(error, () => decide.mutate(decision));
    },
  });
  // the decision goes out with its reason, or not at all
  const say = (verdict: Verdict) => {
    const bare = ["return", "refuse"].includes(verdict) && comment.trim() === "";
    miss(bare);
    if (bare) {
      box.current?.focus();
    } else {
      decide.mutate(verdict);
    }
  };
  const own = approval.requested_by?.id === me.person?.id;
  const verdicts: Verdict[] = approval.state === "returned" ? ["withdraw"] : ["approve", "return", "refuse"];
  const possible: Verdict[] = own && approval.state !== "returned" ? [...verdicts, "withdraw"] : verdicts;
  return (
    <section aria-label={t("inbox.answer")}>
      <Input.TextArea
        ref={box}
        aria-label={t("act.comment")}
        {...(missed ? { status: "error" as const, "aria-invalid": true } : {})}
        placeholder={t("inbox.comment")}
        rows={2}
        className="grows"
        value={comment}
        onChange={(event) => {
          setComment(event.target.value);
          miss(false);
        }}
      />
      {missed && (
        <Typography.Text type="danger" role="alert">
          {t("insign.why")}
        </Typography.Text>
      )}
      {decide.error && !proof.proving && (
        <div style={{ marginTop: 8 }}>
          <ProblemNote error={decide.error} />
        </div>
      )}
      <Flex gap={8} style={{ marginTop: 10 }} wrap>
        {possible.map((verdict) => (
          <Button
            key={verdict}
            type={verdict === "approve" ? "primary" : "default"}
            disabled={!stands}
            danger={verdict === "refuse"}
            loading={decide.isPending && decide.variables === verdict}
            onClick={() => say(verdict)}
          >
            {t(signs && verdict === "approve" ? "insign.sign" : `do.${verdict}`)}
          </Button>
        ))}
      </Flex>
      {proof.box}
    </section>
  );
}
