// What a register, an act and a field are for stands where one needs it, and the rule they name tells where it stands.
import { Actor } from "./actor";
import { expect, isWell, test } from "./journey";

for (const speech of ["zh", "en"] as const) {
  test.describe(speech, () => {
    test.use({ speech });

    test("a register and an act say what they are for, by which rule, and what happens next", async ({
      page,
      house,
    }) => {
      const actor = new Actor(page, speech, house.url);
      await actor.enter("bao");
      await actor.goTo("destruction");
      await page.getByRole("button", { name: actor.t("help.more"), exact: true }).click();
      // two witnesses at least
      await page.getByRole("main").getByRole("button", { name: "R-233", exact: true }).first().click();
      await expect(page.getByRole("tooltip").getByText("DEST", { exact: true })).toBeVisible();
      await isWell(page);
      await page.keyboard.press("Escape");
      const listing = actor.action("destruction", "draw_up");
      await actor.begin(listing);
      await expect(page.getByRole("dialog").getByText(actor.help("destruction", "draw_up"))).toBeVisible();
      await isWell(page);
    });
  });
}
