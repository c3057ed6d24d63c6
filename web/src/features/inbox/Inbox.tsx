// What waits for the account's decision: the facts on one screen, what was decided so far, and the answer.
import { Badge, Button, Card, Empty, Flex, Grid, Skeleton, Typography } from "antd";
import { useTranslation } from "react-i18next";
import { Link, useSearchParams } from "react-router";
import { said } from "../../app/language";
import { useTitle } from "../../app/title";
import { registerNamed } from "../../registers/definition";
import { titleOf } from "../../registers/fields/LinkPicker";
import { type Approval, useDefinitions, useInbox } from "../../registers/queries";
import { Mark } from "../../ui/Mark";
import { ProblemNote } from "../../ui/ProblemNote";
import { When } from "../../ui/When";
import { Decide } from "./Decide";

export function Inbox() {
  const { t } = useTranslation();
  const inbox = useInbox();
  const [address, setAddress] = useSearchParams();
  const wide = Grid.useBreakpoint().lg ?? true;
  useTitle(t("nav.inbox"));
  if (inbox.isPending) {
    return <Skeleton active />;
  }
  if (inbox.error) {
    return <ProblemNote error={inbox.error} retry={() => void inbox.refetch()} />;
  }
  const all = inbox.data;
  const chosen = all.find((one) => one.id === address.get("id")) ?? all[0];
  const choose = (id: string) => setAddress({ id }, { replace: true });
  return (
    <>
      <Typography.Title level={1} style={{ fontSize: 20, margin: "0 0 12px" }}>
        {t("nav.inbox")} <Badge count={all.length} showZero color="#5a6270" />
      </Typography.Title>
      {chosen === undefined ? (
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
      ) : (
        <Flex gap={12} align="start" vertical={!wide}>
          <Card
            style={{ width: wide ? 320 : "100%", flex: "none" }}
            styles={{ body: { padding: 6, maxHeight: "70vh", overflow: "auto" } }}
          >
            <ul className="plain-list" aria-label={t("inbox.all")}>
              {all.map((one) => (
                <li key={one.id}>
                  <Entry approval={one} chosen={one.id === chosen.id} choose={() => choose(one.id)} />
                </li>
              ))}
            </ul>
          </Card>
          <div style={{ flex: 1, minWidth: 0, width: "100%" }}>
            <Decide key={chosen.id} approval={chosen} />
          </div>
        </Flex>
      )}
    </>
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
