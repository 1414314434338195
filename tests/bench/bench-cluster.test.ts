import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { at, isObject, textAt } from "../../lib/json.ts";
import type { KubernetesObject } from "../../lib/kubernetes/objects.ts";
import type { PlatformJson } from "../../scripts/platform/platform-json.ts";
import { projectPod } from "../../scripts/verify/project-pod.ts";
import { byHand } from "./bench-cluster/by-hand.ts";
import { dagFigures } from "./bench-cluster/dags.ts";
import { benchmarksMarkdown, pageFile, reportFile } from "./bench-cluster/markdown.ts";
import { troubleOf } from "./bench-cluster/trouble.ts";
import { projectNames } from "./bench-cluster/project-names.ts";
import { isNeeded } from "./bench-cluster/projects.ts";
import { readyFigures } from "./bench-cluster/ready.ts";
import { chosenSections, isMet, type Measured, merged, readReport, reportText } from "./bench-cluster/report.ts";
import { backupBytesOf } from "./bench-cluster/restore.ts";
import { runTimes } from "./bench-cluster/runs.ts";
import { median, percentile } from "./bench-cluster/statistics.ts";
import { taskFigures } from "./bench-cluster/task-figures.ts";
import { componentOf, usageBetween } from "./bench-cluster/usage.ts";
import { asConfig } from "../e2e/configuration.ts";
import { allObjects } from "../program/program-objects.ts";
import { chart, folder } from "../program/program-cases.ts";
import { configuration } from "./bench-cluster/platform.ts";
import { render } from "../../preview/render.ts";

describe("the report of make bench-cluster", () => {
  const measured: Measured = {
    date: "2026-11-21",
    machine: { processor: "Example CPU", processors: 2, memoryGiB: 7.75, loadAtStart: 0.123456 },
    versions: { Kubernetes: "v1.35.4" },
    tables: [{ title: "Ways", columns: ["way", "s"], rows: [["a | b", 123.456]] }],
    targets: [
      { name: "fast", value: 1, limit: 2 },
      { name: "slow", value: 3, limit: 2 },
      { name: "unknown", value: null, limit: 2 },
    ],
    caveats: ["Measured once."],
  };

  it("is docs/benchmarks.md", () => {
    const written = readFileSync(pageFile, "utf8");
    assert.equal(written, benchmarksMarkdown(readReport(reportFile)), "run make reference");
  });

  it("replaces only the sections that were measured, and keeps their order", () => {
    const before = { tasks: measured, idle: measured };
    const after = merged(before, "ready", { ...measured, date: "2026-11-22" });
    assert.deepEqual(Object.keys(after), ["ready", "idle", "tasks"]);
    assert.deepEqual([after.tasks, after.ready?.date], [measured, "2026-11-22"]);
  });

  it("shows each target with its outcome, and what was not measured", () => {
    const page = benchmarksMarkdown({ ready: measured });
    assert.match(page, /\| fast \| 1 \| ≤ 2 \| met \|/);
    assert.match(page, /\| slow \| 3 \| ≤ 2 \| \*\*missed\*\* \|/);
    assert.match(page, /\| unknown \| not measured \| ≤ 2 \|  \|/);
    assert.match(page, /\| a \\\| b \| 123 \|/);
    assert.match(page, /- Measured once\./);
    assert.equal(page.match(/Not measured yet\./g)?.length, 5);
    assert.deepEqual(measured.targets.map(isMet), [true, false, undefined]);
  });

  it("holds no number that JSON lacks, and no more digits than are measured", () => {
    const text = reportText({ ready: { ...measured, targets: [{ name: "none", value: NaN, limit: 1 }] } });
    const parsed: unknown = JSON.parse(text);
    assert.equal(at(parsed, "ready.targets.0.value"), null);
    assert.equal(at(parsed, "ready.machine.loadAtStart"), 0.123);
  });

  it("measures all sections unless some are named", () => {
    assert.equal(chosenSections(undefined).length, 6);
    assert.deepEqual(chosenSections("tasks, ready"), ["ready", "tasks"]);
    assert.throws(() => chosenSections("ready,speed"), /found ONLY=speed: give one or more of ready,/);
  });
});

