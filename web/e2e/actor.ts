// Somebody at the browser, who finds what to click by what is written on it, in the language of the page.
import { readFileSync } from "node:fs";
import { expect, type Locator, type Page } from "@playwright/test";
import { PASSWORD } from "./house";
import type { Speech } from "./journey";

type Tree = { [key: string]: string | Tree };
type Text = { zh: string; en: string };
type Part = { key: string; name: Text; help?: Text };
type Action = Part & { from: string[]; who: string | string[] };
export type Register = Part & {
  fields: (Part & { choices?: ({ key: string } & Text)[] })[];
  states: Part[];
  actions: Action[];
  prints: Part[];
  lines: (Part & { actions: Part[]; fields: Part[] })[];
};

const CATALOGUES: Record<Speech, Tree> = { zh: read("zh-CN"), en: read("en") };

function read(language: string): Tree {
  return JSON.parse(readFileSync(new URL(`../src/locales/${language}/web.json`, import.meta.url), "utf8"));
}

export class Actor {
  private registers: Register[] = [];

  constructor(
    readonly page: Page,
    readonly speech: Speech,
    private readonly url: string,
  ) {}

  /** What the page says by this key. */
  t(key: string): string {
    const found = key
      .split(".")
      .reduce<string | Tree | undefined>(
        (tree, part) => (typeof tree === "object" ? tree[part] : undefined),
        CATALOGUES[this.speech],
      );
    if (typeof found !== "string") {
      throw new Error(`nothing is said by ${key}`);
    }
    return found;
  }

  /** What the account may be. */
  async roles(): Promise<string[]> {
    return (await (await this.page.request.get(`${this.url}/api/v1/me`)).json()).roles;
  }

  private said(part: { name: Text } | undefined, what: string): string {
    if (!part) {
      throw new Error(`there is no ${what}`);
    }
    return part.name[this.speech];
  }

  register(key: string): Register {
    const found = this.registers.find((one) => one.key === key);
    if (!found) {
      throw new Error(`there is no register ${key}`);
    }
    return found;
  }

  field(register: string, key: string): string {
    const own = this.register(register).fields.find((one) => one.key === key);
    return this.said(own, `field ${key}`);
  }

  action(register: string, key: string): string {
    const all = this.register(register);
    const own = [...all.actions, ...all.lines.flatMap((line) => line.actions)].find((one) => one.key === key);
    return this.said(own, `action ${key}`);
  }

  /** How the help of an act begins, up to the first rule it names. */
  help(register: string, key: string): string {
    const own = this.register(register).actions.find((one) => one.key === key);
    return own?.help?.[this.speech].split(/[（(]R-/)[0] ?? "";
  }

  state(register: string, key: string): string {
    return this.said(
      this.register(register).states.find((one) => one.key === key),
      `state ${key}`,
    );
  }

  print(register: string, key: string): string {
    return this.said(
      this.register(register).prints.find((one) => one.key === key),
      `form ${key}`,
    );
  }

  /** The same where the navigation is behind a button. */
  async enterOnPhone(name: string) {
    await this.enter(name, this.page.getByRole("button", { name: this.t("nav.all"), exact: true }));
  }

  async enter(name: string, there: Locator = this.page.getByRole("navigation")) {
    const { page } = this;
    await page.context().clearCookies();
    await page.goto(this.url);
    await page.getByLabel(this.t("login.name"), { exact: true }).fill(name);
    await page.getByLabel(this.t("login.password"), { exact: true }).fill(PASSWORD);
    await page.getByRole("button", { name: this.t("login.enter"), exact: true }).click();
    await expect(there).toBeVisible();
    await this.learn();
  }

  /** Reads what registers, fields and acts are called. */
  async learn() {
    const answer = await this.page.request.get(`${this.url}/api/v1/registers`);
    this.registers = (await answer.json()).items;
  }

  /** By the navigation, as somebody who does not know the addresses. */
  async goTo(register: string) {
    const name = this.register(register).name[this.speech];
    await this.page.getByRole("navigation").getByRole("link", { name, exact: true }).click();
    await expect(this.page.getByRole("heading", { level: 1, name, exact: true })).toBeVisible();
  }

  async openInbox() {
    await this.page
      .getByRole("navigation")
      .getByRole("link", { name: this.t("nav.inbox") })
      .click();
    await expect(this.page.getByRole("heading", { level: 1, name: this.t("nav.inbox") })).toBeVisible();
  }

  async toBoard() {
    const name = this.t("nav.board");
    await this.page.getByRole("navigation").getByRole("link", { name, exact: true }).click();
    await expect(this.page.getByRole("heading", { level: 1, name })).toBeVisible();
    await expect(this.page.locator(".figures").first()).toBeVisible();
  }

  private get form() {
    return this.page.getByRole("dialog").first();
  }

  /** Begins an act with its button, wherever on the page it is. */
  async begin(name: string) {
    const button = this.page.getByRole("main").getByRole("button", { name, exact: true });
    const others = this.page.getByRole("button", { name: this.t("register.otherwise"), exact: true });
    await expect(button.or(others).first()).toBeVisible();
    if ((await button.count()) > 0) {
      await button.first().click();
    } else {
      await others.click();
      await this.page.getByRole("menuitem", { name, exact: true }).click();
    }
    await expect(this.form).toBeVisible();
  }

  async fill(label: string, text: string) {
    await this.form.getByLabel(label, { exact: true }).fill(text);
  }

  async choose(label: string, text: string, typed = text) {
    const box = this.form.getByRole("combobox", { name: label, exact: true });
    await box.click();
    if (typed !== "") {
      await box.fill(typed);
      // people read before they click: the list of what was typed takes the place of the one before
      await this.page.waitForTimeout(300);
    }
    const option = this.page.locator(".ant-select-item-option", { hasText: text }).locator("visible=true");
    await option.first().click();
  }

  async chooseMany(label: string, names: string[]) {
    for (const name of names) {
      await this.choose(label, name);
    }
    await this.page.keyboard.press("Escape");
  }

  /** How secret it is, and for how many years. */
  async secretFor(register: string, level: string, years: number) {
    await this.choose(this.field(register, "level"), level, "");
    await this.choose(this.field(register, "term"), this.t("term.years"), "");
    await this.form.getByRole("spinbutton", { name: this.t("term.years"), exact: true }).fill(String(years));
  }

  /** Sends the form by its own button. */
  async send(name: string) {
    await this.form.getByRole("button", { name, exact: true }).click();
  }

  async isDone() {
    await expect(this.page.getByRole("dialog")).toHaveCount(0);
  }

  async prove() {
    const box = this.page.getByRole("dialog", { name: this.t("stepUp.title") });
    await box.getByLabel(this.t("login.password")).fill(PASSWORD);
    await box.getByRole("button", { name: this.t("stepUp.prove"), exact: true }).click();
  }
}
