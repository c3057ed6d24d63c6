// A register that a house drops into its packs as one TOML file: it is there after the next start, with table, form,
// record page, acts and an approval, and nothing of web/ knows it.
import { Actor } from "./actor";
import { openHouse } from "./house";
import { test as base, expect, isWell } from "./journey";

const ROUND = `key = "key_round"
name = { zh = "钥匙检查", en = "Round of keys" }
area = "places"
help = { zh = "领导批准后检查钥匙。", en = "Keys are looked at once a leader agreed." }
label = "open"
title = "subject"
number = { format = "YJ{year}-{seq:3}", at = "plan" }

[[field]]
key = "subject"
name = { zh = "检查事由", en = "Subject" }
type = "text"
required = true
index = true

[[field]]
key = "found"
name = { zh = "检查情况", en = "What was found" }
type = "text"

[[state]]
key = "planned"
name = { zh = "待批准", en = "Planned" }
initial = true

[[state]]
key = "running"
name = { zh = "检查中", en = "Running" }

[[state]]
key = "finished"
name = { zh = "已办结", en = "Finished" }
final = true

[[state]]
key = "refused"
name = { zh = "未批准", en = "Refused" }
final = true

[[action]]
key = "plan"
name = { zh = "安排检查", en = "Plan" }
to = "running"
who = "role:office_head"
input = ["subject"]

[[action]]
key = "finish"
name = { zh = "办结", en = "Finish" }
from = ["running"]
to = "finished"
who = "role:office_head"
input = ["found"]

[[approval]]
action = "plan"
refused = "refused"
step = [{ who = "role:leader" }]
`;

const test = base.extend<object, { house: Awaited<ReturnType<typeof openHouse>> }>({
  house: [
    // biome-ignore lint/correctness/noEmptyPattern: Playwright reads the names
    async ({}, use) => {
      const house = await openHouse({ "own/key_round.toml": ROUND });
      await use(house);
      await house.stop();
    },
    { scope: "worker", timeout: 180_000 },
  ],
});

for (const speech of ["zh", "en"] as const) {
  test.describe(speech, () => {
    test.use({ speech });
    test.skip(process.env.RUPING_URL !== undefined, "needs a house of its own");

    test("a register dropped into the packs is used at once", async ({ page, house }) => {
      const actor = new Actor(page, speech, house.url);
      const subject = speech === "zh" ? "年度检查" : "Yearly round";
      await actor.enter("ban");
      await actor.goTo("key_round");
      await isWell(page);
      await actor.begin(actor.action("key_round", "plan"));
      await actor.fill(actor.field("key_round", "subject"), subject);
      await isWell(page);
      await actor.send(actor.action("key_round", "plan"));
      await actor.isDone();

      await actor.enter("ling");
      await actor.openInbox();
      await expect(page.getByText(subject).first()).toBeVisible();
      await isWell(page);
      await page.getByRole("button", { name: actor.t("do.approve"), exact: true }).click();
      await expect(page.getByText(subject)).toHaveCount(0);

      await actor.enter("ban");
      await actor.goTo("key_round");
      const row = page.getByRole("row", { name: subject });
      await expect(row).toContainText(actor.state("key_round", "running"));
      await row.getByRole("link").first().click();
      await expect(page.getByRole("heading", { level: 1, name: subject })).toBeVisible();
      await actor.begin(actor.action("key_round", "finish"));
      await actor.fill(actor.field("key_round", "found"), "3");
      await actor.send(actor.action("key_round", "finish"));
      await actor.isDone();
      await expect(page.getByText(actor.state("key_round", "finished")).first()).toBeVisible();
      await isWell(page);
    });
  });
}