describe("the figures of make bench-cluster", () => {
  it("have percentiles that were measured", () => {
    const values = Array.from({ length: 20 }, (_, i) => 20 - i);
    assert.deepEqual([median([3, 1, 2]), percentile(values, 95), percentile(values, 100)], [2, 19, 20]);
    assert.ok(Number.isNaN(median([])));
  });

  it("hold the program's order against the way by hand", () => {
    const deployed = (readySeconds: number | undefined, againSeconds?: number) => ({
      readySeconds,
      againSeconds,
      destroySeconds: 20,
      trouble: { restarts: 0, failedPods: 0 },
    });
    const { targets, tables } = readyFigures(
      [
        { name: "program", deployments: [deployed(60, 5), deployed(50, 7), deployed(70, 6)] },
        {
          name: "at once",
          deployments: [
            deployed(90),
            { ...deployed(undefined), trouble: { restarts: 6, failedPods: 1 } },
            deployed(80),
          ],
        },
        { name: "by hand", deployments: [deployed(130), deployed(120), deployed(110)] },
      ],
      [],
    );
    assert.deepEqual(
      targets.map(({ value }) => value),
      [0.5, 0],
    );
    assert.deepEqual(tables[0]?.rows[1], ["at once", "not ready", "", 6, 1, "", 20, "90, not ready, 80"]);
  });

  it("have the overhead of a task over the bare pod, and the best executor", () => {
    const run = (seconds: number) => ({ seconds, startSeconds: 0.1, taskStartSeconds: 2 });
    const { targets, tables } = taskFigures(
      [4, 5, 3],
      [
        { name: "slow", runs: [run(24), run(22), run(30)], perMinute: [3, 8] },
        { name: "quick", runs: [run(9), run(10), run(11)], perMinute: [] },
      ],
      [],
    );
    assert.deepEqual(
      targets.map(({ name, value, limit }) => [name, value, limit]),
      [
        ["overhead with slow, s", 20, 15],
        ["overhead with quick, s", 6, 15],
        ["overhead with the best, quick, s", 6, 8],
      ],
    );
    assert.deepEqual(tables[1]?.rows, [
      ["slow", 3, 8],
      ["quick", "not measured", "not measured"],
    ]);
  });

  it("have the growth with DAGs, unknown where they were not parsed in time", () => {
    const runs = Array.from({ length: 20 }, (_, i) => ({ seconds: 2, startSeconds: i / 10, taskStartSeconds: 1 + i }));
    const { targets } = dagFigures([
      { dags: 10, parsedSeconds: 30, runs },
      { dags: 100, parsedSeconds: 60, runs },
      { dags: 1000, parsedSeconds: undefined, runs },
    ]);
    assert.deepEqual(
      targets.map(({ value, limit }) => [value, limit]),
      [
        [1.8, 5],
        [2, 10],
        [null, 10],
      ],
    );
  });

  it("come from Airflow's own times of a run", () => {
    const run = {
      queued_at: "2026-11-21T10:00:00.500Z",
      start_date: "2026-11-21T10:00:01Z",
      end_date: "2026-11-21T10:00:20.5Z",
    };
    const tasks = [{ start_date: "2026-11-21T10:00:09.5Z" }, { start_date: "2026-11-21T10:00:04.5Z" }];
    assert.deepEqual(runTimes(run, tasks), { seconds: 20, startSeconds: 0.5, taskStartSeconds: 4 });
  });

  it("have the mean CPU between two looks, summed by component", () => {
    const pod = (name: string, seconds: number, cpuSeconds: number, mebibytes: number) => ({
      podRef: { name, namespace: "platform", uid: name },
      cpu: { time: new Date(seconds * 1000).toISOString(), usageCoreNanoSeconds: cpuSeconds * 1e9 },
      memory: { workingSetBytes: mebibytes * 2 ** 20 },
    });
    const before = { pods: [pod("a-1", 0, 10, 1), pod("a-2", 0, 0, 1), pod("other", 0, 0, 1)] };
    const after = {
      pods: [pod("a-1", 60, 16, 100), pod("a-2", 60, 3, 50), pod("other", 60, 9, 9), pod("a-3", 60, 9, 9)],
    };
    const usage = usageBetween(before, after, (_, name) => (name.startsWith("a-") ? "a" : undefined));
    assert.deepEqual([...usage], [["a", { cpuMillicores: 150, memoryMiB: 150 }]]);
    assert.equal(componentOf({ "app.kubernetes.io/name": "airflow", component: "scheduler" }), "airflow scheduler");
    assert.equal(componentOf({ "app.kubernetes.io/name": "minio" }), "minio");
  });

  it("count restarts of every container and pods that failed", () => {
    const pods = [
      { status: { phase: "Running", containerStatuses: [{ restartCount: 2 }, { restartCount: 1 }] } },
      { status: { phase: "Failed", initContainerStatuses: [{ restartCount: 4 }] } },
      { status: { phase: "Pending" } },
    ];
    assert.deepEqual(troubleOf(pods), { restarts: 7, failedPods: 1 });
  });

  it("have the size that a backup says", () => {
    assert.equal(backupBytesOf("database airflow: 80 tables\nbackup 20261121T1000: complete, 5123 bytes\n"), 5123);
  });
});

