// What secrets stand in a file or a text: dropped or pasted, found in place, with reasons (A4, C5).
import { Actor } from "./actor";
import { expect, isWell, test } from "./journey";

const TEXT = "机密★10年\n关于落实龙门计划的通知\n联系人身份证号 11010519491231002X";

for (const speech of ["zh", "en"] as const) {
  test.describe(speech, () => {
    test.use({ speech });

    test("a file and a text are inspected, and findings shown in their place", async ({ page, house }) => {
      const actor = new Actor(page, speech, house.url);
      await actor.enter("chen");
      await page.getByRole("link", { name: actor.t("nav.inspect"), exact: true }).click();
      await expect(page.getByRole("heading", { level: 1, name: actor.t("nav.inspect") })).toBeVisible();
      const chooser = page.locator("input[type=file]");
      await chooser.setInputFiles({ name: "通知.txt", mimeType: "text/plain", buffer: Buffer.from(TEXT) });
      const result = page.getByRole("region", { name: actor.t("inspect.result"), exact: true });
      await expect(result.getByRole("status")).toContainText(actor.t("level.state_secret"));
      const found = result.getByRole("listitem").filter({ hasText: "机密★10年" });
      await expect(found).toContainText(actor.t("inspect.kind_mark"));
      await found.getByRole("button").click();
      await expect(result.locator("mark", { hasText: "机密★10年" })).toBeFocused();
      await isWell(page);

      // a text, with nothing in it
      await page.getByRole("textbox", { name: actor.t("inspect.words") }).fill("今天中午吃面条。");
      await page.getByRole("button", { name: actor.t("inspect.now") }).click();
      await expect(result.getByRole("status")).toContainText(actor.t("inspect.nothing_read"));

      // and what cannot be read is told as that
      await chooser.setInputFiles({
        name: "a.bin",
        mimeType: "application/octet-stream",
        buffer: Buffer.from([0x7f, 0x01, 0x02, 0x00, 0xff, 0xfe, 0x00, 0x81, 0x99]),
      });
      await expect(result.getByRole("status")).toContainText(actor.t("inspect.nothing_unread"));
      await expect(result.getByText(actor.t("inspect.cause_unknown_format"))).toBeVisible();
      await isWell(page);
      expect(new URL(page.url()).search).toBe("");
    });
  });
}
