// A house in which every register has something to look at: what the demonstration tells, and one of each of the rest.
// It goes by the interface, as the journeys show the clicking.
import type { Browser } from "@playwright/test";
import { type House, openHouse } from "./house";
import { test as base } from "./journey";
import { Caller, furnish } from "./shots/furnish";

type Fields = Record<string, unknown>;

/** In the days of the demonstration. */
const LATER = "2026-07-01";

/** What the rest begins with, by whom: each as its register's rules want it. */
function begun(id: Record<string, string>, copies: string[]): [string, string, string, Fields][] {
  const { bao, ban, jian, yue, zhu, ding, unit, safe } = id;
  const term = { years: 10 };
  const level = "state.secret";
  return [
    ["ban", "stock_take_plan", "plan", { name: "年度清点计划", of_level: level, responsible: ban }],
    [
      "bao",
      "stock_take",
      "open",
      { occasion: "半年清点", kind: "regular", of_place: safe, counters: [jian, yue], finish_by: LATER },
    ],
    ["ban", "exam_question", "add", { topic: "保密法", text: "何为国家秘密？", model_answer: "见保密法" }],
    [
      "ban",
      "exam_session",
      "schedule",
      {
        subject: "年度保密考试",
        occasion: "yearly",
        topic: "保密法",
        questions_count: 1,
        opens_at: `${LATER}T01:00:00Z`,
        closes_at: `${LATER}T03:00:00Z`,
        markers: [bao],
        candidates: [{ candidate: yue }, { candidate: jian }],
      },
    ],
    ["ban", "finding", "open", { text: "保密柜未上锁", source: "日常检查", responsible: bao, fix_by: LATER }],
    [
      "zhu",
      "delegation",
      "delegate",
      { delegator: zhu, deputy: ding, days: { from: LATER, to: "2026-07-10" }, reason: "出差" },
    ],
    ["ban", "regime_use", "attach", { regime: "general-company", compartment: "试点项目", reason: "试点" }],
    [
      "yue",
      "leaving",
      "apply",
      {
        person: yue,
        kind: "post",
        reason: "工作调整",
        hr_unit: unit,
        hr_officer: jian,
        civil_servant: false,
        cooling_months: 24,
      },
    ],
    [
      "bao",
      "meeting",
      "plan",
      {
        subject: "方案评审会",
        host: unit,
        starts_at: `${LATER}T02:00:00Z`,
        ends_at: `${LATER}T04:00:00Z`,
        level: "state.confidential",
        term,
        scope_persons: [bao, zhu, jian, yue],
        place: safe,
        secrecy_lead: zhu,
        content: "评审",
        passing_on: "none",
        recording: false,
        participants: [{ person: yue }, { person: jian }],
      },
    ],
    [
      "yue",
      "making",
      "request",
      {
        document: id.document,
        purpose: "分发",
        copies_approved: 1,
        distribution: [{ org: "总体部", copies: 1 }],
        maker_kind: "own",
        made_in: safe,
      },
    ],
    [
      "bao",
      "reproduction",
      "request",
      { sources: copies.slice(0, 1), purpose: "internal", pages: 3, copies_approved: 1, where: "house" },
    ],
    [
      "bao",
      "circulation",
      "draw_up",
      { copy: copies[1], subject: "征求意见", readers: [{ reader: yue }, { reader: jian }] },
    ],
  ];
}

/** Something that is read and signed for in the inbox, which no shipped register asks for: one of the house's own. */
const BRIEFING = `key = "briefing"
name = { zh = "保密提醒", en = "Briefing" }
area = "training"
help = { zh = "发给个人阅知，阅后签字确认。", en = "Given to a person to read, who signs for having read it." }
label = "open"
title = "subject"

[[field]]
key = "subject"
name = { zh = "事由", en = "Subject" }
type = "text"
required = true
index = true

[[field]]
key = "reader"
name = { zh = "阅读人", en = "Reader" }
type = "person"
required = true
index = true

[[field]]
key = "read_by"
name = { zh = "阅读人签字", en = "Read by" }
type = "signature"

[[state]]
key = "given"
name = { zh = "待阅", en = "Given" }
initial = true

[[state]]
key = "read"
name = { zh = "已阅", en = "Read" }
final = true

[[action]]
key = "give"
name = { zh = "发送", en = "Give" }
to = "given"
who = "role:office_head"
input = ["subject", "reader"]

[[action]]
key = "confirm"
name = { zh = "阅知确认", en = "Confirm reading" }
from = ["given"]
to = "read"
who = "role:office_head"
input = []
sign = [{ who = "field:reader", method = ["inbox"], field = "read_by" }]
`;

const PEOPLE = {
  bao: "包管件",
  ban: "班保办",
  jian: "简监销",
  yue: "岳阅读",
  zhu: "朱主任",
  ding: "丁定密",
  ling: "凌领导",
};

export type Books = House & {
  /** Its document, a copy that is lent, one that is asked for, one that is free, and the loan. */
  places: Record<string, string>;
  id: Record<string, string>;
};

/** The journeys that look at it share one. */
export const test = base.extend<object, { house: Books }>({
  house: [
    async ({ browser }, use) => {
      const house = await openBooks(browser);
      await use(house);
      await house.stop();
    },
    { scope: "worker", timeout: 180_000 },
  ],
});

async function openBooks(browser: Browser): Promise<Books> {
  const house = await openHouse({ "own/briefing.toml": BRIEFING });
  const context = await browser.newContext();
  const page = await context.newPage();
  const { url } = house;
  const places = await furnish(page, url);
  const office = await Caller.enter(page, url, "ban");
  const id: Record<string, string> = { ...places };
  for (const [key, name] of Object.entries(PEOPLE)) {
    id[key] = await office.one("person", name);
  }
  id.unit = await office.one("unit", "总体部");
  id.safe = await office.one("place", "一号保密柜");
  const edition = await office.begin("evaluation_edition", "add", {
    name: "自评标准（2023）",
    layer: "unit",
  });
  for (const [no, kind, points] of [
    [1, "scored", 60],
    [2, "scored", 40],
  ]) {
    const item = { edition: edition.id, no, text: `条目${no}`, kind, points };
    await office.begin("evaluation_item", "add", item);
  }
  const group = [id.bao, id.jian, id.yue];
  const evaluated = { subject: "年度自查自评", year: 2026, unit: id.unit, edition: edition.id, group };
  await office.begin("self_evaluation", "open", evaluated);
  // a house that stands already has no register of its own
  if (!process.env.RUPING_URL) {
    await office.begin("briefing", "give", { subject: "入职须知", reader: id.jian });
  }
  const registrar = await Caller.enter(page, url, "bao");
  const { items } = await registrar.get(`/registers/copy/records?filter=document:${places.document}`);
  const free = (items as { id: string }[]).filter((one) => ![places.copy, places.asked].includes(one.id));
  const copies = free.map((one) => one.id);
  let at = registrar;
  let who = "bao";
  for (const [name, register, action, fields] of begun(id, copies)) {
    if (name !== who) {
      at = await Caller.enter(page, url, name);
      who = name;
    }
    await at.begin(register, action, fields);
  }
  await context.close();
  return { ...house, places: { ...places, free: copies[2] ?? "" }, id };
}
