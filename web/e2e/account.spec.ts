// My own account: who I am in words, and a second factor that is set up by a code the page draws, used, and taken away.
import { createHmac } from "node:crypto";
import type { Page } from "@playwright/test";
import { Actor } from "./actor";
import { PASSWORD } from "./house";
import { expect, isWell, test } from "./journey";

/** How long a session lasts: what tells the house's own time, which is not that of the browser. */
const SESSION = 8 * 3_600_000;

/** The house's time, by when a session that is opened now would end. */
async function houseTime(page: Page, url: string, name: string): Promise<number> {
  const answer = await page.request.post(`${url}/api/v1/session`, { data: { name, password: PASSWORD } });
  return Date.parse((await answer.json()).expires_at) - SESSION;
}

function codeAt(secret: string, time: number): string {
  const bits = [...secret].map((one) =>
    "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567".indexOf(one).toString(2).padStart(5, "0"),
  );
  const key = Buffer.from((bits.join("").match(/.{8}/g) ?? []).map((one) => Number.parseInt(one, 2)));
  const count = Buffer.alloc(8);
  count.writeBigUInt64BE(BigInt(Math.floor(time / 30_000)));
  const mac = createHmac("sha1", key).update(count).digest();
  const at = (mac.at(-1) ?? 0) & 15;
  return String((mac.readUInt32BE(at) & 0x7fffffff) % 1_000_000).padStart(6, "0");
}

for (const [speech, name] of [
  ["zh", "tuo"],
  ["en", "jian"],
] as const) {
  test.describe(speech, () => {
    test.use({ speech });

    test("a second factor is set up, asked for, and taken away", async ({ page, house }) => {
      test.setTimeout(120_000);
      const actor = new Actor(page, speech, house.url);
      await actor.enter(name);
      const offset = (await houseTime(page, house.url, name)) - Date.now();
      const now = () => Date.now() + offset;
      await actor.enter(name);
      await page.getByRole("banner").getByRole("button").last().click();
      await page.getByRole("menuitem", { name: actor.t("mine.title"), exact: true }).click();
      await expect(page.getByRole("heading", { level: 1, name: actor.t("mine.title") })).toBeVisible();
      await expect(page.getByText(actor.t("duty.staff"))).toBeVisible();
      await isWell(page);

      await page.getByRole("button", { name: actor.t("mine.setUp"), exact: true }).click();
      await actor.prove();
      await expect(page.getByRole("img", { name: actor.t("mine.code") })).toBeVisible();
      await isWell(page);
      const secret = (await page.locator("main code").first().textContent()) ?? "";
      await page.getByLabel(actor.t("mine.first")).fill("000000");
      await page.getByRole("button", { name: actor.t("mine.confirm"), exact: true }).click();
      await expect(page.getByRole("main").getByRole("alert")).toBeVisible();
      await page.getByLabel(actor.t("mine.first")).fill(codeAt(secret.trim(), now()));
      await page.getByRole("button", { name: actor.t("mine.confirm"), exact: true }).click();
      await expect(page.getByText(actor.t("mine.recovery"), { exact: true })).toBeVisible();
      await isWell(page);
      const codes = ((await page.locator("main code").first().textContent()) ?? "")
        .split(/\s+/)
        .filter(Boolean);
      expect(codes.length).toBeGreaterThan(4);
      await page.getByRole("button", { name: actor.t("mine.kept"), exact: true }).click();
      await expect(page.getByText(actor.t("mine.factorOn"))).toBeVisible();

      // without it nobody enters any more; with a recovery code one does, and takes it away after another proof
      const refused = await page.request.post(`${house.url}/api/v1/session`, {
        data: { name, password: PASSWORD },
      });
      expect(refused.status()).toBe(401);
      await page.getByRole("button", { name: actor.t("mine.remove"), exact: true }).click();
      const box = page.getByRole("dialog", { name: actor.t("stepUp.title") });
      const off = page.getByText(actor.t("mine.factorOff"));
      await expect(box.or(off)).toBeVisible();
      if (await box.isVisible()) {
        await box.getByLabel(actor.t("login.otp")).fill(codes[0] ?? "");
        await box.getByRole("button", { name: actor.t("stepUp.prove"), exact: true }).click();
      }
      await expect(off).toBeVisible();
    });
  });
}
