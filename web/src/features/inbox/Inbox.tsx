// What waits for the account's decision: the facts on one screen, what was decided so far, and the answer.
import { Alert, Badge, Button, Card, Empty, Flex, Grid, Typography } from "antd";
import { useEffect, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import { Link, useSearchParams } from "react-router";
import { said } from "../../app/language";
import { useTitle } from "../../app/title";
import { registerNamed } from "../../registers/definition";
import { type Approval, useDefinitions, useInbox } from "../../registers/queries";
import { titleOf } from "../../registers/titles";
import { answerOf } from "../../ui/answer";
import { Mark } from "../../ui/Mark";
import { When } from "../../ui/When";
import { Decide } from "./Decide";

export function Inbox() {
  const { t } = useTranslation();
  const inbox = answerOf(useInbox());
  useTitle(t("nav.inbox"));
  if (inbox.data === undefined) {
    return inbox.instead;
  }
  return (
    <>
      <Typography.Title level={1} style={{ fontSize: 20, margin: "0 0 12px" }}>
        {t("nav.inbox")} <Badge count={inbox.data.length} showZero color="#5a6270" />
      </Typography.Title>
      {inbox.note}
      <Waiting all={inbox.data} />
    </>
  );
}

/** Which one is read. WHY it stays that one: another that comes to its place, with the same buttons, would be decided on by a
 * click that was meant for this one. */
function usePinned(all: Approval[]): [string | undefined, (id: string | undefined) => void] {
  const [address, setAddress] = useSearchParams();
  const [first, pin] = useState(() => all[0]?.id);
  const choose = (id: string | undefined) => {
    pin(undefined);
    setAddress(id === undefined ? {} : { id }, { replace: true });
  };
  return [address.get("id") ?? first, choose];
}

function Waiting({ all }: { all: Approval[] }) {
  const { t } = useTranslation();
  const wide = Grid.useBreakpoint().lg ?? true;
  const [pinned, choose] = usePinned(all);
  const list = useRef<HTMLUListElement>(null);
  const [answered, tell] = useState(false);
  const approval = all.find((one) => one.id === pinned);
  // biome-ignore lint/correctness/useExhaustiveDependencies: once more when the list has come without the one that was answered
  useEffect(() => {
    const at = document.activeElement;
    if (answered && (at === null || at === document.body || list.current?.contains(at))) {
      list.current?.querySelector("button")?.focus();
    }
  }, [answered, all]);
  if (all.length === 0 && pinned === undefined) {
    return (
      <Card>
        <Empty
          image={Empty.PRESENTED_IMAGE_SIMPLE}
          description={
            <>
              <div>{t("inbox.empty")}</div>
              <div>{t("empty.inbox")}</div>
            </>
          }
        >
          <Link to="/">
            <Button>{t("empty.toDesk")}</Button>
          </Link>
        </Empty>
      </Card>
    );
  }
  return (
    <Flex gap={12} align="start" vertical={!wide}>
      <Card
        style={{ width: wide ? 320 : "100%", flex: "none" }}
        styles={{ body: { padding: 6, maxHeight: "70vh", overflow: "auto" } }}
      >
        {all.length === 0 && <Typography.Text type="secondary">{t("inbox.empty")}</Typography.Text>}
        <ul className="plain-list" aria-label={t("inbox.all")} ref={list}>
          {all.map((one) => (
            <li key={one.id}>
              <Entry
                approval={one}
                chosen={one.id === pinned}
                choose={() => {
                  tell(false);
                  choose(one.id);
                }}
              />
            </li>
          ))}
        </ul>
      </Card>
      <div style={{ flex: 1, minWidth: 0, width: "100%" }}>
        {pinned === undefined ? (
          <Alert type="info" showIcon role="status" title={t(answered ? "inbox.given" : "inbox.choose")} />
        ) : (
          <Decide
            key={pinned}
            {...(approval ? { approval } : {})}
            done={() => {
              tell(true);
              choose(undefined);
            }}
          />
        )}
      </div>
    </Flex>
  );
}

function Entry({ approval, chosen, choose }: { approval: Approval; chosen: boolean; choose: () => void }) {
  const { i18n } = useTranslation();
  const definitions = useDefinitions();
  const { record } = approval;
  const definition = registerNamed(definitions.data, record.register);
  const action = definition?.actions.find((one) => one.key === approval.action);
  return (
    <button
      type="button"
      className={chosen ? "entry chosen" : "entry"}
      aria-pressed={chosen}
      onClick={choose}
    >
      <Flex justify="space-between" gap={8}>
        <strong>{`${said(definition?.name, i18n.language)} · ${said(action?.name, i18n.language) || approval.action}`}</strong>
        <Mark label={record.label} />
      </Flex>
      <span className="clip">
        <bdi>{titleOf(record, definition?.title)}</bdi> <bdi>{approval.requested_by?.name ?? ""}</bdi>
      </span>
      <When at={approval.at} />
    </button>
  );
}
