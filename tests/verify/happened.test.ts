// What has happened on a platform, as its parts tell it.
import assert from "node:assert/strict";
import { AirflowSession } from "../../scripts/verify/airflow-session.ts";
import { readAirflow } from "../../scripts/verify/happened/airflow.ts";
import { clusterEvents, type ObservedObject } from "../../scripts/verify/happened/cluster.ts";
import { databaseEvents } from "../../scripts/verify/happened/databases.ts";
import { registryEvents } from "../../scripts/verify/happened/mlflow.ts";

describe("verify: what has happened in the cluster", () => {
  const job = (owner: string, type: string): ObservedObject => ({
    kind: "Job",
    metadata: { name: "backup-1", ownerReferences: [{ kind: "CronJob", name: owner }] },
    status: { conditions: [{ type, status: "True" }] },
  });
  const claim = (provisioner: string): ObservedObject => ({
    kind: "PersistentVolumeClaim",
    metadata: { name: "minio-data", annotations: { "volume.kubernetes.io/storage-provisioner": provisioner } },
  });
  const pod = (reason: string): ObservedObject => ({
    kind: "Pod",
    metadata: { name: "mlflow-1" },
    status: { containerStatuses: [{ lastState: { terminated: { reason } } }] },
  });
  const nothing = { backup: false, failedBackup: false, killedForMemory: false, countedVolume: false };

  it("is nothing straight after the first deploy", () => {
    const fresh = [
      { kind: "CronJob", metadata: { name: "backup" }, status: {} },
      { kind: "Job", metadata: { name: "databases" }, status: { conditions: [{ type: "Failed", status: "True" }] } },
      { kind: "Pod", metadata: { name: "minio-0" }, status: { containerStatuses: [{ lastState: {} }] } },
      claim("k8s.io/minikube-hostpath"),
    ];
    assert.deepEqual(clusterEvents(fresh), nothing);
  });

  it("is a backup, one that failed, a container without memory, a volume that is counted", () => {
    const done = {
      kind: "CronJob",
      metadata: { name: "backup" },
      status: { lastSuccessfulTime: "2026-11-21T02:00:00Z" },
    };
    assert.deepEqual(clusterEvents([done]), { ...nothing, backup: true });
    assert.deepEqual(clusterEvents([job("backup", "Failed")]), { ...nothing, failedBackup: true });
    assert.deepEqual(clusterEvents([job("backup", "Complete"), job("other", "Failed")]), nothing);
    assert.deepEqual(clusterEvents([pod("OOMKilled"), pod("Error")]), { ...nothing, killedForMemory: true });
    assert.deepEqual(clusterEvents([claim("ebs.csi.aws.com")]), { ...nothing, countedVolume: true });
  });
});

describe("verify: what the databases show", () => {
  const login = (client: string, database: string) => ({ client, database, login: database, needs: "schema" });
  const everything = { postgresStatistics: true, mlflowDatabase: true };

  it("is everything where the platform made them", () => {
    assert.deepEqual(databaseEvents({ roles: [{ name: "mlflow" }] }), everything);
  });

  it("follows the logins and names of a DBA", () => {
    const named = (name: string) => [login("airflow", "ml_airflow"), login("mlflow", name)];
    assert.deepEqual(databaseEvents({ logins: [...named("ml_mlflow"), login("exporter", "postgres")] }), everything);
    assert.deepEqual(databaseEvents({ logins: named("tracking") }), {
      postgresStatistics: false,
      mlflowDatabase: false,
    });
  });
});

describe("verify: what Airflow has done", () => {
  const since = new Date("2026-11-21T14:00:00Z");

  /** An Airflow with these answers by the beginning of their path, asked through the session that verify has. */
  async function ask(answers: Record<string, object>): Promise<{ happened: object; paths: string[] }> {
    const paths: string[] = [];
    const session = new AirflowSession({
      reach: () => Promise.resolve({ url: "http://airflow", close: () => undefined }),
      administrator: () => ({ user: "admin", password: "password" }),
    });
    session.request = <T>(_method: string, path: string): Promise<T> => {
      paths.push(decodeURIComponent(path));
      const found = Object.entries(answers).find(([start]) => path.startsWith(start));
      return Promise.resolve((found?.[1] ?? { total_entries: 0, dag_runs: [] }) as T);
    };
    return { happened: await readAirflow(session, since), paths };
  }

  it("is nothing while every DAG is paused", async () => {
    const { happened, paths } = await ask({});
    assert.deepEqual(happened, { scheduledRun: false, finishedRun: false, finishedTask: false });
    assert.ok(paths.every((path) => path.includes("2026-11-21T14:00:00.000Z")));
  });

  const scheduled = { dag_runs: [{ dag_id: "daily" }], total_entries: 1 };
  for (const [schedule, expected] of [
    ["0 3 * * *", true],
    ["@once", false],
    ["@continuous", false],
    [null, false],
  ] as const) {
    it(`is ${expected ? "a" : "no"} run with a delay by the schedule ${String(schedule)}`, async () => {
      const { happened } = await ask({
        "/dags/~/dagRuns?run_type=scheduled": scheduled,
        "/dags/daily": { timetable_summary: schedule },
      });
      assert.deepEqual(happened, { scheduledRun: expected, finishedRun: false, finishedTask: false });
    });
  }

  it("is a run and a task that have succeeded", async () => {
    const { happened } = await ask({
      "/dags/~/dagRuns?limit=1&state=success": { total_entries: 2 },
      "/dags/~/dagRuns/~/taskInstances": { total_entries: 3 },
    });
    assert.deepEqual(happened, { scheduledRun: false, finishedRun: true, finishedTask: true });
  });
});

describe("verify: what MLflow's registry holds", () => {
  const ask =
    (answers: Record<string, object>) =>
    <T>(path: string): Promise<T> =>
      Promise.resolve((Object.entries(answers).find(([start]) => path.startsWith(start))?.[1] ?? {}) as T);
  const models = (alias: string) => ({
    "registered-models/search": {
      registered_models: [{ name: "views" }, { name: "x", aliases: [{ alias, version: "2" }] }],
    },
    "model-versions/get?name=x&version=2": { model_version: { run_id: "r" } },
  });
  const run = (...keys: string[]) => ({
    "runs/get?run_id=r": { run: { data: { metrics: keys.map((key) => ({ key })) } } },
  });

  it("is no champion on a new platform, though MLflow has answered", async () => {
    const happened = { mlflowRequest: true, champion: false, measuredChampion: false };
    assert.deepEqual(await registryEvents(ask({})), happened);
    assert.deepEqual(await registryEvents(ask(models("previous"))), happened);
  });

  it("is a champion, and what its run has measured", async () => {
    const measured = await registryEvents(ask({ ...models("champion"), ...run("rows", "holdout_mae") }));
    assert.deepEqual(measured, { mlflowRequest: true, champion: true, measuredChampion: true });
    const other = await registryEvents(ask({ ...models("champion"), ...run("rows") }));
    assert.deepEqual(other, { mlflowRequest: true, champion: true, measuredChampion: false });
  });
});
