// The first page: what waits, what runs out, where to begin.
import { Button, Flex, Typography } from "antd";
import { useTranslation } from "react-i18next";
import { Link, Navigate } from "react-router";
import { said } from "../../app/language";
import { administers, has, useMe } from "../../app/session";
import { useTitle } from "../../app/title";
import { registerNamed } from "../../registers/definition";
import { NameOf } from "../../registers/fields/NameOf";
import { draftOf, useKeeping, useKept } from "../../registers/kept";
import { useDefinitions, useInbox, useNotices } from "../../registers/queries";
import { answerOf } from "../../ui/answer";
import { Coming } from "../../ui/Coming";
import { ProblemNote } from "../../ui/ProblemNote";
import { Sheet } from "../../ui/Sheet";
import { When } from "../../ui/When";
import { InMyName } from "./InMyName";

export function Desk() {
  const { t } = useTranslation();
  const me = useMe();
  useTitle(t("nav.desk"));
  if (administers(me)) {
    return <Navigate to={has(me, "audit_admin") ? "/log" : "/accounts"} replace />;
  }
  return (
    <Flex vertical gap={12}>
      <Typography.Title level={1} style={{ fontSize: 20, margin: 0 }}>
        <bdi>{t("desk.hello", { name: me.person?.name ?? me.name })}</bdi>
      </Typography.Title>
      <Waiting />
      <InMyName />
      <Drafts />
      <Notices />
      <Begin />
    </Flex>
  );
}

function Waiting() {
  const { t } = useTranslation();
  const inbox = answerOf(useInbox(), <Coming rows={1} />);
  const count = inbox.data?.length;
  return (
    <Sheet title={t("desk.waiting")}>
      {inbox.data === undefined ? inbox.instead : inbox.note}
      {count === undefined ? null : count === 0 ? (
        <Typography.Text type="secondary">{t("empty.desk")}</Typography.Text>
      ) : (
        <Link to="/inbox">{t("desk.waits", { count })}</Link>
      )}
    </Sheet>
  );
}

/** What was begun and not sent. */
function Drafts() {
  const { t, i18n } = useTranslation();
  const drafts = useKept("draft");
  const keeping = useKeeping("draft");
  const definitions = useDefinitions();
  if (!drafts.data || drafts.data.length === 0) {
    return null;
  }
  return (
    <Sheet title={t("draft.mine")}>
      {keeping.drop.error && <ProblemNote error={keeping.drop.error} />}
      <ul className="plain-list">
        {drafts.data.map((kept) => {
          const draft = draftOf(kept);
          const [register, line] = draft.register.split(".");
          const definition = definitions.data?.find((one) => one.key === register);
          const lines = definition?.lines.find((one) => one.key === line);
          const action = (lines ?? definition)?.actions.find((one) => one.key === draft.action);
          const name = `${said(lines?.name ?? definition?.name, i18n.language)} · ${said(action?.name, i18n.language) || draft.action}`;
          const to = draft.record ? `/records/${draft.record}` : `/registers/${register}`;
          return (
            <li key={kept.key}>
              <Flex gap={8} align="center" wrap>
                <Link to={to} state={line ? null : { begin: draft.action, resume: kept.key }}>
                  {name}
                </Link>
                {draft.record && <NameOf id={draft.record} />}
                <Typography.Text type="secondary">
                  <When at={kept.at} />
                </Typography.Text>
                <Button
                  size="small"
                  type="link"
                  aria-label={`${t("draft.discard")} ${name}`}
                  onClick={() => keeping.drop.mutate(kept.key)}
                >
                  {t("draft.discard")}
                </Button>
              </Flex>
            </li>
          );
        })}
      </ul>
    </Sheet>
  );
}

function Notices() {
  const { t, i18n } = useTranslation();
  const notices = answerOf(useNotices());
  const definitions = useDefinitions();
  if (notices.data === undefined) {
    return notices.instead;
  }
  const nameOf = (key: string) => said(registerNamed(definitions.data, key)?.name, i18n.language) || key;
  return (
    <Sheet title={t("desk.notices")}>
      {notices.note}
      {notices.data.length === 0 ? (
        <Typography.Text type="secondary">{t("desk.noNotices")}</Typography.Text>
      ) : (
        <div className="scroll-x">
          <table className="grid">
            <thead>
              <tr>
                {["desk.what", "desk.register", "desk.record", "desk.at"].map((key) => (
                  <th key={key} scope="col">
                    {t(key)}
                  </th>
                ))}
              </tr>
            </thead>
            <tbody>
              {notices.data.map((notice) => (
                <tr key={`${notice.record}${notice.kind}${notice.at}`}>
                  <td>{t(`notice.${notice.kind.replace(".", "_")}`, { defaultValue: notice.kind })}</td>
                  <td>{nameOf(notice.register)}</td>
                  <td>
                    <NameOf id={notice.record} />
                  </td>
                  <td>
                    <When at={notice.at} />
                  </td>
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      )}
    </Sheet>
  );
}

function Begin() {
  const { t, i18n } = useTranslation();
  const definitions = useDefinitions();
  return (
    <Sheet title={t("desk.registers")}>
      <div className="tiles">
        {(definitions.data ?? []).map((one) => (
          <Link key={one.key} to={`/registers/${one.key}`} className="tile">
            <strong>{said(one.name, i18n.language)}</strong>
            <Typography.Text type="secondary" className="clip">
              {said(one.help, i18n.language)}
            </Typography.Text>
          </Link>
        ))}
      </div>
    </Sheet>
  );
}
