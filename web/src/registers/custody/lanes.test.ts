// The picture of custody, without a picture: what stands on which lane, from when to when.
import { describe, expect, it } from "vitest";
import type { Shapes } from "../../api/client";
import { cut, DAY, labelOf, lanesOf, moved, nearest, whole, windowOf } from "./lanes";

const YUE = { id: "y", name: "岳阅读" };
const BAO = { id: "b", name: "包管件" };
const at = (day: number) => new Date(Date.UTC(2026, 0, day)).toISOString();
const NOW = Date.parse(at(20));

const custody: Shapes["Custody"] = {
  item: "i",
  copies: [
    {
      copy: "1",
      serial: "000001",
      status: "destroyed",
      since: at(9),
      movements: [
        { at: at(1), kind: "made", status: "held", person: BAO, entry: "e1" },
        { at: at(3), kind: "lent", status: "out", person: YUE, entry: "e2", cause: "l" },
        { at: at(5), kind: "returned", status: "held", person: BAO, entry: "e3" },
        { at: at(9), kind: "destroyed", status: "destroyed", entry: "e4" },
      ],
    },
    {
      copy: "2",
      serial: "000002",
      status: "held",
      since: at(1),
      movements: [{ at: at(1), kind: "made", status: "held", person: BAO, entry: "e5" }],
    },
  ],
  known_by: [
    { person: YUE, how: "borrowed", at: at(3) },
    { person: YUE, how: "opened", at: at(4) },
  ],
};

describe("lanes", () => {
  const lanes = lanesOf(custody, NOW);

  it("stand for each copy, behind that of what is known of the item itself", () => {
    expect(lanes.map((lane) => lane.copy?.serial)).toEqual([undefined, "000001", "000002"]);
    expect(lanes[0]?.things.map((thing) => thing.kind)).toEqual(["dot"]);
  });

  it("hold bars from each movement to the next, until now or until it is destroyed", () => {
    const bars = lanes[1]?.things.filter((thing) => thing.kind === "bar") ?? [];
    expect(bars.map((bar) => [(bar.from - Date.parse(at(1))) / DAY, (bar.to - bar.from) / DAY])).toEqual([
      [0, 2],
      [2, 2],
      [4, 4],
      [8, 0],
    ]);
    const [made] = lanes[2]?.things ?? [];
    expect(made?.kind === "bar" && [made.to, made.lasts]).toEqual([NOW, true]);
  });

  it("show a reader on the copy that was handed to them at that moment", () => {
    const dot = lanes[1]?.things.find((thing) => thing.kind === "dot");
    expect(dot?.kind === "dot" && dot.bar?.movement.entry).toBe("e2");
  });

  it("find what is nearest to a moment", () => {
    const lane = lanes[1];
    expect(lane && nearest(lane, Date.parse(at(6)))).toBe(3);
    expect(lane && nearest(lane, Date.parse(at(19)))).toBe(4);
  });
});

describe("a window", () => {
  const all = whole(lanesOf(custody, NOW), NOW);

  it("shows all there is, or a year or a month up to where one looks", () => {
    expect(windowOf("all", all, NOW)).toEqual(all);
    const month = windowOf("month", all, NOW);
    expect(month.to - month.from).toBe(31 * DAY);
    expect(month.from < NOW && NOW < month.to).toBe(true);
  });

  it("never leaves what there is to see", () => {
    const month = windowOf("month", all, NOW);
    const far = moved(month, 50, all);
    expect(far.from).toBeLessThan(all.to);
    expect(moved(month, -50, all).to).toBeGreaterThan(all.from);
  });
});

it("a text is cut where its room ends", () => {
  expect(cut("在库 · 包管件", 200)).toBe("在库 · 包管件");
  expect(cut("在库 · 包管件", 40)).toBe("在库…");
  expect(cut("held", 8)).toBe("");
  expect(labelOf("在库", "包管件", 60)).toBe("在库");
});
