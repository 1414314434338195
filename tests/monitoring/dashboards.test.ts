import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { stringify } from "yaml";
import { z } from "zod";
import { dataFiles } from "../../components/objects/data-files.ts";
import { withoutVariables } from "../../scripts/platform/prometheus-queries.ts";
import { metricsOf } from "../../lib/promql.ts";
import { promtoolOn, requirePromtool } from "./promtool.ts";
import { knownMetrics } from "./queries.ts";

const text = z.string();
const prometheus = z.strictObject({ type: z.literal("prometheus"), uid: z.literal("prometheus") });
const place = {
  id: z.number(),
  title: text.min(1),
  gridPos: z.object({ x: z.number(), y: z.number(), w: z.number(), h: z.number() }),
};
const rowPanel = z.object({ ...place, type: z.literal("row") });
const queryPanel = z.object({
  ...place,
  type: z.enum(["bargauge", "stat", "table", "timeseries"]),
  description: text,
  datasource: prometheus,
  fieldConfig: z.object({ defaults: z.object({ unit: text }) }),
  targets: z.array(z.object({ expr: text, datasource: prometheus })).min(1),
});
const dashboardFile = z.object({
  uid: text,
  title: text,
  description: text,
  tags: z.array(text),
  editable: z.boolean(),
  templating: z.object({ list: z.array(z.object({ name: text, definition: text })) }),
  panels: z.array(z.discriminatedUnion("type", [rowPanel, queryPanel])),
});
type Dashboard = z.output<typeof dashboardFile>;

const dashboards = Object.entries(dataFiles("dashboards", ".json")).map(([file, content]) => ({
  file,
  ...dashboardFile.parse(JSON.parse(content)),
}));

const queryPanels = ({ panels }: Dashboard) => panels.filter((panel) => panel.type !== "row");
const targetsOf = (dashboard: Dashboard) =>
  queryPanels(dashboard).flatMap(({ targets }) => targets.map(({ expr }) => expr));

describe("dashboards", () => {
  it("are one for each part and one that is home", () => {
    const uids = dashboards.map(({ uid }) => uid);
    assert.deepEqual(uids, ["airflow", "kubernetes", "minio", "mlflow", "platform", "postgres"]);
  });

  it("are explained in docs/dashboards.md where they are home: who exports what each panel shows", () => {
    const page = readFileSync(new URL("../../docs/dashboards.md", import.meta.url), "utf8");
    const listed = [...page.matchAll(/^\| (.+?) +\|/gm)].flatMap(([, titles = ""]) => titles.split(", ")).slice(2);
    const home = dashboards.find(({ uid }) => uid === "platform");
    assert.ok(home);
    assert.deepEqual(
      listed.toSorted(),
      queryPanels(home)
        .map(({ title }) => title)
        .toSorted(),
    );
  });

  for (const dashboard of dashboards) {
    describe(dashboard.file, () => {
      const { panels } = dashboard;

      it("is named after its file, says what it shows, and is found by its tag", () => {
        assert.equal(dashboard.file, `${dashboard.uid}.json`);
        assert.match(dashboard.description, /^[A-Z].+\.$/);
        assert.deepEqual(dashboard.tags, ["mlops"]);
        assert.equal(dashboard.editable, false);
      });

      it("has panels with a name of their own, a unit and a description", () => {
        assert.equal(new Set(panels.map(({ id }) => id)).size, panels.length);
        const shown = queryPanels(dashboard);
        assert.equal(new Set(shown.map(({ title }) => title)).size, shown.length);
        for (const { title, description, fieldConfig } of shown) {
          assert.match(description, /^.{10,}\.$/, title);
          assert.match(fieldConfig.defaults.unit, /^\w+$/, title);
        }
      });

      it("has no panels that overlap or leave the page", () => {
        const cells = panels.flatMap(({ gridPos: { x, y, w, h } }) => {
          assert.ok(x + w <= 24);
          return Array.from({ length: w * h }, (_, i) => `${x + (i % w)},${y + Math.floor(i / w)}`);
        });
        assert.equal(new Set(cells).size, cells.length);
      });

      it("asks for metrics that exist", () => {
        const definitions = dashboard.templating.list.map(({ definition }) => definition);
        const ofVariables = definitions.map((text) => /^label_values\((\w+),/.exec(text)?.[1] ?? text);
        const asked = [...ofVariables, ...targetsOf(dashboard).map(withoutVariables).flatMap(metricsOf)];
        assert.deepEqual(
          asked.filter((name) => !knownMetrics.has(name)),
          [],
        );
      });

      it("uses the variables that it has, and no others", () => {
        const used = targetsOf(dashboard).flatMap((expr) => [...expr.matchAll(/\$(\w+)/g)].map(([, name]) => name));
        const own = new Set(used.filter((name) => name !== "__rate_interval"));
        assert.deepEqual([...own].sort(), dashboard.templating.list.map(({ name }) => name).sort());
      });

      it("has queries that parse", function () {
        this.timeout(60_000);
        requirePromtool(this);
        const rules = targetsOf(dashboard).map((expr, i) => ({
          record: `panel:query:${i}`,
          expr: withoutVariables(expr),
        }));
        const { passed, output } = promtoolOn(
          ["check", "rules"],
          stringify({ groups: [{ name: dashboard.uid, rules }] }),
        );
        assert.ok(passed, output);
      });
    });
  }
});
