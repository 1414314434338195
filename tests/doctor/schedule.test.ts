import assert from "node:assert/strict";
import { lastDue } from "../../scripts/doctor/checks/schedule.ts";

/** A Saturday. */
const now = new Date("2026-11-21T14:00:00Z");

const cases: [schedule: string, due: string][] = [
  ["17 2 * * *", "2026-11-21T02:17:00.000Z"],
  ["0 14 * * *", "2026-11-21T14:00:00.000Z"],
  ["1 14 * * *", "2026-11-20T14:01:00.000Z"],
  ["0 */6 * * *", "2026-11-21T12:00:00.000Z"],
  ["*/20 * * * *", "2026-11-21T14:00:00.000Z"],
  ["0 12 * * 1-5", "2026-11-20T12:00:00.000Z"],
  ["0 12 * * mon,wed", "2026-11-18T12:00:00.000Z"],
  ["0 0 1 jan *", "2026-01-01T00:00:00.000Z"],
  ["0 0 29 2 *", "2024-02-29T00:00:00.000Z"],
  // One of the two is enough.
  ["30 4 1 * mon", "2026-11-16T04:30:00.000Z"],
  ["0 0 * * 7", "2026-11-15T00:00:00.000Z"],
  ["@weekly", "2026-11-15T00:00:00.000Z"],
  ["@hourly", "2026-11-21T14:00:00.000Z"],
];

describe("the last time that a CronJob was due", () => {
  for (const [schedule, due] of cases) {
    it(`is ${due} with ${schedule}`, () => {
      assert.equal(lastDue(schedule, now)?.toISOString(), due);
    });
  }

  it("is none where there never was one", () => {
    assert.equal(lastDue("0 0 30 2 *", now), undefined);
  });
});
