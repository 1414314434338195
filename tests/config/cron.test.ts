import assert from "node:assert/strict";
import { isSchedule } from "../../lib/cron.ts";

describe("a schedule of cron", () => {
  for (const text of [
    "17 2 * * *",
    "*/15 * * * *",
    "0 0 1,15 * 1-5",
    "0 22 * JAN-Mar Sun",
    "5-50/5 0,12 31 12 6",
    "@daily",
  ]) {
    it(`may be ${text}`, () => {
      assert.equal(isSchedule(text), true);
    });
  }

  for (const text of [
    "",
    "17 2 * *",
    "17 2 * * * *",
    "60 2 * * *",
    "0 24 * * *",
    "0 0 0 * *",
    "0 0 * 13 *",
    "0 0 * * 7",
    "5-1 * * * *",
    "1-2-3 * * * *",
    "*/0 * * * *",
    "* * * * foo",
    "-1 * * * *",
    "1, * * * *",
    "17  2 * * *",
    "TZ=UTC 17 2 * * *",
    "@often",
  ]) {
    it(`may not be ${JSON.stringify(text)}`, () => {
      assert.equal(isSchedule(text), false);
    });
  }
});
