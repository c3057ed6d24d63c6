// One file that is taken in: what its columns stand for, a trial, the work, and what became of each row.
import { DownloadOutlined } from "@ant-design/icons";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { Alert, Button, Card, Flex, Form, Input, Popconfirm, Progress, Select, Typography } from "antd";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { Link, useNavigate, useParams } from "react-router";
import { api, got, type Shapes } from "../../api/client";
import { said } from "../../app/language";
import { useMe } from "../../app/session";
import { useTitle } from "../../app/title";
import { takeFile } from "../../registers/download";
import { useDefinition } from "../../registers/queries";
import { answerOf } from "../../ui/answer";
import { ProblemNote } from "../../ui/ProblemNote";
import { acceptedOf } from "./accepted";
import { Columns, type Mapping, mappingOf } from "./Columns";
import { Counts } from "./Counts";
import { Rows } from "./Rows";
import { isGoing, type Taken, takenBy, useTaken } from "./send";

export function Import() {
  const { id = "" } = useParams();
  const taken = answerOf(useTaken(id));
  if (taken.data === undefined) {
    return taken.instead;
  }
  return (
    <>
      {taken.note}
      <Known key={id} taken={taken.data} />
    </>
  );
}

function Known({ taken }: { taken: Taken }) {
  const { t, i18n } = useTranslation();
  const definition = useDefinition(taken.register);
  const name = said(definition?.name, i18n.language) || taken.register;
  const [written, write] = useState<Written>({ comment: "", accepted: "" });
  useTitle(t("imports.into", { name }));
  return (
    <Flex vertical gap={12}>
      <Typography.Title level={1} style={{ fontSize: 20, margin: 0, overflowWrap: "anywhere" }}>
        <bdi>{taken.name}</bdi>
      </Typography.Title>
      <Flex gap={16} wrap component="nav" aria-label={t("imports.ways")}>
        <Link to={`/registers/${taken.register}`}>{name}</Link>
        <Link to={`/registers/${taken.register}/import`}>{t("imports.another")}</Link>
        <Link to="/imports">{t("imports.mine")}</Link>
      </Flex>
      <Going taken={taken} />
      {/* WHY the key: what the server has remembered is what is shown next; it remembers no remarks */}
      {!isGoing(taken) && <Start key={taken.state} taken={taken} written={written} write={write} />}
      {!isGoing(taken) && taken.state !== "read" && <Rows taken={taken} />}
    </Flex>
  );
}

function Going({ taken }: { taken: Taken }) {
  const { t, i18n } = useTranslation();
  const queries = useQueryClient();
  const go = useNavigate();
  const all = Object.values(taken.counts).reduce((sum, one) => sum + one, 0);
  const waiting = taken.counts.waiting ?? 0;
  const stop = useMutation({
    mutationFn: () => got(api.POST("/api/v1/imports/{id}/stop", { params: { path: { id: taken.id } } })),
    onSuccess: () => queries.invalidateQueries({ queryKey: ["imports"] }),
  });
  const drop = useMutation({
    mutationFn: () => got(api.DELETE("/api/v1/imports/{id}", { params: { path: { id: taken.id } } })),
    onSuccess: () => {
      void queries.invalidateQueries({ queryKey: ["imports"], exact: true });
      go("/imports");
    },
  });
  const take = useMutation({
    mutationFn: () => {
      const language = i18n.language === "zh-CN" ? "zh" : "en";
      const ending = /\.(csv|txt)$/i.test(taken.name) ? "csv" : "xlsx";
      const query = `format=${ending}&language=${language}`;
      const name = taken.name.replace(/\.[^.]*$/, "");
      return takeFile(
        `/api/v1/imports/${taken.id}/result?${query}`,
        `${name}-${t("imports.result")}.${ending}`,
      );
    },
  });
  const error = stop.error ?? drop.error ?? take.error;
  return (
    <Card size="small">
      <Flex vertical gap={8}>
        <Flex gap={10} wrap align="center" role="status">
          <Typography.Text strong>{t(`imports.is_${taken.state}`)}</Typography.Text>
          <Counts counts={taken.counts} />
        </Flex>
        {isGoing(taken) && (
          <Progress
            aria-label={t("imports.is_running")}
            percent={all > 0 ? Math.floor(((all - waiting) / all) * 100) : 0}
          />
        )}
        <Flex gap={8} wrap>
          {isGoing(taken) && (
            <Button danger loading={stop.isPending} onClick={() => stop.mutate()}>
              {t("imports.stop")}
            </Button>
          )}
          {!isGoing(taken) && taken.state !== "read" && (
            <Button
              icon={<DownloadOutlined aria-hidden="true" />}
              loading={take.isPending}
              onClick={() => take.mutate()}
            >
              {t("imports.takeResult")}
            </Button>
          )}
          {!isGoing(taken) && (
            <Popconfirm
              title={t("imports.dropSure")}
              okText={t("imports.dropIt")}
              cancelText={t("act.cancel")}
              onConfirm={() => drop.mutate()}
            >
              <Button loading={drop.isPending}>{t("imports.dropIt")}</Button>
            </Popconfirm>
          )}
        </Flex>
        {error && <ProblemNote error={error} />}
      </Flex>
    </Card>
  );
}

