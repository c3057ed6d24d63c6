// What stands behind a bar or a point: who, what, from when to when, and the ways to its holder, receipt and proof.
import { Button, Flex, Typography, theme } from "antd";
import { type ReactNode, useEffect, useLayoutEffect, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import { Link } from "react-router";
import { ProblemNote } from "../../ui/ProblemNote";
import { When } from "../../ui/When";
import { NameOf } from "../fields/NameOf";
import { useEntryProof } from "../proof";
import { useWordOf } from "./LaneRow";
import type { Bar, Dot, Thing } from "./lanes";

export type Place = { left: number; right: number; top: number; bottom: number };

type Props = {
  thing: Thing;
  place: Place;
  /** Opened, not only shown because the pointer rests there: it keeps the keyboard's focus. */
  held: boolean;
  stay: () => void;
  leave: () => void;
  close: () => void;
};

const WIDE = 320;

export function Card({ thing, place, held, stay, leave, close }: Props) {
  const { t } = useTranslation();
  const { token } = theme.useToken();
  const box = useRef<HTMLElement>(null);
  const [high, setHigh] = useState(200);
  useLayoutEffect(() => setHigh(box.current?.offsetHeight ?? 200), []);
  useEffect(() => {
    if (held) {
      box.current?.focus();
    }
  }, [held]);
  const below = place.bottom + 6 + high < window.innerHeight;
  const left = Math.max(8, Math.min(Math.max(place.left, 0), window.innerWidth - WIDE - 16));
  return (
    <section
      ref={box}
      className="custody-card"
      aria-label={t("lanes.card")}
      tabIndex={-1}
      style={{
        left,
        top: below ? place.bottom + 4 : Math.max(8, place.top - high - 4),
        background: token.colorBgElevated,
        color: token.colorText,
      }}
      onMouseEnter={stay}
      onMouseLeave={leave}
      onKeyDown={(event) => {
        if (event.key === "Escape") {
          close();
        }
      }}
    >
      {thing.kind === "bar" ? <OfBar bar={thing} /> : <OfDot dot={thing} />}
      {held && (
        <Button size="small" style={{ marginTop: 8 }} onClick={close}>
          {t("act.close")}
        </Button>
      )}
    </section>
  );
}

function OfBar({ bar }: { bar: Bar }) {
  const { t } = useTranslation();
  const wordOf = useWordOf();
  const { movement, copy } = bar;
  const did = t(`custody.did_${movement.kind}`, { defaultValue: movement.kind });
  const word = wordOf(movement.status, movement.kind);
  return (
    <>
      <Typography.Text strong>{did === word ? did : `${did} · ${word}`}</Typography.Text>
      <dl>
        <Line name={t("custody.serial")}>
          <Link to={`/records/${copy.copy}`}>{copy.serial}</Link>
        </Line>
        {movement.person && (
          <Line name={t("custody.holder")}>
            <Link to={`/records/${movement.person.id}`}>
              <bdi>{movement.person.name}</bdi>
            </Link>
          </Line>
        )}
        {movement.place && (
          <Line name={t("custody.place")}>
            <bdi>{movement.place}</bdi>
          </Line>
        )}
        <Line name={t("lanes.from")}>
          <When at={movement.at} />
        </Line>
        {!bar.lasts && bar.to > bar.from && (
          <Line name={t("lanes.to")}>
            <When at={new Date(bar.to).toISOString()} />
          </Line>
        )}
        <Receipt bar={bar} />
      </dl>
    </>
  );
}

function OfDot({ dot }: { dot: Dot }) {
  const { t } = useTranslation();
  const { known, bar } = dot;
  return (
    <>
      <Typography.Text strong>{t(`custody.by_${known.how}`, { defaultValue: known.how })}</Typography.Text>
      <dl>
        <Line name={t("lanes.reader")}>
          <Link to={`/records/${known.person.id}`}>
            <bdi>{known.person.name}</bdi>
          </Link>
        </Line>
        {bar && (
          <Line name={t("custody.serial")}>
            <Link to={`/records/${bar.copy.copy}`}>{bar.copy.serial}</Link>
          </Line>
        )}
        <Line name={t("custody.at")}>
          <When at={known.at} />
        </Line>
        {bar && <Receipt bar={bar} />}
      </dl>
    </>
  );
}

/** What was signed for it, where the reader may see that, and the proof that it stands in the log. */
function Receipt({ bar }: { bar: Bar }) {
  const { t } = useTranslation();
  const proof = useEntryProof();
  const { cause, entry } = bar.movement;
  return (
    <>
      {cause && (
        <Line name={t("lanes.receipt")}>
          <NameOf id={cause} />
        </Line>
      )}
      <Line name={t("history.proof")}>
        <Flex vertical>
          <Button
            type="link"
            size="small"
            style={{ padding: 0, alignSelf: "start" }}
            onClick={() => proof.mutate(entry)}
          >
            {t("lanes.takeProof")}
          </Button>
          {proof.error && <ProblemNote error={proof.error} />}
        </Flex>
      </Line>
    </>
  );
}

function Line({ name, children }: { name: string; children: ReactNode }) {
  return (
    <>
      <dt>{name}</dt>
      <dd>{children}</dd>
    </>
  );
}
