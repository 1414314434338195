import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { chmodSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
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
  pull)
    case "$*" in
      *refused*) echo "Error: $2: read udp 10.0.0.1:$$->10.0.0.2:53: no such host" >&2; exit 1 ;;
      *) shift; for folder; do :; done; echo "$1" >"$folder/$(basename "$1" .tgz).tgz" ;;
    esac ;;
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
    const from = async (source: Partial<ChartRelease>) =>
      (await renderChart({ ...release, ...source }, { path: undefined, cache: join(scratch, "cache") })).note ?? "";
    assert.match(
      await from({}),
      /^The chart airflow is not rendered, since it could not be fetched from https:\/\/charts\.example\.invalid \(.+\): .* run `make chart` once\.$/,
    );
    assert.match(
      await from({ chart: "oci://refused.example.org/airflow", repository: undefined }),
      /fetched from oci:\/\/refused\.example\.org\/airflow \(helm pull: Error: oci:\S+ read udp 10\.0\.0\.1->10\.0\.0\.2:53: no such host\): /,
    );
  });

  it("renders what is deployed: an OCI registry's own package, not the one of `make chart`", async () => {
    install(charts.airflow.version);
    const tools = process.env.MLOPS_TOOLS;
    process.env.MLOPS_TOOLS = scratch;
    try {
      writeFileSync(join(scratch, `airflow-${charts.airflow.version}.tgz`), "Apache's");
      const cache = join(scratch, "cache");
      for (const site of ["oci://one.example.org/airflow", "oci://two.example.org/airflow"]) {
        const own = { ...release, chart: site, repository: undefined };
        const { objects, note } = await renderChart(own, { path: undefined, cache });
        const [, used = ""] = /template airflow (\S+)/.exec(JSON.stringify(objects)) ?? [];
        assert.equal(readFileSync(used, "utf8").trim(), site);
        assert.equal(note, `The chart airflow 1.22.0 comes from ${site}, so its digest is not checked.`);
      }
    } finally {
      process.env.MLOPS_TOOLS = tools;
    }
  });

  it("renders the package of `make chart` for a package's URL, which has no version", async () => {
    install(charts.airflow.version);
    const tools = process.env.MLOPS_TOOLS;
    process.env.MLOPS_TOOLS = scratch;
    try {
      writeFileSync(join(scratch, `airflow-${charts.airflow.version}.tgz`), "Apache's");
      const chart = `https://robot:secret@charts.example.invalid/airflow-${charts.airflow.version}.tgz`;
      const fromUrl = { ...release, chart, version: undefined, repository: undefined };
      await assert.rejects(
        renderChart(fromUrl, { path: undefined, cache: scratch }),
        new RegExp(`the chart ${scratch}/airflow-1\\.22\\.0\\.tgz claims to be airflow`),
      );
      rmSync(join(scratch, `airflow-${charts.airflow.version}.tgz`));
      const { note } = await renderChart(fromUrl, { path: undefined, cache: join(scratch, "empty") });
      assert.match(
        note ?? "",
        /could not be fetched from https:\/\/charts\.example\.invalid\/airflow-1\.22\.0\.tgz \(/,
      );
      assert.doesNotMatch(note ?? "", /secret/);
    } finally {
      process.env.MLOPS_TOOLS = tools;
    }
  });

  for (const source of ["a package's URL", "a repository"]) {
    it(`keeps what ${source} has, and sends its login as a header and not to helm`, async () => {
      install("1.23.0");
      const logins: (string | undefined)[] = [];
      const server = createServer(({ url = "", headers }, response) => {
        logins.push(headers.authorization);
        const index = { entries: { airflow: [{ version: "1.22.0", urls: ["airflow-1.23.0.tgz"] }] } };
        response.end(url === "/index.yaml" ? JSON.stringify(index) : "the package");
      });
      await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
      const site = `http://robot:secret@127.0.0.1:${(server.address() as AddressInfo).port}`;
      const own = { chart: `${site}/airflow-1.23.0.tgz`, version: undefined, repository: undefined };
      const asked = source === "a repository" ? { ...release, name: "own", repository: site } : { ...release, ...own };
      try {
        const { objects, note } = await renderChart(asked, { path: undefined, cache: join(scratch, "cache") });
        assert.equal(objects?.length, 2);
        assert.match(note ?? "", /^The chart is version 1\.23\.0;/);
        const [, used = ""] = /template \S+ (\S+)/.exec(JSON.stringify(objects)) ?? [];
        assert.equal(readFileSync(used, "utf8"), "the package");
        const login = `Basic ${Buffer.from("robot:secret").toString("base64")}`;
        assert.deepEqual(new Set(logins), new Set([login]));
      } finally {
        server.close();
      }
    });
  }

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
