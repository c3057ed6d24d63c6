// @vitest-environment jsdom
import { expect, it } from "vitest";
import { notRead, Refused } from "../api/client";
import { answerOf } from "./answer";

const refused = (status: number) => new Refused({ ...notRead("web.answer"), status });
const refetch = () => undefined;

it("keeps a page whose question failed when it was asked anew", () => {
  const failed = answerOf({ data: ["row"], error: refused(503), refetch });
  expect(failed.data).toEqual(["row"]);
  expect("note" in failed && failed.note).toBeTruthy();
  const well = answerOf({ data: ["row"], error: null, refetch });
  expect("note" in well && well.note).toBeNull();
});

it("shows nothing any more of what is not for the reader", () => {
  for (const status of [403, 404]) {
    expect(answerOf({ data: ["row"], error: refused(status), refetch }).data).toBeUndefined();
  }
});

it("says why where there is nothing yet", () => {
  const failed = answerOf({ data: undefined, error: refused(503), refetch });
  const waits = answerOf({ data: undefined, error: null, refetch }, "waiting");
  expect(failed.data).toBeUndefined();
  expect("instead" in failed && failed.instead).not.toBe("waiting");
  expect("instead" in waits && waits.instead).toBe("waiting");
});
