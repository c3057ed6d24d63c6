// What is found by a number or by words, in every register the reader may see.
import { useQueries } from "@tanstack/react-query";
import { Button, Card, Empty, Flex, Typography } from "antd";
import { useEffect } from "react";
import { useTranslation } from "react-i18next";
import { Link, useLocation, useNavigate, useSearchParams } from "react-router";
import { said } from "../../app/language";
import { useMe } from "../../app/session";
import { soughtBy, soughtIn } from "../../app/sought";
import { find, useDefinitions } from "../../registers/queries";
import { StateTag } from "../../registers/StateTag";
import { titleOf } from "../../registers/titles";
import { Coming } from "../../ui/Coming";
import { Mark } from "../../ui/Mark";
import { ProblemNote } from "../../ui/ProblemNote";

const EACH = 6;

export function Find() {
  const { t, i18n } = useTranslation();
  const me = useMe();
  const place = useLocation();
  const go = useNavigate();
  const [address] = useSearchParams();
  const given = address.get("q");
  const words = given ?? soughtIn(place.state, me.account);
  const definitions = useDefinitions().data ?? [];
  useEffect(() => {
    // an address with words, of a page that was kept: they do not stay there
    if (given !== null) {
      go("/find", { replace: true, state: soughtBy(me.account, given) });
    }
  }, [given, go, me.account]);
  const found = useQueries({
    queries: definitions.map((one) => ({
      queryKey: ["find", one.key, words, EACH],
      enabled: words !== "",
      queryFn: () => find(one.key, words, EACH),
    })),
  });
  const done = words === "" || (definitions.length > 0 && found.every((one) => !one.isPending));
  const groups = definitions.flatMap((definition, at) => {
    const records = found[at]?.data ?? [];
    return records.length > 0 ? [{ definition, records }] : [];
  });
  const all = groups.flatMap((group) => group.records);
  // what could not be looked through is not the same as nothing
  const failed = found.find((one) => one.error !== null);
  const only = done && !failed && all.length === 1 && all[0]?.number === words ? all[0] : undefined;
  useEffect(() => {
    if (only) {
      go(`/records/${only.id}`, { replace: true });
    }
  }, [only, go]);
  return (
    <Flex vertical gap={12}>
      <Typography.Title level={1} style={{ fontSize: 20, margin: 0, overflowWrap: "anywhere" }}>
        {t("find.for")} <bdi>{words}</bdi>
      </Typography.Title>
      {groups.map(({ definition, records }) => (
        <Card
          key={definition.key}
          size="small"
          title={said(definition.name, i18n.language)}
          extra={
            <Link to={`/registers/${definition.key}?q=${encodeURIComponent(words)}`}>{t("find.all")}</Link>
          }
        >
          <ul className="plain-list spaced">
            {records.map((record) => (
              <li key={record.id}>
                <Flex gap={10} align="center" wrap>
                  <Mark label={record.label} />
                  <Link to={`/records/${record.id}`}>
                    <bdi>{titleOf(record, definition.title) || t("record.open")}</bdi>
                  </Link>
                  <StateTag definition={definition} state={record.state} />
                </Flex>
              </li>
            ))}
          </ul>
        </Card>
      ))}
      {!done && <Coming />}
      {failed && <ProblemNote error={failed.error} retry={() => void failed.refetch()} />}
      {done && !failed && all.length === 0 && (
        <Empty
          description={
            words === "" ? (
              <div>{t("find.placeholder")}</div>
            ) : (
              <>
                <div>{t("find.nothing")}</div>
                <div>{t("empty.find")}</div>
              </>
            )
          }
        >
          <Link to="/">
            <Button>{t("empty.toDesk")}</Button>
          </Link>
        </Empty>
      )}
    </Flex>
  );
}
