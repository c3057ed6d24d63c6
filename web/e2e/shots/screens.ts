// Every screen: who looks at it, where it is, and what they click first.
import type { Page } from "@playwright/test";
import type { Actor } from "../actor";

export type Screen = {
  name: string;
  /** Whose it is; nobody's before somebody has come in. */
  who: string;
  at: string | ((places: Record<string, string>) => string);
  first?: (page: Page, actor: Actor) => Promise<void>;
};

const record = (name: string) => (places: Record<string, string>) => `/records/${places[name]}`;

const tab = (key: string) => async (page: Page, actor: Actor) => {
  await page.getByRole("tab", { name: actor.t(key) }).click();
};

const begin = (register: string, action: string) => async (_: Page, actor: Actor) => {
  await actor.begin(actor.action(register, action));
};

const inspected = async (page: Page, actor: Actor) => {
  const words = [
    "机密★10年",
    "关于落实龙门计划的通知",
    "各部门：请于月底前报送名单，送总体部张三（身份证号 11010519491231002X）。",
    "附件仅限知悉范围内人员阅读，机 密 ☆ 十 年，不得复制。",
  ];
  await page.getByRole("textbox", { name: actor.t("inspect.words") }).fill(words.join("\n"));
  await page.getByRole("button", { name: actor.t("inspect.now") }).click();
  await page.getByRole("region", { name: actor.t("inspect.result"), exact: true }).waitFor();
};

export const SCREENS: Screen[] = [
  { name: "login", who: "", at: "/" },
  { name: "desk", who: "chen", at: "/" },
  { name: "documents", who: "chen", at: "/registers/document" },
  { name: "form", who: "chen", at: "/registers/document", first: begin("document", "draft") },
  {
    name: "form-classification",
    who: "chen",
    at: "/registers/classification",
    first: begin("classification", "propose"),
  },
  { name: "record", who: "bao", at: record("document") },
  { name: "record-custody", who: "bao", at: record("document"), first: tab("custody.title") },
  { name: "record-history", who: "bao", at: record("document"), first: tab("history.title") },
  { name: "record-related", who: "bao", at: record("document"), first: tab("related.title") },
  { name: "copies", who: "bao", at: "/registers/copy" },
  { name: "copy", who: "bao", at: record("copy") },
  { name: "loan", who: "bao", at: record("loan") },
  { name: "form-making", who: "bao", at: "/registers/making", first: begin("making", "request") },
  { name: "scan", who: "bao", at: "/scan" },
  { name: "import", who: "bao", at: "/registers/document/import" },
  { name: "imports", who: "bao", at: "/imports" },
  { name: "me", who: "bao", at: "/me" },
  { name: "find", who: "bao", at: "/find?q=1" },
  { name: "inspect", who: "bao", at: "/inspect", first: inspected },
  { name: "inbox", who: "zhu", at: "/inbox" },
  { name: "exam", who: "zhu", at: "/registers/exam_session" },
  { name: "meeting", who: "zhu", at: "/registers/meeting" },
  { name: "board", who: "ling", at: "/board" },
  { name: "packs", who: "secadmin", at: "/packs" },
  { name: "definition", who: "secadmin", at: "/packs/loan" },
  { name: "policies", who: "secadmin", at: "/policies" },
  { name: "units", who: "secadmin", at: "/units" },
  { name: "log", who: "auditor", at: "/log" },
  { name: "accounts", who: "sysadmin", at: "/accounts" },
  { name: "nowhere", who: "sysadmin", at: "/nowhere" },
];
