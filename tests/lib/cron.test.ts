import assert from "node:assert/strict";
import { isSchedule, lastDue } from "../../lib/cron.ts";

// What github.com/robfig/cron/v3 v3.0.1, which Kubernetes reads a CronJob's schedule with, makes of each text by ParseStandard.

/** A Saturday. */
const now = new Date("2026-11-21T14:00:00Z");

const due: [schedule: string, last: string | undefined][] = [
  ["17 2 * * *", "2026-11-21T02:17:00.000Z"],
  ["17  2 * * *", "2026-11-21T02:17:00.000Z"],
  [" 17 2 * * * ", "2026-11-21T02:17:00.000Z"],
  ["01 02 * * *", "2026-11-21T02:01:00.000Z"],
  ["0 14 * * *", "2026-11-21T14:00:00.000Z"],
  ["1 14 * * *", "2026-11-20T14:01:00.000Z"],
  ["0 2 ? * *", "2026-11-21T02:00:00.000Z"],
  ["0 2 ? * ?", "2026-11-21T02:00:00.000Z"],
  ["0 */6 * * *", "2026-11-21T12:00:00.000Z"],
  ["*/1 * * * *", "2026-11-21T14:00:00.000Z"],
  ["10/25 * * * *", "2026-11-21T13:35:00.000Z"],
  ["5-50/5 0,12 * * *", "2026-11-21T12:50:00.000Z"],
  ["0 12 * * 1-5", "2026-11-20T12:00:00.000Z"],
  ["0 12 * * mon,wed", "2026-11-18T12:00:00.000Z"],
  ["0 12 * * MON-Wed/2", "2026-11-18T12:00:00.000Z"],
  ["0 22 * JAN-Mar Sun", "2026-03-29T22:00:00.000Z"],
  ["0 0 29 2 *", "2024-02-29T00:00:00.000Z"],
  ["0 0 30 2 *", undefined],
  // One of both days is enough where both are restricted, and a step of one does not restrict.
  ["0 0 1,15 * 1-5", "2026-11-20T00:00:00.000Z"],
  ["30 4 1 * mon", "2026-11-16T04:30:00.000Z"],
  ["30 4 */10 * 5", "2026-11-21T04:30:00.000Z"],
  ["30 4 */1 * mon", "2026-11-16T04:30:00.000Z"],
  ["30 4 20 * ?/1", "2026-11-20T04:30:00.000Z"],
  ["@hourly", "2026-11-21T14:00:00.000Z"],
  ["@daily", "2026-11-21T00:00:00.000Z"],
  ["@midnight", "2026-11-21T00:00:00.000Z"],
  ["@weekly", "2026-11-15T00:00:00.000Z"],
  ["@monthly", "2026-11-01T00:00:00.000Z"],
  ["@yearly", "2026-01-01T00:00:00.000Z"],
  ["@annually", "2026-01-01T00:00:00.000Z"],
];

const refused = [
  ...["", "17 2 * *", "17 2 * * * *", "@often", "@DAILY", " @daily", "@reboot", "2027-01-01T00:00:00"],
  ...["60 2 * * *", "0 24 * * *", "0 0 0 * *", "0 0 * 13 *", "0 24/2 * * *", "0 0 32/2 * *", "-1 * * * *"],
  ...["5-1 * * * *", "1-2-3 * * * *", "*/0 * * * *", "* * * * foo", "0 0 mon * *", "0 0 * * jan"],
  ...["0 0 * * 7", "0 0 * * 5-7", "0 0 * * sat-sun", "0 0 * * 5L", "0 0 L * *", "0 0 15W * *", "0 0 * * 5#2"],
];

/** Kubernetes takes these schedules, or did in earlier releases (TZ). */
const refusedHere = ["@every 24h", "TZ=UTC 17 2 * * *", "1, * * * *", "0 0 *,1 * *", "0 0 1 * +1", "*/61 * * * *"];

describe("a CronJob's schedule", () => {
  for (const [schedule, last] of due) {
    it(`${JSON.stringify(schedule)} was last due ${last === undefined ? "never" : `at ${last}`}`, () => {
      assert.ok(isSchedule(schedule));
      assert.equal(lastDue(schedule, now)?.toISOString(), last);
    });
  }

  for (const text of [...refused, ...refusedHere]) {
    it(`may not be ${JSON.stringify(text)}`, () => {
      assert.equal(isSchedule(text), false);
      assert.equal(lastDue(text, now), undefined);
    });
  }
});