describe("what make bench-cluster deploys", () => {
  let objects: KubernetesObject[] = [];

  before(async () => {
    const config = asConfig(configuration("/dags"));
    objects = allObjects(await render({ folder, stack: "minikube", config, chart, download: false }));
  });

  it("is by hand every object once: stores and their Jobs before MLflow, MLflow before the rest", () => {
    const parts = byHand(objects);
    assert.deepEqual(new Set(parts.flat()), new Set(objects));
    assert.equal(parts.flat().length, objects.length);
    const partOf = (kind: string, name: string) =>
      parts.findIndex((part) => part.some((object) => object.kind === kind && object.metadata.name === name));
    const order = [
      partOf("Namespace", "bench-platform"),
      partOf("StatefulSet", "postgres"),
      partOf("StatefulSet", "minio"),
      partOf("Job", "databases"),
      partOf("Job", "mlflow-setup"),
      partOf("Deployment", "mlflow"),
      partOf("Job", "mlflow-provision"),
      partOf("StatefulSet", "prometheus"),
    ];
    assert.equal(order[0], 0);
    assert.deepEqual(
      order,
      [...new Set(order)].toSorted((a, b) => a - b),
    );
  });

  it("is for the projects alone the stores and MLflow, without Airflow and monitoring", () => {
    const workloads = objects
      .filter(isNeeded)
      .filter(({ kind }) => ["Deployment", "StatefulSet", "Job"].includes(kind));
    assert.deepEqual([...new Set(workloads.map(({ metadata }) => metadata.name))].toSorted(), [
      "databases",
      "minio",
      "minio-provision",
      "mlflow",
      "mlflow-provision",
      "mlflow-setup",
      "postgres",
    ]);
  });

  it("names projects that differ", () => {
    assert.deepEqual(projectNames(3), ["bench-project", "bench-project-2", "bench-project-3"]);
  });

  it("is as a bare pod what a task's pod is", () => {
    const isPlatform = ({ kind, metadata }: KubernetesObject) =>
      kind === "ConfigMap" && metadata.name === "airflow-platform";
    const data = objects.find(isPlatform)?.data;
    const platform = JSON.parse(isObject(data) ? String(data["platform.json"]) : "{}") as PlatformJson;
    const bare = { name: "bare", image: "pandas-basic", component: "bench", args: ["check"] };
    const pod = projectPod(platform, { project: "bench-project", ...bare });
    assert.equal(textAt(pod, "metadata.namespace"), "bench-project");
    assert.equal(textAt(pod, "spec.containers.0.image"), "localhost/mlops/pandas-basic:0.1.0");
    assert.equal(textAt(pod, "spec.containers.0.envFrom.0.configMapRef.name"), "bench-project");
    assert.equal(textAt(pod, "spec.volumes.1.configMap.name"), "postgres-ca");
    assert.equal(textAt(pod, "spec.containers.0.volumeMounts.1.mountPath"), "/etc/postgres-ca");
    assert.notEqual(textAt(pod, "spec.containers.0.resources.limits.memory"), undefined);
  });
});
