// The end of `make up` on a platform whose MinIO had names for access keys, with stand-ins for the CLI and kubectl.
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { hasNamedUsers } from "../../scripts/stack/named-users.ts";
import { standIn } from "../stand-in.ts";

const script = join(import.meta.dirname, "../../scripts/stack/deploy.ts");
const drawn = { "4dabf18193072939515e22adb298388d": "1b47061264138c4ac30d75fd1eb44270", ciphertext: "v1:abc" };

function state(user: unknown, context?: unknown) {
  const outputs = { namespace: "mlops", adminUsers: { airflow: "admin", minio: user } };
  const resources = [
    { type: "pulumi:pulumi:Stack", urn: "urn:pulumi:dev::mlops::pulumi:pulumi:Stack::mlops-dev", outputs },
    { type: "pulumi:providers:kubernetes", urn: "urn:pulumi:dev::mlops::p::minikube", inputs: { context } },
  ];
  return { deployment: { resources } };
}

describe("hasNamedUsers", () => {
  it("knows the platform of the version before by its root user", () => {
    assert.equal(hasNamedUsers(state("admin")), true);
    assert.equal(hasNamedUsers(state(drawn)), false);
    assert.equal(hasNamedUsers(state(undefined)), false);
    assert.equal(hasNamedUsers({ deployment: {} }), false);
  });
});

describe("make up on a platform with named users", () => {
  let folder = "";
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "named-users-"));
  });
  afterEach(() => {
    rmSync(folder, { recursive: true, force: true });
  });

  function up(before: object, after: object, kubectl: string) {
    writeFileSync(join(folder, "state.json"), JSON.stringify(before));
    writeFileSync(join(folder, "after.json"), JSON.stringify(after));
    standIn(folder, "kubectl", kubectl);
    const cli = [
      `case "$*" in whoami*) echo '{"url": "file://${folder}"}' ;; *export*) cat "${folder}/state.json" ;; esac`,
      `[ "$1" = up ] && cp "${folder}/after.json" "${folder}/state.json"`,
      "exit 0",
    ].join("\n");
    const env = {
      PATH: `${folder}:${process.env.PATH ?? ""}`,
      PULUMI_CLI: standIn(folder, "pulumi", cli),
      PULUMI_BACKEND_URL: `file://${folder}`,
      PULUMI_CONFIG_PASSPHRASE: "test",
    };
    const { status, stderr } = spawnSync(process.execPath, [script, "dev", "--yes"], { encoding: "utf8", env });
    const calls = readFileSync(join(folder, "calls"), "utf8").trim().split("\n");
    return { status, stderr, asked: calls.filter((call) => call.startsWith("kubectl")) };
  }

  const job = {
    metadata: { name: "minio-provision", labels: {} },
    spec: { template: { metadata: { labels: {} }, spec: { containers: [{ name: "provision", args: ["minio"] }] } } },
  };
  const pods = (items: object[]) => `*get\\ pods\\ --output*) echo '${JSON.stringify({ items })}' ;;`;
  const cluster = (old: object[]) =>
    [
      'case "$*" in',
      "*configmap*) echo '{\"projects\": {}}' ;;",
      pods(old),
      `*get\\ job*) echo '${JSON.stringify(job)}' ;;`,
      `*create*) cat >"${folder}/job.json" ;;`,
      '*get\\ pods*) echo \'{"items": [{"metadata": {"name": "p"}, "status": {"phase": "Succeeded", ' +
        '"containerStatuses": [{"state": {"terminated": {"exitCode": 0}}}]}}]}\' ;;',
      "esac",
    ].join("\n");

  it("removes them when no pod is left that was started with one", () => {
    const { status, stderr, asked } = up(state("admin"), state(drawn, "team"), cluster([]));
    assert.equal(status, 0, stderr);
    assert.match(stderr, /removed users of MinIO whose access keys were names\n$/);
    assert.match(readFileSync(join(folder, "job.json"), "utf8"), /"args":\["minio","--retire"\]/);
    for (const call of asked) assert.match(call, /^kubectl --namespace mlops --context team /);
  });

  it("keeps them for a task that runs, and says how they go later", () => {
    const metadata = { name: "train", namespace: "mlops", uid: "1" };
    const task = { metadata, spec: { nodeName: "node" }, status: { phase: "Running" } };
    const { status, stderr } = up(state("admin"), state(drawn, "team"), cluster([task]));
    assert.equal(status, 0);
    assert.match(
      stderr,
      /names still exist: still running after 0 s: mlops\/train. Later, run make rotate WHAT=minio STACK=dev FINISH=1\n$/,
    );
    assert.ok(!existsSync(join(folder, "job.json")));
  });

  it("asks no cluster that it does not know, and ends well where the cluster does not answer", () => {
    const unknown = up(state("admin"), state(drawn), "exit 1");
    assert.deepEqual([unknown.status, unknown.asked], [0, []]);
    assert.match(unknown.stderr, /After no pod uses them, run make rotate WHAT=minio STACK=dev FINISH=1\n$/);
    const silent = up(state("admin"), state(drawn, "team"), "echo no route to host >&2; exit 1");
    assert.equal(silent.status, 0);
    assert.match(
      silent.stderr,
      /does not answer \(no route to host\): .*\. Later, run make rotate WHAT=minio STACK=dev FINISH=1\n$/,
    );
  });

  it("has nothing to do where keys are random already, or on a first deploy", () => {
    for (const before of [state(drawn, "team"), { deployment: {} }]) {
      const { status, stderr, asked } = up(before, state(drawn, "team"), "exit 1");
      assert.deepEqual([status, stderr, asked], [0, "", []]);
    }
  });
});
