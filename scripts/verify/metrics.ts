import { setTimeout as sleep } from "node:timers/promises";
import { prometheusClient, alertQueries, type Findings, liveQueries } from "../platform/prometheus-queries.ts";
import type { AirflowSession } from "./airflow-session.ts";
import { failed, ok, type Outcome, type Progress, skipped } from "./check.ts";
import { readHappened } from "./happened/read.ts";
import { basicAuthorization } from "./interfaces.ts";
import { administratorOf, type Platform, runs, withInterface } from "./platform.ts";

/** Prometheus asks every 30 s, and a rate takes two answers. */
const waitSeconds = 150;
const pollSeconds = 10;

/** An endpoint as Prometheus sees it. */
interface Target {
  labels: { job: string };
  scrapeUrl: string;
  health: string;
  lastError: string;
}

/** A rule as Prometheus sees it. */
interface Rule {
  name: string;
  health: string;
  lastError?: string;
  state?: string;
}

interface Waiting {
  progress: Progress;
  signal: AbortSignal;
}

/** Components whose metrics do not come from this platform. */
function absentJobs(platform: Platform): string[] {
  return runs(platform, "grafana") ? platform.without : [...platform.without, "grafana"];
}

/** Every target of every job answers Prometheus. */
export function targets(platform: Platform, waiting: Waiting): Promise<Outcome> {
  return untilOk(platform, waiting, "targets", async (url, headers) => {
    const { activeTargets } = (await prometheusClient(url, headers)("targets", { state: "active" })) as {
      activeTargets: Target[];
    };
    return targetsVerdict(activeTargets, absentJobs(platform));
  });
}

/** Every panel's query has data, and no rule watches a metric that is not there, unless what it counts never happened. */
export function dashboards(platform: Platform, run: Waiting & { session: AirflowSession }): Promise<Outcome> {
  const absent = absentJobs(platform);
  return untilOk(platform, run, "dashboards", async (url, headers) => {
    const happened = await readHappened({ platform, ...run }, !absent.includes("airflow"), url, headers);
    return dashboardsVerdict(await liveQueries(url, headers, happened), absent);
  });
}

/** Every rule of alerts/ is loaded and can be evaluated. */
export function alerts(platform: Platform, waiting: Waiting): Promise<Outcome> {
  return untilOk(platform, waiting, "alerts", async (url, headers) => {
    const { groups } = (await prometheusClient(url, headers)("rules", { type: "alert" })) as {
      groups: { rules: Rule[] }[];
    };
    return alertsVerdict(
      groups.flatMap(({ rules }) => rules),
      alertQueries().map(({ title }) => title),
    );
  });
}

export function targetsVerdict(found: Target[], absent: string[]): Outcome {
  const expected = found.filter(({ labels: { job } }) => !absent.includes(job));
  const down = expected.filter(({ health }) => health !== "up");
  const jobs = [...new Set(expected.map(({ labels: { job } }) => job))].sort();
  if (jobs.length === 0) return failed("Prometheus has no targets", "make up restores its configuration");
  if (down.length === 0) return ok(`${expected.length} targets up: ${jobs.join(", ")}`);
  const seen = down.map(({ labels: { job }, health, lastError }) => `${job} is ${health}: ${lastError}`);
  return failed(seen.join("; "), "docs/troubleshooting.md#prometheustargetdown");
}

export function dashboardsVerdict({ empty, missing, quiet }: Findings, absent: string[]): Outcome {
  const isExpected = ({ query: { file } }: { query: { file: string } }) =>
    !absent.some((job) => file.startsWith(`${job}.`));
  const without = empty.filter((query) => isExpected({ query }));
  const lacking = missing.filter(isExpected).filter(({ metric }) => !absent.some((job) => metric.startsWith(job)));
  const fix =
    "docs/troubleshooting.md#prometheustargetdown; panels of a component that has just started get data within minutes";
  const [query] = without;
  if (query !== undefined) {
    const titles = without.map(({ file, title }) => `${file} "${title}"`).join(", ");
    return failed(`no data for ${titles}`, `${fix}; query Prometheus for: ${query.expr}`);
  }
  if (lacking.length > 0) {
    const names = lacking.map(({ metric, query: { title } }) => `${metric} ("${title}")`).join(", ");
    return failed(`Prometheus has no ${names}`, fix);
  }
  const reasons = [...new Set(quiet.map(({ reason }) => reason))];
  const left = reasons.length === 0 ? "" : `; ${quiet.length} empty as expected: ${reasons.join(", ")}`;
  return ok(`every query has data${left}`);
}

export function alertsVerdict(loaded: Rule[], wanted: string[]): Outcome {
  const names = new Set(loaded.map(({ name }) => name));
  const missing = wanted.filter((name) => !names.has(name));
  const fix = "run make up, which deploys alerts/; Prometheus reads them about a minute later";
  if (missing.length > 0) return failed(`not loaded: ${missing.join(", ")}`, fix);
  const broken = loaded.filter(({ health }) => health === "err");
  if (broken.length > 0) {
    const seen = broken.map(({ name, lastError }) => `${name}: ${lastError ?? "no reason"}`).join("; ");
    return failed(`cannot be evaluated: ${seen}`, "see kubectl logs prometheus-0");
  }
  const firing = loaded.filter(({ state }) => state === "firing").map(({ name }) => name);
  return ok(`${wanted.length} rules loaded${firing.length === 0 ? ", none fires" : `, firing: ${firing.join(", ")}`}`);
}

/** Looks again until it is fine or has had time enough. */
async function untilOk(
  platform: Platform,
  { progress, signal }: Waiting,
  what: string,
  look: (url: string, headers: Record<string, string>) => Promise<Outcome>,
): Promise<Outcome> {
  if (platform.administrators.prometheus === undefined) return skipped("the platform has no Prometheus");
  const headers = { authorization: basicAuthorization(administratorOf(platform, "prometheus")) };
  return withInterface(platform, "prometheus", async (url) => {
    for (let waited = 0; ; waited += pollSeconds) {
      const outcome = await look(url, headers);
      if (outcome.state !== "failed" || waited >= waitSeconds) return outcome;
      progress(`${what}: ${outcome.seen}`);
      await sleep(pollSeconds * 1000, undefined, { signal });
    }
  });
}