/** What goes with every row. */
type Written = { comment: string; accepted: string };

type StartProps = { taken: Taken; written: Written; write: (written: Written) => void };

/** What each column stands for, by which act its rows come in, and the two ways to begin. */
function Start({ taken, written, write }: StartProps) {
  const { t, i18n } = useTranslation();
  const me = useMe();
  const queries = useQueryClient();
  const definition = useDefinition(taken.register);
  const actions = definition ? takenBy(definition, me.roles) : [];
  const [action, setAction] = useState(taken.action);
  const [mapping, setMapping] = useState<Mapping>(() => mappingOf(taken));
  const { comment, accepted } = written;
  const { taken: warnings, unread } = acceptedOf(accepted);
  const begin = useMutation({
    mutationFn: (dry: boolean) => {
      const body: Shapes["ImportStart"] = {
        action,
        mapping,
        dry_run: dry,
        ...(comment.trim() === "" ? {} : { comment: comment.trim() }),
        accept_warnings: warnings,
      };
      return got(api.POST("/api/v1/imports/{id}/start", { params: { path: { id: taken.id } }, body }));
    },
    onSuccess: (now) => {
      queries.setQueryData(["imports", taken.id], now);
      queries.removeQueries({ queryKey: ["imports", taken.id, "rows"] });
    },
  });
  if (taken.state === "done" && (taken.counts.failed ?? 0) + (taken.counts.waiting ?? 0) === 0) {
    return <Alert type="success" showIcon title={t("imports.allIn")} />;
  }
  return (
    <Card size="small" title={t("imports.columns")}>
      <Flex vertical gap={12}>
        <Columns taken={taken} mapping={mapping} change={setMapping} />
        <Flex gap={12} wrap>
          {actions.length > 1 && (
            <Select
              aria-label={t("imports.action")}
              style={{ minWidth: 180 }}
              value={action}
              onChange={setAction}
              options={actions.map((one) => ({ value: one.key, label: said(one.name, i18n.language) }))}
            />
          )}
          <Input
            aria-label={t("act.comment")}
            placeholder={t("imports.comment")}
            style={{ maxWidth: 320 }}
            value={comment}
            onChange={(event) => write({ ...written, comment: event.target.value })}
          />
          <Form.Item
            style={{ margin: 0, maxWidth: 320, width: "100%" }}
            {...(unread.length > 0
              ? {
                  validateStatus: "error" as const,
                  help: <bdi>{t("imports.acceptUnread", { words: unread.join(t("list.and")) })}</bdi>,
                }
              : {})}
          >
            <Input
              aria-label={t("imports.accept")}
              placeholder={t("imports.accept")}
              aria-invalid={unread.length > 0}
              value={accepted}
              onChange={(event) => write({ ...written, accepted: event.target.value })}
            />
          </Form.Item>
        </Flex>
        {begin.error && <ProblemNote error={begin.error} />}
        <Flex gap={8} wrap align="center">
          <Button
            type={taken.state === "checked" ? "default" : "primary"}
            loading={begin.isPending && begin.variables}
            disabled={unread.length > 0}
            onClick={() => begin.mutate(true)}
          >
            {t("imports.try")}
          </Button>
          <Button
            type={taken.state === "checked" ? "primary" : "default"}
            loading={begin.isPending && !begin.variables}
            disabled={unread.length > 0}
            onClick={() => begin.mutate(false)}
          >
            {t("imports.start")}
          </Button>
          <Typography.Text type="secondary">{t("imports.tryWhy")}</Typography.Text>
        </Flex>
      </Flex>
    </Card>
  );
}
