// What `make verify` makes of a metric that is not there, before and after what it counts has happened.
import assert from "node:assert/strict";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { alertQueries, liveQueries, panelQueries } from "../../scripts/platform/prometheus-queries.ts";
import { metricsOf } from "../../lib/promql.ts";
import { type EventName, events, type Happened, reasonToBeEmpty } from "../../scripts/platform/quiet-metrics.ts";
import type { Outcome } from "../../scripts/verify/check.ts";
import { dashboardsVerdict } from "../../scripts/verify/metrics.ts";

const all = [...panelQueries(), ...alertQueries()];
const metrics = [...new Set(all.flatMap(({ expr }) => metricsOf(expr)))];
const names = Object.keys(events) as EventName[];

/** A Prometheus that has everything but what some texts name; what is added to nothing is something, as in PromQL. */
async function evaluate(absent: string[], happened: Happened): Promise<Outcome> {
  const isAbsent = (text: string) => absent.some((name) => text.includes(name));
  const server = createServer((request, response) => {
    const { pathname, searchParams } = new URL(request.url ?? "", "http://prometheus");
    const query = searchParams.get("query") ?? "";
    const present = metrics.filter((name) => !isAbsent(name));
    const result = isAbsent(query) && !query.includes("vector(0)") ? [] : [{ value: [0, "1"] }];
    const data = pathname.endsWith("/values") ? present : { result };
    response.end(JSON.stringify({ status: "success", data }));
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  try {
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    return dashboardsVerdict(await liveQueries(url, {}, happened), []);
  } finally {
    server.close();
  }
}

describe("metrics of what has not happened", () => {
  const texts = names.flatMap((name) => events[name].texts);

  it("are named by dashboards or alerts", () => {
    assert.deepEqual(
      texts.filter((text) => !all.some(({ expr }) => expr.includes(text))),
      [],
    );
  });

  it("may all be missing straight after the first deploy, each for a reason that is told", async () => {
    const outcome = await evaluate(texts, { scheduledRun: false, finishedRun: false, backup: false });
    assert.equal(outcome.state, "ok", outcome.seen);
    assert.match(outcome.seen, /no scheduled DAG run has started \(make first-run switches the pipeline on\)/);
    assert.match(outcome.seen, /no backup has been made yet/);
  });

  it("are all there on a platform on which everything has happened", async () => {
    const happened = Object.fromEntries(names.map((name) => [name, true]));
    assert.deepEqual(await evaluate([], happened), { state: "ok", seen: "every query has data" });
  });

  for (const name of names) {
    it(`fail the check once it has happened: ${name}`, async () => {
      const { texts: own, reason } = events[name];
      const before = await evaluate(own, { ...everythingBut(name), [name]: false });
      assert.equal(before.state, "ok", before.seen);
      assert.ok(before.seen.includes(reason), before.seen);
      const after = await evaluate(own, { ...everythingBut(name), [name]: true });
      assert.equal(after.state, "failed");
    });
  }

  it("fail the first make verify no more, and fail one after a scheduled run", async () => {
    const delay = ["airflow_dagrun_schedule_delay"];
    assert.equal((await evaluate(delay, { scheduledRun: false })).state, "ok");
    assert.equal((await evaluate(delay, { scheduledRun: true })).seen, 'no data for airflow.json "Delay of DAG runs"');
  });

  it("are no excuse for another metric", async () => {
    assert.equal((await evaluate(["pg_up"], { postgresStatistics: true })).state, "failed");
    assert.equal(reasonToBeEmpty({ expr: "up" }, {}), undefined);
  });
});

/** An alert without its thresholds is empty where any of its metrics is: what others need has happened. */
function everythingBut(name: EventName): Happened {
  return Object.fromEntries(names.filter((other) => other !== name).map((other) => [other, true]));
}
