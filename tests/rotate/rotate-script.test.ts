// scripts/rotate/rotate.ts with stand-ins for the CLI and kubectl; tests/e2e/rotation.ts runs it on a cluster.
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { retireJob } from "../../scripts/rotate/finish-rotation.ts";
import { nextGeneration } from "../../scripts/rotate/generations.ts";
import type { Pod } from "../../lib/kubernetes/api.ts";
import { mayHoldOldValues, waitForOldPods } from "../../scripts/rotate/old-pods.ts";
import { standIn } from "../stand-in.ts";

const pod = (name: string, namespace: string, more: Partial<Pod["metadata"]> = {}): Pod => ({
  metadata: { name, namespace, uid: name, ...more },
  spec: { nodeName: "node", containers: [] },
  status: { phase: "Running" },
});
const ownedBy = (kind: string) => ({
  ownerReferences: [{ apiVersion: "apps/v1", kind, name: "owner", uid: "1", controller: true }],
});

describe("pods that may hold old values", () => {
  const isOld = (tried: Pod) => mayHoldOldValues(tried, "mlops");

  it("are those of tasks and Jobs, wherever they run", () => {
    assert.ok(isOld(pod("task", "pageviews")));
    assert.ok(isOld(pod("worker", "mlops")));
    assert.ok(isOld(pod("backup", "mlops", ownedBy("Job"))));
  });

  it("are a project's own servers too, which no update restarts", () => {
    assert.ok(isOld(pod("notebook", "pageviews", ownedBy("ReplicaSet"))));
  });

  it("are none of the platform's servers, which an update has restarted, but those that it is still ending", () => {
    for (const kind of ["ReplicaSet", "StatefulSet"]) assert.ok(!isOld(pod("server", "mlops", ownedBy(kind))));
    const ending = { ...ownedBy("StatefulSet"), deletionTimestamp: "2026-11-21T14:00:00Z" };
    assert.ok(isOld(pod("celery-worker", "mlops", ending)));
  });

  it("are none that are over or on no node yet", () => {
    for (const phase of ["Succeeded", "Failed"]) assert.ok(!isOld({ ...pod("task", "pageviews"), status: { phase } }));
    assert.ok(!isOld({ ...pod("task", "pageviews"), spec: { containers: [] }, status: { phase: "Pending" } }));
  });
});

describe("the wait for old pods", () => {
  const target = { namespace: "mlops", context: undefined };
  const options = { timeoutSeconds: 1, intervalSeconds: 0.01 };

  it("ends with the last of those that ran at its start, whatever has started since", async () => {
    const states = [["old"], ["old"], ["old", "new"], ["new"], ["newer"]];
    let asked = 0;
    const read = () => (states[Math.min(asked++, states.length - 1)] ?? []).map((name) => pod(name, "pageviews"));
    await waitForOldPods(target, { ...options, read });
    assert.equal(asked, 4);
  });

  it("does not take a new pod of the old one's name for the old one", async () => {
    let asked = 0;
    const read = () => [pod("task", "pageviews", { uid: asked++ === 0 ? "first" : "second" })];
    await waitForOldPods(target, { ...options, read });
  });

  it("names what still runs when its time is over", async () => {
    const read = () => [pod("endless", "pageviews")];
    await assert.rejects(
      waitForOldPods(target, { timeoutSeconds: 0.05, intervalSeconds: 0.01, read }),
      /^Error: still running after 0.05 s: pageviews\/endless$/,
    );
  });
});

describe("the Job that retires logins", () => {
  it("is the one that makes them with another argument, tried once", () => {
    const labels = { "app.kubernetes.io/name": "databases" };
    const containers = [{ name: "provision", args: ["postgres", "--spec", "spec.json"] }];
    const job = {
      metadata: { name: "databases", uid: "1", labels, annotations: { a: "b" } },
      spec: {
        backoffLimit: 6,
        selector: {},
        template: {
          metadata: { labels: { ...labels, "job-name": "databases" } },
          spec: { restartPolicy: "OnFailure", containers },
        },
      },
    };
    assert.deepEqual(retireJob(job, "databases-retire-1"), {
      apiVersion: "batch/v1",
      kind: "Job",
      metadata: { name: "databases-retire-1", labels },
      spec: {
        backoffLimit: 0,
        ttlSecondsAfterFinished: 86_400,
        template: {
          metadata: { labels },
          spec: {
            restartPolicy: "Never",
            containers: [{ name: "provision", args: ["postgres", "--spec", "spec.json", "--retire"] }],
          },
        },
      },
    });
  });
});

describe("the next generation", () => {
  it("is one more than what runs, and the configured one where that was not deployed yet", () => {
    assert.equal(nextGeneration(1, 1), 2);
    assert.equal(nextGeneration(1, 2), 2);
    assert.equal(nextGeneration(4, 1), 5);
  });
});

