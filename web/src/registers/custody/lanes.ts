// What the picture of custody shows, worked out of what the server tells: one lane for each copy, on it who held it from
// when to when, and who came to know what is in it.
import type { Shapes } from "../../api/client";

export type Copy = Shapes["CopyCustody"];
export type Movement = Shapes["Movement"];
export type Known = Shapes["KnownBy"];

/** From one movement of a copy to its next; the last one lasts. */
export type Bar = {
  kind: "bar";
  key: string;
  from: number;
  to: number;
  lasts: boolean;
  movement: Movement;
  copy: Copy;
};

/** Somebody came to know it; through a copy, where one was handed to them at that moment. */
export type Dot = { kind: "dot"; key: string; from: number; known: Known; bar?: Bar };

export type Thing = Bar | Dot;

/** Things in their order of time. Without a copy it is the lane of the item itself. */
export type Lane = { key: string; copy?: Copy; things: Thing[] };

/** A copy that is destroyed is held by nobody any more: its lane ends there. */
const ENDS = "destroyed";

export function endsIn(movement: Movement): boolean {
  return movement.status === ENDS;
}

function barsOf(copy: Copy, now: number): Bar[] {
  return copy.movements.map((movement, at) => {
    const from = Date.parse(movement.at);
    const next = copy.movements[at + 1];
    const lasts = next === undefined && !endsIn(movement);
    const until = next ? Date.parse(next.at) : lasts ? now : from;
    return {
      kind: "bar",
      key: `${copy.copy} ${at}`,
      from,
      to: Math.max(from, until),
      lasts,
      movement,
      copy,
    };
  });
}

export function lanesOf(custody: Shapes["Custody"], now: number): Lane[] {
  const lanes = custody.copies.map((copy) => ({
    key: copy.copy,
    copy,
    things: barsOf(copy, now) as Thing[],
  }));
  const bars = lanes.flatMap((lane) => lane.things as Bar[]);
  const taken = new Set<string>();
  const own: Thing[] = [];
  for (const [at, known] of custody.known_by.entries()) {
    const bar = bars.find(
      (one) =>
        !taken.has(one.key) && one.movement.at === known.at && one.movement.person?.id === known.person.id,
    );
    const dot: Dot = { kind: "dot", key: `known ${at}`, from: Date.parse(known.at), known };
    if (bar) {
      taken.add(bar.key);
      const lane = lanes.find((one) => one.key === bar.copy.copy);
      lane?.things.push({ ...dot, bar });
    } else {
      own.push(dot);
    }
  }
  for (const lane of lanes) {
    lane.things.sort(inOrder);
  }
  own.sort(inOrder);
  return own.length > 0 ? [{ key: "item", things: own }, ...lanes] : lanes;
}

function inOrder(one: Thing, other: Thing): number {
  return one.from - other.from || (one.kind === other.kind ? 0 : one.kind === "bar" ? -1 : 1);
}

export type Span = { from: number; to: number };

export function isSeen(thing: Thing, span: Span): boolean {
  return thing.from <= span.to && (thing.kind === "bar" ? thing.to : thing.from) >= span.from;
}

const MINUTE = 60_000;
export const DAY = 86_400_000;

/** When the last thing ends: now, where a copy is still held. */
export function endOf(lanes: Lane[], now: number): number {
  const ends = lanes.flatMap((lane) =>
    lane.things.map((thing) => (thing.kind === "bar" ? thing.to : thing.from)),
  );
  return ends.length > 0 ? Math.max(...ends) : now;
}

/** From the first thing to the last, with a little air at both ends. */
export function whole(lanes: Lane[], now: number): Span {
  const to = endOf(lanes, now);
  const from = Math.min(to, ...lanes.flatMap((lane) => lane.things.map((thing) => thing.from)));
  const air = Math.max((to - from) * 0.03, 5 * MINUTE);
  return { from: from - air, to: to + air };
}

export type Zoom = "all" | "year" | "month";
const LENGTH = { year: 365 * DAY, month: 31 * DAY };

/** A window of that length which shows `at` near its end, where one looks first. */
export function windowOf(zoom: Zoom, all: Span, at: number): Span {
  if (zoom === "all") {
    return all;
  }
  const length = LENGTH[zoom];
  return { from: at - length * 0.92, to: at + length * 0.08 };
}

/** Moved by parts of its length, never past what there is to see. */
export function moved(span: Span, by: number, all: Span): Span {
  const length = span.to - span.from;
  const from = Math.min(Math.max(span.from + by * length, all.from - length * 0.5), all.to - length * 0.5);
  return { from, to: from + length };
}

/** The nearest thing of a lane to a moment. */
export function nearest(lane: Lane, at: number): number {
  const far = (thing: Thing) => {
    const to = thing.kind === "bar" ? thing.to : thing.from;
    return at < thing.from ? thing.from - at : at > to ? at - to : 0;
  };
  let best = 0;
  for (const [place, thing] of lane.things.entries()) {
    const held = lane.things[best];
    // of two that are as near, the later bar: at its start a copy is where that bar says
    if (held && (far(thing) < far(held) || (thing.kind === "bar" && far(thing) === far(held)))) {
      best = place;
    }
  }
  return best;
}

/** As much of a text as has room, in pixels: a Chinese character is as wide as it is high. */
export function cut(text: string, room: number, size = 12): string {
  const width = (one: string) => (/[\u1100-\uffff]|[\ud800-\udfff]/.test(one) ? size : size * 0.56);
  let used = 0;
  const all = [...text];
  for (const [at, one] of all.entries()) {
    used += width(one);
    if (used > room) {
      return at < 2
        ? ""
        : `${all
            .slice(0, at - 1)
            .join("")
            .trimEnd()}…`;
    }
  }
  return text;
}

/** The word and, where there is room for at least the beginning of it, the name. */
export function labelOf(word: string, name: string, room: number): string {
  const both = name === "" ? word : `${word} · ${name}`;
  const short = cut(both, room);
  return short === both || short.length > word.length + 5 ? short : cut(word, room);
}
