// One lane of the picture: whose it is at the left, then its bars and points, clipped to what is shown.
import { memo, useId } from "react";
import { useTranslation } from "react-i18next";
import { Link } from "react-router";
import { useDates } from "../../ui/When";
import { type Bar, type Dot, endsIn, isSeen, type Lane, labelOf, type Span, type Thing } from "./lanes";
import { paintOf } from "./paint";
import { ticksOf } from "./ticks";

const HIGH = 40;
const BAR = { top: 4, high: 22 };
/** The line on which points stand, under the bars. */
const POINTS = 33;
/** Nothing is drawn narrower than this, or nobody could point at it. */
const NARROWEST = 5;

type Scale = (at: number) => number;

function scaleOf(span: Span, width: number): Scale {
  return (at) => ((at - span.from) / (span.to - span.from)) * width;
}

type AxisProps = { span: Span; width: number; now: number; paper: string };

export function Axis({ span, width, now, paper }: AxisProps) {
  const { t, i18n } = useTranslation();
  const x = scaleOf(span, width);
  const zh = i18n.language === "zh-CN";
  const ticks = ticksOf(span, width, zh);
  const today = now >= span.from && now <= span.to ? x(now) : undefined;
  return (
    <div className="lane axis" style={{ background: paper }}>
      <div className="lane-name">{t("lanes.copies")}</div>
      <svg viewBox={`0 0 ${width} 36`} width={width} height={36} aria-hidden="true">
        {ticks.map((tick) => (
          <g key={tick.at}>
            <line x1={x(tick.at)} x2={x(tick.at)} y1={28} y2={36} stroke="currentColor" opacity={0.4} />
            {x(tick.at) + 60 < width && (
              <text x={x(tick.at) + 3} y={31} fontSize={11} fill="currentColor">
                {tick.text}
              </text>
            )}
          </g>
        ))}
        {today !== undefined && (
          <g>
            <line x1={today} x2={today} y1={14} y2={36} stroke="currentColor" strokeDasharray="3 2" />
            <text
              x={Math.min(Math.max(today, 16), width - 16)}
              y={11}
              fontSize={11}
              fontWeight={600}
              fill="currentColor"
              textAnchor="middle"
            >
              {t("lanes.today")}
            </text>
          </g>
        )}
      </svg>
    </div>
  );
}

type RowProps = {
  lane: Lane;
  row: number;
  span: Span;
  width: number;
  now: number;
  dark: boolean;
  chosen: number | undefined;
  shown: string | undefined;
  rest: (thing: Thing, on: Element) => void;
  leave: () => void;
  open: (thing: Thing, on: Element, row: number, place: number) => void;
};

export const LaneRow = memo(function LaneRow(props: RowProps) {
  const { lane, row, span, width, now, dark, chosen, shown, rest, leave, open } = props;
  const { t, i18n } = useTranslation();
  const x = scaleOf(span, width);
  const hatch = useId();
  const told = useTold();
  const wordOf = useWordOf();
  const name = lane.copy ? t("lanes.copy", { serial: lane.copy.serial }) : t("lanes.item");
  return (
    <div className="lane">
      <Name lane={lane} />
      {/* biome-ignore lint/a11y/useSemanticElements: a picture cannot be a set of fields */}
      <svg viewBox={`0 0 ${width} ${HIGH}`} width={width} height={HIGH} role="group" aria-label={name}>
        <defs>
          <pattern
            id={hatch}
            width="7"
            height="7"
            patternUnits="userSpaceOnUse"
            patternTransform="rotate(45)"
          >
            <line
              x1="0"
              y1="0"
              x2="0"
              y2="7"
              stroke={paintOf("missing", dark).ink}
              strokeWidth="2"
              opacity="0.35"
            />
          </pattern>
        </defs>
        {ticksOf(span, width, i18n.language === "zh-CN").map((tick) => (
          <line
            key={tick.at}
            x1={x(tick.at)}
            x2={x(tick.at)}
            y1={0}
            y2={HIGH}
            stroke="currentColor"
            opacity={0.12}
          />
        ))}
        {lane.things.map((thing, place) =>
          isSeen(thing, span) ? (
            // biome-ignore lint/a11y/useSemanticElements: a picture has no buttons of its own
            <g
              key={thing.key}
              role="button"
              className={shown === thing.key ? "thing shown" : "thing"}
              data-at={`${row} ${place}`}
              tabIndex={chosen === place ? 0 : -1}
              aria-haspopup="dialog"
              aria-label={told(thing)}
              onMouseEnter={(event) =>
                rest(thing, event.currentTarget.querySelector(".edge") ?? event.currentTarget)
              }
              onMouseLeave={leave}
              onClick={(event) =>
                open(thing, event.currentTarget.querySelector(".edge") ?? event.currentTarget, row, place)
              }
              onKeyDown={(event) => {
                if (event.key === "Enter" || event.key === " ") {
                  event.preventDefault();
                  open(thing, event.currentTarget.querySelector(".edge") ?? event.currentTarget, row, place);
                }
              }}
            >
              {thing.kind === "bar" ? (
                <BarShape
                  bar={thing}
                  x={x}
                  width={width}
                  dark={dark}
                  hatch={hatch}
                  word={wordOf(thing.movement.status, thing.movement.kind)}
                />
              ) : (
                <DotShape dot={thing} x={x} dark={dark} />
              )}
            </g>
          ) : null,
        )}
        {now >= span.from && now <= span.to && (
          <line
            x1={x(now)}
            x2={x(now)}
            y1={0}
            y2={HIGH}
            stroke="currentColor"
            strokeDasharray="3 2"
            pointerEvents="none"
          />
        )}
      </svg>
    </div>
  );
});

