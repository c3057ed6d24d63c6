// Custody as one picture: a lane for each copy, who held it when, and who came to know what is in it. From any bar, point
// or name the way leads to its holder, reader, receipt and proof.
import { LeftOutlined, RightOutlined } from "@ant-design/icons";
import { Button, Flex, Segmented, theme } from "antd";
import { type KeyboardEvent, type ReactNode, useCallback, useMemo, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import type { Shapes } from "../../api/client";
import { isDark } from "../../ui/Mark";
import { Card, type Place } from "./Card";
import { Axis, LaneRow } from "./LaneRow";
import { Legend } from "./Legend";
import {
  endOf,
  isSeen,
  type Lane,
  lanesOf,
  moved,
  nearest,
  type Span,
  type Thing,
  whole,
  windowOf,
  type Zoom,
} from "./lanes";
import "./custody.css";

/** The column of names, as the style sheet has it. */
const NAMES = { wide: 196, narrow: 112 };
/** How long the pointer rests on a bar before its card comes, and how long it may be on its way to the card. */
const RESTS = 120;
const LEAVES = 260;

function useWidth(): [(box: HTMLDivElement | null) => void, number] {
  const [width, setWidth] = useState(0);
  const watch = useRef<ResizeObserver>(undefined);
  const hold = useCallback((box: HTMLDivElement | null) => {
    watch.current?.disconnect();
    if (box) {
      const look = () => setWidth(box.clientWidth);
      watch.current = new ResizeObserver(look);
      watch.current.observe(box);
      look();
    }
  }, []);
  return [hold, width];
}

type At = { lane: number; thing: number };
type Shown = { thing: Thing; place: Place; held: boolean };

/** Where the card stands, and when it comes and goes. */
function useCard() {
  const [shown, show] = useState<Shown>();
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined);
  // WHY remembered: lanes that stay as they are need not be drawn anew
  const does = useMemo(() => {
    const later = (what: () => void, after: number) => {
      clearTimeout(timer.current);
      timer.current = setTimeout(what, after);
    };
    const placeOf = (on: Element): Place => {
      const { left, right, top, bottom } = on.getBoundingClientRect();
      return { left, right, top, bottom };
    };
    return {
      rest: (thing: Thing, on: Element) =>
        later(() => show((now) => (now?.held ? now : { thing, place: placeOf(on), held: false })), RESTS),
      leave: () => later(() => show((now) => (now?.held ? now : undefined)), LEAVES),
      stay: () => clearTimeout(timer.current),
      open: (thing: Thing, on: Element) => {
        clearTimeout(timer.current);
        show({ thing, place: placeOf(on), held: true });
      },
      close: () => {
        clearTimeout(timer.current);
        show(undefined);
      },
    };
  }, []);
  return { shown, ...does };
}

export function Picture({ custody, views }: { custody: Shapes["Custody"]; views: ReactNode }) {
  const { t } = useTranslation();
  const { token } = theme.useToken();
  const dark = isDark(token.colorBgContainer);
  const [now] = useState(() => Date.now());
  const lanes = useMemo(() => lanesOf(custody, now), [custody, now]);
  const all = useMemo(() => whole(lanes, now), [lanes, now]);
  const [zoom, setZoom] = useState<Zoom>("all");
  const [span, setSpan] = useState<Span>(all);
  const [at, setAt] = useState<At>({ lane: 0, thing: 0 });
  const [hold, width] = useWidth();
  const card = useCard();
  const box = useRef<HTMLDivElement>(null);
  const room = Math.max(120, width - (width < 700 ? NAMES.narrow : NAMES.wide));
  const enters = entrance(lanes, at, span);
  const goTo = useGoTo(lanes, box, setAt, (thing) => setSpan((was) => reach(was, thing, all)));
  const { open: show } = card;
  const open = useCallback(
    (thing: Thing, on: Element, lane: number, place: number) => {
      setAt({ lane, thing: place });
      show(thing, on);
    },
    [show],
  );
  const zoomTo = (next: Zoom) => {
    setZoom(next);
    setSpan(windowOf(next, all, endOf(lanes, now)));
    card.close();
  };
  const shift = (by: number) => {
    setSpan((was) => moved(was, by, all));
    card.close();
  };
  const hear = (event: KeyboardEvent) => {
    if (event.key === "Escape") {
      card.close();
      return;
    }
    const next = stepped(lanes, enters ?? at, event.key);
    if (next) {
      event.preventDefault();
      card.close();
      goTo(next);
    }
  };
  return (
    <Flex vertical gap={8}>
      <Flex gap={10} wrap align="center" justify="space-between">
        <Flex gap={6} wrap align="center">
          {views}
          <Segmented<Zoom>
            aria-label={t("lanes.zoom")}
            value={zoom}
            onChange={zoomTo}
            options={(["all", "year", "month"] as const).map((one) => ({
              value: one,
              label: t(`lanes.zoom_${one}`),
            }))}
          />
          {zoom !== "all" && <Pan shift={shift} today={() => zoomTo(zoom)} />}
        </Flex>
        <Legend custody={custody} dark={dark} />
      </Flex>
      <p className="unseen">{t("lanes.keys")}</p>
      {/* biome-ignore lint/a11y/noStaticElementInteractions: keys are heard here for the bars inside */}
      <div
        className="lanes"
        ref={(one) => {
          hold(one);
          box.current = one;
        }}
        onKeyDown={hear}
        onScroll={card.close}
      >
        <Axis span={span} width={room} now={now} paper={token.colorBgContainer} />
        {width > 0 &&
          lanes.map((lane, row) => (
            <LaneRow
              key={lane.key}
              lane={lane}
              row={row}
              span={span}
              width={room}
              now={now}
              dark={dark}
              chosen={row === enters?.lane ? enters.thing : undefined}
              shown={card.shown && lane.things.includes(card.shown.thing) ? card.shown.thing.key : undefined}
              rest={card.rest}
              leave={card.leave}
              open={open}
            />
          ))}
      </div>
      {card.shown && (
        <Card
          key={`${card.shown.thing.key} ${card.shown.held}`}
          thing={card.shown.thing}
          place={card.shown.place}
          held={card.shown.held}
          stay={card.stay}
          leave={card.leave}
          close={() => {
            card.close();
            goTo(at);
          }}
        />
      )}
    </Flex>
  );
}

