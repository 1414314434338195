// Dashboards and alerts over what a real platform's Prometheus had: `make e2e RECORD_SCRAPE=e2e` writes it again.
import assert from "node:assert/strict";
import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import { globSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, dirname, join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { type Findings, liveQueries } from "../../scripts/platform/prometheus-queries.ts";
import type { Happened } from "../../scripts/platform/quiet-metrics.ts";
import { openMetrics } from "../e2e/recorded-scrape.ts";
import { freePort } from "../free-port.ts";
import { promtool, requirePromtool } from "./promtool.ts";
import { skipWithReason } from "../skip.ts";

const beside = process.env.PROMTOOL === undefined ? "" : `${dirname(process.env.PROMTOOL)}/`;
const program = `${beside}prometheus`;

const ran = {
  postgresStatistics: true,
  mlflowDatabase: true,
  scheduledRun: true,
  finishedRun: true,
  finishedTask: true,
};
/** What each recorded platform had seen: DAG runs on schedule, and in the end-to-end suite's a champion. */
const happened: Record<string, Happened> = {
  "scrape-dev.txt": ran,
  "scrape-e2e.txt": { ...ran, champion: true, measuredChampion: true },
};

for (const file of globSync(join(import.meta.dirname, "dashboards/scrape-*.txt"))) {
  describe(`the recorded scrape ${basename(file)}`, function () {
    this.timeout(120_000);
    const text = readFileSync(file, "utf8");
    const times = [...text.matchAll(/ (\d{10}\.\d{3})$/gm)].map(([, time]) => Number(time));
    let folder = "";
    let server: ChildProcess | undefined;
    let findings: Findings;

    before(async function () {
      requirePromtool(this);
      const { error } = spawnSync(program, ["--version"]);
      if (error !== undefined) skipWithReason(this, "prometheus is not beside promtool");
      folder = mkdtempSync(join(tmpdir(), "scrape-"));
      const { passed, output } = promtool(["tsdb", "create-blocks-from", "openmetrics", file, join(folder, "data")]);
      assert.ok(passed, output);
      const port = await freePort();
      server = start(folder, port);
      const url = `http://127.0.0.1:${port}`;
      while (!(await isReady(url))) {
        assert.equal(server.exitCode, null, "Prometheus has ended");
        await sleep(200);
      }
      findings = await liveQueries(url, {}, happened[basename(file)] ?? {}, Math.max(...times));
    });

    after(() => {
      server?.kill();
      if (folder !== "") rmSync(folder, { recursive: true, force: true });
    });

    it("is of one moment, and small enough to be read", () => {
      assert.ok(Math.max(...times) - Math.min(...times) <= 120);
      assert.ok(text.length < 2 ** 20, String(text.length));
    });

    it("has data for every panel and for what every alert watches", () => {
      assert.deepEqual(
        findings.empty.map(({ file, title, expr }) => `${file}, ${title}: ${expr}`),
        [],
      );
    });

    it("has every metric that they name", () => {
      assert.deepEqual(
        findings.missing.map(({ metric, query }) => `${metric} of ${query.file}, ${query.title}`),
        [],
      );
    });
  });
}

describe("openMetrics", () => {
  it("has the first and the last sample of each series with their times, and every name", () => {
    const up = (job: string, ...values: [number, string][]) => ({ metric: { __name__: "up", job }, values });
    const series = [up("a", [1.5, "1"], [31.5, "1"], [61.5, "0"]), up('q"\\', [2, "NaN"])];
    assert.equal(
      openMetrics(["go_info", "up"], series),
      '# TYPE go_info unknown\n# TYPE up unknown\nup{job="a"} 1 1.500\nup{job="a"} 0 61.500\nup{job="q\\"\\\\"} NaN 2.000\n# EOF\n',
    );
  });
});

function start(folder: string, port: number): ChildProcess {
  const config = join(folder, "prometheus.yml");
  writeFileSync(config, "{}\n");
  const args = [
    `--config.file=${config}`,
    `--storage.tsdb.path=${join(folder, "data")}`,
    "--storage.tsdb.retention.time=100y",
    `--web.listen-address=127.0.0.1:${port}`,
    "--log.level=error",
  ];
  return spawn(program, args, { stdio: ["ignore", "ignore", "inherit"] });
}

async function isReady(url: string): Promise<boolean> {
  try {
    return (await fetch(`${url}/-/ready`)).ok;
  } catch {
    return false;
  }
}