/** Which copy it is and who holds it now: each leads there. */
function Name({ lane }: { lane: Lane }) {
  const { t } = useTranslation();
  const wordOf = useWordOf();
  const { copy } = lane;
  if (!copy) {
    return (
      <div className="lane-name">
        <div>{t("lanes.item")}</div>
      </div>
    );
  }
  const last = copy.movements.at(-1);
  return (
    <div className="lane-name">
      <div>
        <Link to={`/records/${copy.copy}`}>{copy.serial}</Link>
        <span>{wordOf(copy.status, last?.kind)}</span>
      </div>
      <div>
        {copy.person ? (
          <Link to={`/records/${copy.person.id}`}>
            <bdi>{copy.person.name}</bdi>
          </Link>
        ) : (
          "—"
        )}
      </div>
    </div>
  );
}

function holderOf(bar: Bar): string {
  return bar.movement.person?.name ?? bar.movement.place ?? "";
}

/** What whoever listens is told of a thing. Made once for a lane: a picture may have thousands of them. */
function useTold() {
  const { t } = useTranslation();
  const dates = useDates();
  const wordOf = useWordOf();
  return (thing: Thing) => {
    if (thing.kind === "dot") {
      const { known } = thing;
      return t("lanes.dot", {
        name: known.person.name,
        how: t(`custody.by_${known.how}`, { defaultValue: known.how }),
        at: dates.instant(known.at),
      });
    }
    const { movement } = thing;
    const did = t(`custody.did_${movement.kind}`, { defaultValue: movement.kind });
    const word = wordOf(movement.status, movement.kind);
    return t(thing.lasts ? "lanes.barLasts" : "lanes.bar", {
      did: did === word ? did : `${did} · ${word}`,
      holder: holderOf(thing) || "—",
      from: dates.instant(movement.at),
      to: dates.instant(new Date(thing.to).toISOString()),
    });
  };
}

/** Where it stands, in a word; of what is out it says how it went out. */
export function useWordOf() {
  const { t } = useTranslation();
  return (status: string, kind?: string) =>
    status === "out" && kind
      ? t(`custody.did_${kind}`, { defaultValue: kind })
      : t(`custody.is_${status}`, { defaultValue: status });
}

type BarProps = { bar: Bar; x: Scale; width: number; dark: boolean; hatch: string; word: string };

function BarShape({ bar, x, width, dark, hatch, word }: BarProps) {
  const { movement } = bar;
  const paint = paintOf(movement.status, dark);
  const left = Math.max(x(bar.from), -NARROWEST);
  const right = Math.min(x(bar.to), width + NARROWEST);
  const wide = Math.max(right - left, NARROWEST);
  const holder = holderOf(bar);
  const start = Math.max(left, 0);
  const receipt = x(bar.from);
  return (
    <>
      {endsIn(movement) ? (
        <g className="edge" stroke={paint.ink} strokeWidth={2}>
          <rect x={left - 8} y={BAR.top + 2} width={18} height={18} fill="transparent" stroke="none" />
          <path d={`M${left - 5} ${BAR.top + 5} l11 11 m0 -11 l-11 11`} />
        </g>
      ) : (
        <>
          <rect
            className="edge"
            x={left}
            y={BAR.top}
            width={wide}
            height={BAR.high}
            rx={2}
            fill={paint.paper}
            stroke={paint.ink}
            strokeWidth={1}
          />
          {movement.status === "missing" && (
            <rect
              x={left}
              y={BAR.top}
              width={wide}
              height={BAR.high}
              fill={`url(#${hatch})`}
              pointerEvents="none"
            />
          )}
          <text
            x={start + 5}
            y={BAR.top + 15}
            fontSize={12}
            fill={paint.ink}
            style={{ unicodeBidi: "isolate", pointerEvents: "none" }}
          >
            {labelOf(word, holder, Math.min(right, width) - start - 8)}
          </text>
        </>
      )}
      {movement.cause && receipt >= -4 && (
        <path
          d={`M${receipt} ${POINTS - 5} l5 5 l-5 5 l-5 -5 z`}
          fill={paint.paper}
          stroke={paint.ink}
          strokeWidth={1.5}
        />
      )}
      <rect
        className="ring"
        x={left - 2}
        y={1}
        width={wide + 4}
        height={HIGH - 2}
        rx={3}
        fill="none"
        stroke="currentColor"
        strokeWidth={2}
      />
    </>
  );
}

function DotShape({ dot, x, dark }: { dot: Dot; x: Scale; dark: boolean }) {
  const paint = paintOf("out", dark);
  // beside the receipt that stands at the same moment
  const at = x(dot.from) + (dot.bar ? 13 : 0);
  const high = dot.bar ? POINTS : HIGH / 2;
  return (
    <>
      <circle className="edge" cx={at} cy={high} r={5} fill={paint.ink} stroke={paint.ink} />
      <circle className="ring" cx={at} cy={high} r={9} fill="none" stroke="currentColor" strokeWidth={2} />
    </>
  );
}
