import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { charts } from "../../components/charts.ts";
import { renderChart } from "../../preview/chart.ts";
import type { ChartRelease } from "../../preview/chart-release.ts";

const release: ChartRelease = {
  urn: "urn",
  name: "airflow",
  namespace: "mlops",
  chart: "airflow",
  version: "1.22.0",
  repository: "https://charts.example.invalid",
  values: { replicas: 2 },
  includeHooks: false,
  hasSecrets: false,
};

/** Stands for helm: answers with the chart's version and with two objects and the arguments it was given. */
function fakeHelm(version: string): string {
  return `#!/bin/sh
case "$1" in
  show) echo "name: airflow"; echo "version: ${version}" ;;
  pull) exit 1 ;;
  template)
    echo "apiVersion: v1"; echo "kind: ConfigMap"; echo "metadata: {name: settings}"; echo "data: {arguments: '$*'}"
    echo "---"; echo "# nothing"
    echo "---"; echo "apiVersion: v1"; echo "kind: PersistentVolume"; echo "metadata: {name: volume}" ;;
esac
`;
}

describe("renderChart", () => {
  let scratch: string;
  let path: string | undefined;
  beforeEach(() => {
    scratch = mkdtempSync(join(tmpdir(), "chart-"));
    path = process.env.PATH;
  });
  afterEach(() => {
    process.env.PATH = path;
    rmSync(scratch, { recursive: true });
  });

  function install(version: string): void {
    writeFileSync(join(scratch, "helm"), fakeHelm(version));
    chmodSync(join(scratch, "helm"), 0o755);
    process.env.PATH = `${scratch}${delimiter}${path}`;
  }

  function pack(): string {
    const file = join(scratch, "chart.tgz");
    writeFileSync(file, scratch);
    return file;
  }

  it("says in one sentence that helm is missing", async () => {
    process.env.PATH = scratch;
    const { objects, note, pods } = await renderChart(release, { path: pack(), cache: scratch });
    assert.equal(objects, undefined);
    assert.equal(
      note,
      "The chart airflow is not rendered, since helm is not installed: its pods, requests and policies come from its values. To see its objects, run `make chart` once.",
    );
    assert.ok(pods?.some(({ kind, metadata }) => kind === "Deployment" && metadata.name === "airflow-scheduler"));
  });

  it("says of a chart whose values are not read that its pods are missing", async () => {
    process.env.PATH = scratch;
    const { note, pods } = await renderChart({ ...release, name: "other" }, { path: pack(), cache: scratch });
    assert.equal(pods, undefined);
    assert.match(note ?? "", /: its pods are not in the figures and the policies\.$/);
  });

  it("says in one sentence that the chart cannot be fetched", async () => {
    install("1.22.0");
    const { note } = await renderChart(release, { path: undefined, cache: join(scratch, "cache") });
    assert.match(
      note ?? "",
      /^The chart airflow is not rendered, since helm could not fetch it from https:\/\/charts\.example\.invalid: /,
    );
  });

  it("gives the release's name, namespace and values, and the namespace to each object that has one", async () => {
    install("1.23.0");
    const { objects, note } = await renderChart(release, { path: pack(), cache: scratch });
    assert.deepEqual(
      objects?.map(({ metadata }) => metadata),
      [{ name: "settings", namespace: "mlops" }, { name: "volume" }],
    );
    assert.match(JSON.stringify(objects), /template airflow \S+chart\.tgz --namespace mlops --values \S+ --no-hooks/);
    assert.match(note ?? "", /^The chart is version 1\.23\.0; components\/charts\.ts pins 1\.22\.0\.$/);
  });

  it("refuses a package that calls itself the pinned one and is another", async () => {
    install(charts.airflow.version);
    const digest = createHash("sha256").update(scratch).digest("hex");
    await assert.rejects(renderChart(release, { path: pack(), cache: scratch }), {
      name: "UsageError",
      message: new RegExp(`its sha256 is ${digest}; components/charts.ts pins ${charts.airflow.digest}`),
    });
  });

  it("refuses a path that does not exist", async () => {
    const missing = join(scratch, "missing.tgz");
    await assert.rejects(renderChart(release, { path: missing, cache: scratch }), /missing\.tgz does not exist/);
  });
});
