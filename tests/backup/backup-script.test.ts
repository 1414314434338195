// scripts/backup/backup.ts; tests/e2e runs it on a cluster.
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { backupJob } from "../../scripts/backup/backup-job.ts";
import { freshJob } from "../../scripts/platform/rerun-jobs.ts";
import { standIn } from "../stand-in.ts";

const labels = { "app.kubernetes.io/name": "backup" };
const cronJob = {
  metadata: { name: "backup", uid: "1-2-3" },
  spec: {
    schedule: "0 2 * * *",
    jobTemplate: {
      metadata: { labels },
      spec: {
        activeDeadlineSeconds: 21600,
        backoffLimit: 2,
        template: {
          metadata: { labels },
          spec: { restartPolicy: "Never", containers: [{ name: "backup", image: "backup:1", args: ["run"] }] },
        },
      },
    },
  },
};

describe("the Job of one backup command", () => {
  it("is the CronJob's pod with other arguments, tried once", () => {
    assert.deepEqual(backupJob(cronJob, "backup-list-1", ["list", "--json"]), {
      apiVersion: "batch/v1",
      kind: "Job",
      metadata: { name: "backup-list-1", labels },
      spec: {
        activeDeadlineSeconds: 21600,
        backoffLimit: 0,
        ttlSecondsAfterFinished: 86400,
        template: {
          metadata: { labels },
          spec: {
            restartPolicy: "Never",
            containers: [{ name: "backup", image: "backup:1", args: ["list", "--json"] }],
          },
        },
      },
    });
  });

  it("belongs to the CronJob only when it makes a backup: a restore that succeeds is no backup", () => {
    const ownersOf = (command: string) => {
      const job = backupJob(cronJob, "backup-1", [command]) as { metadata: { ownerReferences?: object[] } };
      return job.metadata.ownerReferences;
    };
    assert.deepEqual(ownersOf("run"), [
      { apiVersion: "batch/v1", kind: "CronJob", name: "backup", uid: "1-2-3", controller: true },
    ]);
    assert.equal(ownersOf("restore"), undefined);
  });
});

describe("a Job that runs again", () => {
  it("keeps what makes its pods and drops what was of the first run", () => {
    const uid = { "batch.kubernetes.io/controller-uid": "1", "controller-uid": "1" };
    const name = { "batch.kubernetes.io/job-name": "mlflow-setup", "job-name": "mlflow-setup" };
    const job = {
      metadata: { name: "mlflow-setup", uid: "1", resourceVersion: "7", labels, annotations: { a: "b" } },
      spec: {
        backoffLimit: 6,
        selector: { matchLabels: uid },
        template: {
          metadata: { labels: { ...labels, ...uid, ...name }, annotations: { c: "d" } },
          spec: { containers: [] },
        },
      },
      status: { succeeded: 1 },
    };
    assert.deepEqual(freshJob(job), {
      apiVersion: "batch/v1",
      kind: "Job",
      metadata: { name: "mlflow-setup", labels, annotations: { a: "b" } },
      spec: { backoffLimit: 6, template: { metadata: { labels, annotations: { c: "d" } }, spec: { containers: [] } } },
    });
  });
});

describe("scripts/backup/backup.ts", () => {
  const script = join(import.meta.dirname, "../../scripts/backup/backup.ts");

  it("says in one sentence that it needs a command, kubectl, a platform, or a backup", () => {
    const run = (...args: string[]) =>
      spawnSync(process.execPath, [script, ...args], { encoding: "utf8", env: { PATH: "/nowhere" } });
    assert.equal(run().stderr, "scripts/backup/backup.ts: found no command: run `make backup ARGS=--help`\n");
    const { status, stderr } = run("--namespace", "mlops", "list");
    assert.equal(status, 1);
    assert.match(stderr, /^scripts\/backup\/backup.ts: kubectl cannot be run: it is not on PATH; install it \(.*\)\n$/);
    const folder = mkdtempSync(join(tmpdir(), "backup-"));
    const on = (kubectl: string) => {
      standIn(folder, "kubectl", kubectl);
      const env = { PATH: `${folder}:/usr/bin:/bin` };
      return spawnSync(process.execPath, [script, "restore", "latest"], { encoding: "utf8", env }).stderr;
    };
    const next = "deploy it with `make up`; for a platform on another cluster or in another namespace";
    assert.equal(
      on("echo 'The connection to the server localhost:8080 was refused' >&2; exit 1"),
      `scripts/backup/backup.ts: the platform is not deployed, or its cluster does not answer (kubectl has no current context): ${next}, set CONTEXT=… and NAMESPACE=…\n`,
    );
    assert.match(on(""), /: found no platform in namespace mlops of the current context: deploy it with `make up`; /);
    assert.match(
      on(`case "$*" in *airflow-platform*) echo '{}' ;; esac`),
      /: namespace mlops has no CronJob backup: set backup\.enabled to true in the stack's file, then run `make up`\n$/,
    );
    const calls = readFileSync(join(folder, "calls"), "utf8");
    assert.doesNotMatch(calls, /scale|annotate|create/);
    rmSync(folder, { recursive: true });
  });
});
