import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { parse } from "yaml";
import { z } from "zod";
import { dataFiles } from "../../components/objects/data-files.ts";
import { metricsOf } from "../../lib/promql.ts";
import { promtool, requirePromtool } from "./promtool.ts";
import { knownMetrics } from "./queries.ts";

const text = z.string();
const ruleFile = z.object({
  groups: z.array(
    z.object({
      rules: z.array(
        z.object({
          alert: text,
          expr: text,
          labels: z.object({ severity: z.enum(["critical", "warning"]) }),
          annotations: z.strictObject({ summary: text, description: text, runbook_url: text }),
        }),
      ),
    }),
  ),
});
const testFile = z.object({
  tests: z.array(z.object({ promql_expr_test: z.array(z.object({ expr: text, exp_samples: z.array(z.unknown()) })) })),
});

const here = import.meta.dirname;
const files = dataFiles("alerts", ".yaml");
const rulesOf = (content: string) => ruleFile.parse(parse(content)).groups.flatMap(({ rules }) => rules);
const rules = Object.values(files).flatMap(rulesOf);
const testsOf = (file: string) => testFile.parse(parse(readFileSync(`${here}/alerts/${file}`, "utf8"))).tests;

describe("alerts", function () {
  this.timeout(60_000);

  it("have names of their own, which begin with the part that they are about", () => {
    const names = rules.map(({ alert }) => alert);
    assert.equal(new Set(names).size, names.length);
    for (const name of names) assert.match(name, /^(Airflow|Alertmanager|Kubernetes|Minio|Mlflow|Postgres|Prometheus)/);
  });

  for (const { alert, expr, annotations } of rules) {
    it(`${alert} says what is wrong, what it means and where to read on`, () => {
      for (const sentence of [annotations.summary, annotations.description]) assert.match(sentence, /^[A-Z{].+\.$/);
      assert.equal(annotations.runbook_url, `docs/troubleshooting.md#${alert.toLowerCase()}`);
    });

    it(`${alert} asks for metrics that exist`, () => {
      assert.deepEqual(
        metricsOf(expr).filter((name) => !knownMetrics.has(name)),
        [],
      );
    });
  }

  it("have a section each in docs/troubleshooting.md", () => {
    const page = readFileSync(`${here}/../../docs/troubleshooting.md`, "utf8");
    const headings = [...page.matchAll(/^#+ (.+)$/gm)].map(([, heading = ""]) => heading);
    const missing = rules.map(({ alert }) => alert).filter((alert) => !headings.includes(alert));
    assert.deepEqual(missing, []);
  });

  for (const [file, content] of Object.entries(files)) {
    describe(file, () => {
      it("is accepted by promtool", function () {
        requirePromtool(this);
        const { passed, output } = promtool(["check", "rules", `${here}/../../alerts/${file}`]);
        assert.ok(passed, output);
      });

      it("fires and is silent as its tests say", function () {
        requirePromtool(this);
        const { passed, output } = promtool(["test", "rules", `${here}/alerts/${file}`]);
        assert.ok(passed, output);
      });

      const expectations = testsOf(file).flatMap((test) => test.promql_expr_test);
      for (const { alert } of rulesOf(content)) {
        it(`has a test in which ${alert} fires, and one in which it is silent`, () => {
          const samples = expectations
            .filter(({ expr }) => expr.includes(`"${alert}"`))
            .map((test) => test.exp_samples);
          assert.ok(samples.some((expected) => expected.length > 0));
          assert.ok(samples.some((expected) => expected.length === 0));
        });
      }
    });
  }
});
