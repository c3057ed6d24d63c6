// Every register that somebody's navigation offers: its list, the form of each act that begins something in it, and a
// record of it with all its parts, in both languages (issue: the web UI, acceptance 1). Which there are is read from the
// navigation, from what the server describes and from the packs that are shipped; nothing here names a register.
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type { Locator } from "@playwright/test";
import { Actor, type Register } from "./actor";
import { test } from "./books";
import { barriers, expect, untranslated } from "./journey";

/** Who together may begin something everywhere: the head of the office, and the registrar. */
const WHO = ["ban", "bao"];

const PACKS = new URL("../../packs", import.meta.url).pathname;

/** The registers that are shipped. */
function shipped(): string[] {
  const files = readdirSync(PACKS, { recursive: true, encoding: "utf8" });
  const texts = files
    .filter((name) => /\/registers\/.*\.toml$/.test(name))
    .map((name) => readFileSync(join(PACKS, name), "utf8"));
  return texts.flatMap((text) => /^key = "([a-z_0-9]+)"/m.exec(text.split(/^\[/m)[0] ?? "")?.[1] ?? []);
}

type Action = Register["actions"][number];

/** Whether people begin something with it. */
function isBegun({ from, who }: Action): boolean {
  return from.length === 0 && who !== "system";
}

/** Whether its button stands there for somebody of these roles; what depends on the record's fields is open to all. */
function isOffered({ who }: Action, roles: string[]): boolean {
  return [who].flat().some((one) => !one.startsWith("role:") || roles.includes(one.slice(5)));
}

/** So many pages are looked at closely in the second language. */
const CLOSELY = 8;

/** What was looked at, and what was wrong there. */
class Round {
  readonly lists = new Set<string>();
  readonly forms = new Set<string>();
  readonly records = new Set<string>();
  readonly parts = new Set<string>();
  /** Every act that begins something, whoever it is offered to. */
  readonly begins = new Set<string>();
  readonly wrong: string[] = [];
  private come: Actor | undefined;
  private looks = 0;

  private get actor(): Actor {
    if (!this.come) {
      throw new Error("nobody is there");
    }
    return this.come;
  }

  /** From register to register, as the navigation offers them; what was looked at is not looked at twice. */
  async go(actor: Actor) {
    this.come = actor;
    const { page } = actor;
    const roles = await actor.roles();
    const links = page.getByRole("navigation").locator("a[href^='/registers/']");
    const keys = await links.evaluateAll((all) => all.map((one) => one.getAttribute("href")?.split("/")[2]));
    for (const key of keys) {
      const register = actor.register(key ?? "");
      await this.list(register);
      for (const action of register.actions.filter(isBegun)) {
        const name = `${key} ${action.key}`;
        this.begins.add(name);
        if (!this.forms.has(name) && isOffered(action, roles)) {
          await this.form(register, action.key);
        }
      }
      const some = await page.locator("tbody tr.ant-table-row").count();
      if (!this.records.has(register.key) && some > 0) {
        await this.record(register);
      }
    }
  }

  /** `closely` with axe, but for what was looked at before and still stands around it. */
  private async look(where: string, closely: string[] | false = ["nav", "header"]) {
    const { page, speech } = this.actor;
    const found = await untranslated(page);
    // WHY: what is built alike is so in both languages; the other one is looked at where each kind of page comes first
    this.looks += 1;
    if (closely && (speech === "zh" || this.looks <= CLOSELY || where.includes(","))) {
      found.push(...(await barriers(page, closely)));
    }
    if (await page.evaluate(() => document.documentElement.scrollWidth > innerWidth + 1)) {
      found.push("is wider than the window");
    }
    if (speech === "en") {
      found.push(...(await chineseOn(page.locator("body"))));
    }
    this.wrong.push(...found.map((one) => `${where}: ${one}`));
  }

  private async list(register: Register) {
    const { actor } = this;
    await actor.goTo(register.key);
    await settled(actor);
    const around = this.lists.size === 0 ? [] : ["nav", "header"];
    await this.look(register.key, !this.lists.has(register.key) && around);
    this.lists.add(register.key);
  }

  /** The form of what begins here; it is left as it was found. */
  private async form(register: Register, key: string) {
    const { actor } = this;
    const { page } = actor;
    const name = actor.action(register.key, key);
    const told = page.waitForResponse((one) => one.url().includes("unfinished=true"));
    await actor.begin(name);
    expect((await told).ok(), `what ${register.key} ${key} comes to`).toBe(true);
    const form = page.getByRole("dialog");
    await expect(form.getByRole("button", { name, exact: true })).toBeVisible();
    await this.look(`${register.key} ${key}`, ["main"]);
    // whoever is offered a form is not told at once that it is not theirs
    if ((await form.locator(".outlook-stop").count()) > 0) {
      this.wrong.push(`${register.key} ${key}: is offered and refused`);
    }
    await form.getByRole("button", { name: actor.t("act.cancel"), exact: true }).click();
    await actor.isDone();
    this.forms.add(`${register.key} ${key}`);
  }

  /** The first record there is, part by part. */
  private async record(register: Register) {
    const { actor } = this;
    const { page } = actor;
    const link = page.locator("tbody tr.ant-table-row a[href^='/records/']").first();
    await expect(link).toBeVisible();
    await link.click();
    // the list stays until the page of the record is there
    await expect(page.locator("#record-name")).toBeVisible();
    await settled(actor);
    await this.look(`a ${register.key}`);
    const tabs = await page.getByRole("tab").allTextContents();
    for (const tab of tabs.slice(1)) {
      await page.getByRole("tab", { name: tab, exact: true }).click();
      await settled(actor);
      // a part is made the same way everywhere
      const made = page.getByRole("tabpanel").locator("section, table, ul, svg");
      const part = `${tab} ${await made.count()}`;
      await this.look(`a ${register.key}, ${tab}`, !this.parts.has(part) && ["nav", "header"]);
      this.parts.add(part);
    }
    await this.paper(register);
    this.records.add(register.key);
  }

  /** The page that would be printed of the record. */
  private async paper(register: Register) {
    const { actor } = this;
    const { page } = actor;
    const print = actor.t("print.title");
    // WHY not all of them twice: what is on it is made by the server, of which the other language is tested there
    if (actor.speech === "en" && this.parts.has(print)) {
      return;
    }
    await page.getByRole("main").getByRole("button", { name: print, exact: true }).click();
    const dialog = page.getByRole("dialog", { name: print });
    await expect(dialog.getByRole("img", { name: /1/ }).first()).toBeVisible();
    await this.look(`a ${register.key}, ${print}`, !this.parts.has(print) && ["main"]);
    this.parts.add(print);
    await dialog.getByRole("button", { name: actor.t("act.cancel"), exact: true }).click();
    await actor.isDone();
  }
}

/** All that was asked for is there. */
async function settled({ page }: Actor) {
  await expect(page.getByRole("heading", { level: 1 }).first()).toBeVisible();
  await expect(page.locator(".ant-skeleton, .ant-spin-spinning").locator("visible=true")).toHaveCount(0);
}

/** What people wrote is in their language; what pages say about it is in the reader's. */
async function chineseOn(where: Locator): Promise<string[]> {
  return where.evaluate((body) => {
    const said = "h1, h2, h3, th, dt, label, legend, summary, button, [role=tab], .ant-form-item-extra";
    const parts = [...body.querySelectorAll(`main :is(${said}), [role=dialog] :is(${said})`)];
    const texts = parts.map((part) => {
      const own = part.cloneNode(true) as HTMLElement;
      for (const written of own.querySelectorAll("bdi")) {
        written.remove();
      }
      return own.textContent ?? "";
    });
    // a language is called by its own name
    const left = texts.filter((text) => /\p{Script=Han}/u.test(text.replace("中文", "")));
    return [...new Set(left)];
  });
}

test.describe.configure({ mode: "serial" });

for (const speech of ["zh", "en"] as const) {
  test.describe(speech, () => {
    test.use({ speech });
    const round = new Round();

    for (const who of WHO) {
      test(`every register as ${who} finds it, its forms and a record of it`, async ({ page, house }) => {
        test.setTimeout(420_000);
        const actor = new Actor(page, speech, house.url);
        await actor.enter(who);
        await round.go(actor);
        // what was only looked at is no draft
        await page.goto(house.url);
        await expect(page.getByText(actor.t("desk.registers"), { exact: true })).toBeVisible();
        await expect(page.getByText(actor.t("draft.mine"), { exact: true })).toHaveCount(0);
        expect(round.wrong).toEqual([]);
      });
    }

    test("nobody left one out", () => {
      expect(shipped()).not.toEqual([]);
      expect(shipped().filter((key) => !round.lists.has(key))).toEqual([]);
      expect([...round.lists].filter((key) => !round.records.has(key))).toEqual([]);
      expect([...round.forms].sort()).toEqual([...round.begins].sort());
    });
  });
}