describe("scripts/rotate/rotate.ts", () => {
  const script = join(import.meta.dirname, "../../scripts/rotate/rotate.ts");
  let folder = "";
  before(() => {
    folder = mkdtempSync(join(tmpdir(), "rotate-"));
  });
  after(() => {
    rmSync(folder, { recursive: true, force: true });
  });

  function rotate(args: string[], cli: string, platform = "echo '{}'") {
    writeFileSync(join(folder, "calls"), "");
    standIn(folder, "kubectl", `case "$*" in *airflow-platform*) ${platform} ;; esac`);
    const env = {
      PATH: `${folder}:${process.env.PATH ?? ""}`,
      PULUMI_CLI: standIn(folder, "pulumi", cli),
      PULUMI_BACKEND_URL: `file://${folder}`,
      PULUMI_CONFIG_PASSPHRASE: "test",
    };
    const { status, stderr } = spawnSync(process.execPath, [script, ...args], { encoding: "utf8", env });
    const calls = readFileSync(join(folder, "calls"), "utf8").trim().split("\n");
    const asked = /^(pulumi (version|whoami|stack export)|kubectl .*airflow-platform)/;
    return { status, stderr, calls: calls.filter((call) => !asked.test(call)) };
  }
  const deployed = [
    'case "$*" in',
    '  stack\\ output*) echo \'{"admin": 3, "fernet": 2, "minio": 1}\' ;;',
    "  stack\\ export*) echo '{\"deployment\": {}}' ;;",
    '  whoami*) echo \'{"url": "file:///nowhere"}\' ;;',
    "  config\\ get*) echo 2 ;;",
    "esac",
  ].join("\n");

  it("deploys the next generation of the administrators' passwords", () => {
    const { status, stderr, calls } = rotate(["--what", "admin", "--stack", "dev", "--yes"], deployed);
    assert.equal(status, 0, stderr);
    assert.deepEqual(calls, [
      "pulumi stack output rotation --json --stack dev",
      "pulumi config get --stack dev --path rotation.admin",
      "pulumi config set --stack dev --path rotation.admin 4",
      "pulumi up --stack dev --yes",
    ]);
  });

  it("drops the old Fernet key only after everything is encrypted with the new one", () => {
    const { status, calls } = rotate(["--what", "fernet", "--stack", "dev", "--finish"], deployed);
    assert.equal(status, 0);
    const steps = ["rollout status", "airflow rotate-fernet-key", "rotation.fernetRetired 1", "pulumi up --stack dev"];
    const places = steps.map((step) => calls.findIndex((call) => call.includes(step)));
    assert.deepEqual(
      places,
      [...places].sort((a, b) => a - b),
    );
    assert.ok(!places.includes(-1), calls.join("\n"));
  });

  it("says what to do where the update fails, and touches nothing more", () => {
    const failing = `${deployed}\ncase "$1" in up) exit 255 ;; esac`;
    const { status, stderr, calls } = rotate(["--what", "database", "--stack", "dev"], failing);
    assert.equal(status, 1);
    assert.match(
      stderr,
      /the old value is still valid: fix the error above, then run `make rotate WHAT=database STACK=dev` again\n$/,
    );
    assert.deepEqual(
      calls.filter((call) => call.startsWith("kubectl")),
      [],
    );
  });

  it("raises nothing where the platform that it would finish in does not answer", () => {
    const silent = "echo 'The connection was refused' >&2; exit 1";
    const { status, stderr, calls } = rotate(["--what", "fernet", "--stack", "dev"], deployed, silent);
    assert.equal(status, 1);
    assert.match(
      stderr,
      /the stack dev is not deployed, or its cluster does not answer \(The connection was refused\): /,
    );
    assert.deepEqual(calls, []);
    assert.equal(rotate(["--what", "admin", "--stack", "dev", "--yes"], deployed, silent).status, 0);
  });

  it("changes nothing where there is no MinIO", () => {
    const volumes = (names: string[]) =>
      JSON.stringify({ namespace: "mlops", projects: [], volumes: names.map((name) => ({ name, storageClass: "" })) });
    const stack = (names: string[]) =>
      `case "$*" in stack\\ output\\ dataPlaces*) echo '${volumes(names)}'; exit ;; esac\n`;
    const args = ["--what", "minio", "--stack", "dev", "--yes"];
    const without = rotate(args, stack(["postgres-data"]) + deployed);
    assert.equal(without.status, 1);
    assert.match(without.stderr, /stack dev has no MinIO: docs\/site\.md/);
    assert.ok(
      without.calls.every((call) => call.startsWith("pulumi stack output")),
      without.calls.join("\n"),
    );
    const { calls } = rotate(args, stack(["minio-data"]) + deployed);
    assert.ok(
      calls.some((call) => call.includes("config set --stack dev --path rotation.minio")),
      calls.join("\n"),
    );
  });

  it("leaves logins that a DBA made to the DBA, at its last step too", () => {
    const given = `case "$*" in config\\ get*postgres.databases) echo '{"airflow":{"name":"a","user":"a"}}'; exit ;; esac\n`;
    for (const last of [[], ["--finish"]]) {
      const { status, stderr, calls } = rotate(["--what", "database", "--stack", "dev", ...last], given + deployed);
      assert.equal(status, 1);
      assert.match(stderr, /a DBA makes the logins of stack dev \(postgres\.databases\): docs\/site\.md/);
      assert.deepEqual(calls, ["pulumi config get --stack dev --path postgres.databases"]);
    }
  });

  it("refuses what it does not know, and a stack that was never deployed", () => {
    const unknown = spawnSync(process.execPath, [script, "--what", "spark"], { encoding: "utf8" });
    assert.match(unknown.stderr, /found WHAT=spark: run `make rotate WHAT=fernet\|admin\|database\|minio`/);
    const { stderr } = rotate(["--what", "minio"], 'case "$1" in stack) exit 1 ;; esac');
    assert.match(stderr, /has not been deployed with this version yet: run `make up STACK=minikube` first/);
  });
});