/** Where the keyboard comes in: at what was chosen, or at what is shown where that is not. */
function entrance(lanes: Lane[], at: At, span: Span): At | undefined {
  const chosen = lanes[at.lane]?.things[at.thing];
  if (chosen && isSeen(chosen, span)) {
    return at;
  }
  const rows = [at.lane, ...lanes.keys()];
  const lane = rows.find((row) => lanes[row]?.things.some((thing) => isSeen(thing, span)));
  const thing = lanes[lane ?? 0]?.things.findLastIndex((one) => isSeen(one, span)) ?? -1;
  return lane === undefined || thing < 0 ? undefined : { lane, thing };
}

function Pan({ shift, today }: { shift: (by: number) => void; today: () => void }) {
  const { t } = useTranslation();
  return (
    <>
      <Button
        icon={<LeftOutlined aria-hidden="true" />}
        aria-label={t("lanes.earlier")}
        onClick={() => shift(-0.5)}
      />
      <Button onClick={today}>{t("lanes.latest")}</Button>
      <Button
        icon={<RightOutlined aria-hidden="true" />}
        aria-label={t("lanes.later")}
        onClick={() => shift(0.5)}
      />
    </>
  );
}

/** Goes to a thing with the keyboard's focus, and shows it where it is outside of what is shown. */
function useGoTo(
  lanes: Lane[],
  box: { current: HTMLDivElement | null },
  setAt: (at: At) => void,
  reveal: (thing: Thing) => void,
) {
  return (next: At) => {
    const thing = lanes[next.lane]?.things[next.thing];
    if (!thing) {
      return;
    }
    setAt(next);
    reveal(thing);
    // after it is drawn anew, for what was outside is not there before
    requestAnimationFrame(() => {
      const on = box.current?.querySelector<SVGGElement>(`[data-at="${next.lane} ${next.thing}"]`);
      on?.focus();
      on?.scrollIntoView({ block: "nearest" });
    });
  };
}

function reach(span: Span, thing: Thing, all: Span): Span {
  if (isSeen(thing, span)) {
    return span;
  }
  const middle = (span.from + span.to) / 2;
  return moved(span, (thing.from - middle) / (span.to - span.from), all);
}

/** Where a key leads from a thing. */
function stepped(lanes: Lane[], at: At, key: string): At | undefined {
  const lane = lanes[at.lane];
  const thing = lane?.things[at.thing];
  if (!lane || !thing) {
    return undefined;
  }
  const last = lane.things.length - 1;
  const across: Record<string, number> = {
    ArrowLeft: Math.max(0, at.thing - 1),
    ArrowRight: Math.min(last, at.thing + 1),
    Home: 0,
    End: last,
  };
  const place = across[key];
  if (place !== undefined) {
    return { lane: at.lane, thing: place };
  }
  const by = key === "ArrowUp" ? -1 : key === "ArrowDown" ? 1 : 0;
  const other = lanes[at.lane + by];
  return by !== 0 && other ? { lane: at.lane + by, thing: nearest(other, thing.from) } : undefined;
}
