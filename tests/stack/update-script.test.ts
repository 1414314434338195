// scripts/stack/deploy.ts and scripts/stack/destroy.ts with a stand-in for the CLI and lock files as it writes them;
// tests/engine/lock.test.ts has the real CLI.
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { chmodSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { hostname, tmpdir } from "node:os";
import { join } from "node:path";
import { dataOf } from "../../scripts/stack/kept-data.ts";
import { lockSentence, locksOf } from "../../scripts/stack/stack-lock.ts";
import { recordedState } from "./recorded-state.ts";
import { pendingNames, withoutPending } from "../../scripts/stack/state.ts";
import { standIn } from "../stand-in.ts";

const lock = { pid: 4711, username: "ana", hostname: hostname(), timestamp: "2026-11-21T14:11:43Z" };
const interrupted = recordedState("interrupted");
const deployed = recordedState("deployed");

describe("who holds a stack", () => {
  const held = `stack dev is being changed by ana@${hostname()}, process 4711, since 2026-11-21T14:11:43Z`;

  it("is told, and that it has to be waited for", () => {
    assert.equal(
      lockSentence("dev", lock, () => true),
      `${held}: wait until it ends`,
    );
  });

  it("is told apart from an update that was interrupted, with what to type", () => {
    assert.match(
      lockSentence("dev", lock, () => false),
      /, which was interrupted: run `scripts\/pulumi cancel --stack dev`, then this command again$/,
    );
  });

  it("is not judged from another machine", () => {
    const elsewhere = lockSentence("dev", { ...lock, hostname: "build-7" }, () => false);
    assert.match(
      elsewhere,
      /by ana@build-7, .*wait until it ends, or, if it no longer runs, run `scripts\/pulumi cancel --stack/,
    );
  });

  it("is nobody where the backend is no folder or has no lock", () => {
    assert.deepEqual(locksOf("https://api.pulumi.com", "dev"), []);
    assert.deepEqual(locksOf(`file://${tmpdir()}/nowhere`, "dev"), []);
  });
});

describe("an interrupted update", () => {
  it("is told by what it was doing, and forgotten without touching the rest of the state", () => {
    assert.deepEqual(pendingNames(interrupted).sort(), ["creating Job databases", "creating Job minio-provision"]);
    assert.deepEqual(pendingNames(deployed), []);
    const { version, deployment } = interrupted;
    assert.deepEqual(withoutPending(interrupted), { version, deployment: { resources: deployment.resources } });
  });
});

/** The cluster of a stack. */
interface StackCluster {
  kind?: string;
  /** What kubectl finds of those that it is asked for. */
  namespaces?: object[];
}

describe("scripts/stack/deploy.ts and scripts/stack/destroy.ts", () => {
  let folder = "";
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "update-"));
  });
  afterEach(() => {
    rmSync(folder, { recursive: true, force: true });
  });

  function run(
    script: string,
    args: string[],
    state: object,
    { kind = "minikube", namespaces = [] }: StackCluster = {},
  ) {
    writeFileSync(join(folder, "namespaces.json"), JSON.stringify({ items: namespaces }));
    writeFileSync(
      join(folder, "kubectl"),
      `#!/bin/sh\necho "$*" >"${folder}/asked"; cat "${folder}/namespaces.json"\n`,
    );
    chmodSync(join(folder, "kubectl"), 0o755);
    const cli = join(folder, "pulumi");
    writeFileSync(join(folder, "state.json"), JSON.stringify(state));
    const body = [
      '[ "$1" = version ] && exit',
      `echo "$* \${PULUMI_K8S_UPSERT_EXISTING_OBJECTS:-} \${PULUMI_K8S_ENABLE_PATCH_FORCE:-}" >>"${folder}/calls"`,
      `case "$*" in whoami*) echo '{"url": "file://${folder}"}' ;; *export*) cat "${folder}/state.json" ;; esac`,
      `case "$*" in *import*) cat >"${folder}/imported" ;; config*) echo "${kind}" ;; esac`,
    ];
    writeFileSync(cli, `#!/bin/sh\n${body.join("\n")}\n`);
    chmodSync(cli, 0o755);
    writeFileSync(join(folder, "calls"), "");
    const PATH = `${folder}:${process.env.PATH ?? ""}`;
    const env = { ...process.env, PATH, PULUMI_CLI: cli, PULUMI_BACKEND_URL: "x", PULUMI_CONFIG_PASSPHRASE: "x" };
    const path = join(import.meta.dirname, "../../scripts/stack", script);
    const { status, stdout, stderr } = spawnSync(process.execPath, [path, ...args], { encoding: "utf8", env });
    const calls = readFileSync(join(folder, "calls"), "utf8").trim().split("\n");
    return {
      status,
      stdout,
      stderr,
      calls: calls.map((call) => call.trim()).filter((call) => !/^whoami|^config get|export/.test(call)),
    };
  }
  const quiet = { deployment: { resources: [] } };

  it("updates a stack that nobody holds", () => {
    const { status, stdout, calls } = run("deploy.ts", ["dev", "--yes"], quiet);
    assert.equal(status, 0);
    assert.deepEqual(calls, ["up --stack dev --yes"]);
    assert.match(stdout, /\nNext: `make open STACK=dev` .*`make first-run STACK=dev` /);
  });

  it("says what to type for a stack that was never deployed, and for one that there is not", () => {
    const answers = `case "$1" in version) ;; *) echo "error: no stack named 'x' found" >&2; exit 255 ;; esac`;
    const own = { PULUMI_CLI: standIn(folder, "cli", answers), PULUMI_BACKEND_URL: "x", PULUMI_CONFIG_PASSPHRASE: "x" };
    const destroy = (stack: string) => {
      const script = join(import.meta.dirname, "../../scripts/stack/destroy.ts");
      return spawnSync(process.execPath, [script, stack], { encoding: "utf8", env: { ...process.env, ...own } }).stderr;
    };
    assert.equal(
      destroy("gke"),
      "scripts/stack/destroy.ts: stack gke has no state: `make up STACK=gke` deploys it, `scripts/pulumi stack ls` lists those that are deployed\n",
    );
    assert.match(
      destroy("nope"),
      /: there is no stack nope: Pulumi\.nope\.yaml does not exist; set STACK to one of eks, /,
    );
  });

  it("does nothing to a stack that is held, and says by whom in one sentence", () => {
    const locks = join(folder, ".pulumi/locks/organization/mlops/dev");
    mkdirSync(locks, { recursive: true });
    writeFileSync(join(locks, "1-2.json"), JSON.stringify({ ...lock, pid: process.pid }));
    writeFileSync(join(locks, "1-2.json.attrs"), "{}");
    for (const script of ["deploy.ts", "destroy.ts"]) {
      const { status, stderr, calls } = run(script, ["dev"], quiet);
      assert.equal(status, 1);
      assert.match(
        stderr,
        /^scripts\/stack\/(deploy|destroy)\.ts: stack dev is being changed by ana@.*, process \d+, since 2026-.*: wait until it ends\n$/,
      );
      assert.deepEqual(calls, []);
    }
    assert.equal(run("deploy.ts", ["other"], quiet).status, 0);
  });

  it("takes over what an interrupted update has made, and then forgets it", () => {
    const { status, stderr, calls } = run("deploy.ts", ["dev"], interrupted);
    assert.equal(status, 0);
    assert.match(stderr, /^the last update of dev was interrupted while creating .*\bJob databases\b.*\n$/);
    assert.deepEqual(calls, ["up --stack dev true", "stack import --stack dev"]);
    assert.deepEqual(JSON.parse(readFileSync(join(folder, "imported"), "utf8")), withoutPending(interrupted));
  });

  describe("namespaces that exist and are not in the state", () => {
    const id = "0123456789abcdef";
    const urn =
      "urn:pulumi:minikube::mlops::mlops:platform-sign:PlatformIdentity$random:index/randomId:RandomId::platform-id";
    const drawn = { urn, type: "random:index/randomId:RandomId", outputs: { hex: id } };
    const ofProgram = { "app.kubernetes.io/part-of": "mlops", "app.kubernetes.io/managed-by": "pulumi" };
    const namespace = (name: string, labels: object, annotations: object = {}) => ({
      metadata: { name, labels, annotations },
    });
    const deploy = (state: object[], ...namespaces: object[]) =>
      run("deploy.ts", ["minikube"], { deployment: { resources: state } }, { namespaces });

    it("stop the update where another platform has signed them, before anything is changed", () => {
      const stack = { "mlops/stack": "organization/mlops/production" };
      const theirs = { ...ofProgram, "mlops/platform": "fedcba9876543210" };
      const { status, stderr, calls } = deploy(
        [drawn],
        namespace("mlops", theirs, stack),
        namespace("verify", theirs, stack),
      );
      assert.equal(status, 1);
      assert.deepEqual(calls, []);
      assert.equal(
        stderr,
        "scripts/stack/deploy.ts: The namespaces mlops and verify belong to another platform, fedcba9876543210 of the stack " +
          "organization/mlops/production: give this stack other names with namespace and projectNamespacePrefix, or set " +
          "platformId to fedcba9876543210 if it is that platform and its state was lost.\nNothing was changed in the cluster.\n",
      );
      assert.match(
        readFileSync(join(folder, "asked"), "utf8"),
        /^--context minikube get namespaces mlops examples pageviews verify --ignore-not-found/,
      );
    });

    it("stop it where nobody has signed them, with the command that hands them over", () => {
      const { status, stderr, calls } = deploy([drawn], namespace("verify", {}));
      assert.equal(status, 1);
      assert.deepEqual(calls, []);
      assert.match(
        stderr,
        /^scripts\/stack\/deploy\.ts: The namespace verify exists, and no platform has signed it: .* projectNamespacePrefix, or, if a /,
      );
      assert.match(
        stderr,
        / hand it over: kubectl --context minikube label namespace verify mlops\/platform=0123456789abcdef$/m,
      );
      // Before the platform has an id, the program draws one and says the command with it.
      assert.deepEqual(deploy([], namespace("verify", {})).calls, ["up --stack minikube"]);
    });

    it("stop it where an older version of the program has made them for another state", () => {
      assert.match(
        deploy([], namespace("mlops", ofProgram)).stderr,
        /set platformId to 16 hexadecimal digits and hand it over: .*=<platformId>$/m,
      );
      const { status, stderr, calls } = deploy([drawn], namespace("mlops", ofProgram));
      assert.equal(status, 1);
      assert.deepEqual(calls, []);
      assert.match(
        stderr,
        /^scripts\/stack\/deploy\.ts: The namespace mlops was created by a platform of an older version, .* with namespace, or, if it/,
      );
    });

    it("are taken over where they carry the platform's id", () => {
      const { status, stderr, calls } = deploy([drawn], namespace("mlops", { "mlops/platform": id }));
      assert.equal(status, 0);
      assert.equal(stderr, "taking over objects with this platform's id: namespace mlops\n");
      assert.deepEqual(calls, ["up --stack minikube true true"]);
    });

    it("are of no concern where the state has them, unsigned as an older version left them", () => {
      const type = "kubernetes:core/v1:Namespace";
      const known = ["mlops", "examples", "pageviews", "verify"].map((name) => ({
        type,
        urn: `urn::${name}`,
        id: name,
      }));
      const { status, calls } = deploy(known, namespace("mlops", ofProgram));
      assert.equal(status, 0);
      assert.deepEqual(calls, ["up --stack minikube"]);
    });
  });

  it("keeps a stack's data when it is told to", () => {
    const { status, stderr, calls } = run("destroy.ts", ["--keep-data", "dev"], deployed);
    assert.equal(status, 0);
    assert.deepEqual(calls, [
      `state protect --yes --stack dev ${dataOf(deployed).join(" ")}`,
      "destroy --stack dev --exclude-protected",
    ]);
    assert.match(stderr, /^the volumes and the encryption keys are kept: `make up STACK=dev` deploys/);
    assert.deepEqual(run("destroy.ts", ["--keep-data", "dev"], quiet).calls, [
      "destroy --stack dev --exclude-protected",
    ]);
    assert.deepEqual(run("destroy.ts", ["dev", "--yes"], quiet).calls, ["destroy --stack dev --yes"]);
  });

  describe("where the state protects something", () => {
    const claim = { type: "kubernetes:core/v1:PersistentVolumeClaim", protect: true };
    const entry = { type: "random:index/randomId:RandomId", protect: true };
    const resources = [
      { ...claim, urn: `urn:pulumi:dev::mlops::mlops:minio:Minio$${claim.type}::minio-data` },
      { ...entry, urn: `urn:pulumi:dev::mlops::mlops:project-entry:ProjectEntry$${entry.type}::examples-entry` },
    ];

    it("a laptop's platform is removed without a flag", () => {
      const { status, calls } = run("destroy.ts", ["dev", "--yes"], { deployment: { resources } });
      assert.deepEqual([status, calls], [0, ["destroy --stack dev --ignore-protect --yes"]]);
    });

    it("another one is refused before anything is removed, with what to type", () => {
      const { status, stderr, calls } = run("destroy.ts", ["dev"], { deployment: { resources } }, { kind: "existing" });
      assert.deepEqual([status, calls], [1, []]);
      assert.equal(
        stderr,
        "scripts/stack/destroy.ts: stack dev protects PersistentVolumeClaim minio-data, project examples: nothing was removed. " +
          "`make destroy STACK=dev KEEP_DATA=1` deletes everything except the data; " +
          "`scripts/pulumi destroy --ignore-protect --stack dev` deletes everything, including the data\n",
      );
    });

    it("its guards are not named, and give way to a destroy that keeps the data", () => {
      const type = "mlops:destroy-guard:DestroyGuard";
      const guard = { type, protect: true, urn: `urn:pulumi:dev::mlops::${type}::destroy-guard` };
      const state = { deployment: { resources: [...resources, guard] } };
      assert.doesNotMatch(run("destroy.ts", ["dev"], state, { kind: "existing" }).stderr, /guard/i);
      const { status, calls } = run("destroy.ts", ["--keep-data", "dev"], state, { kind: "existing" });
      assert.equal(status, 0);
      assert.deepEqual(calls.slice(1), [
        `state unprotect --yes --stack dev ${guard.urn}`,
        "destroy --stack dev --exclude-protected",
      ]);
    });

    it("a cloud's is told how the cloud's own protection is taken away too", () => {
      const bucket = { type: "aws:s3/bucket:Bucket", urn: "urn:pulumi:dev::mlops::aws:s3/bucket:Bucket::b" };
      const state = { deployment: { resources: [...resources, bucket] } };
      const { status, stderr, calls } = run("destroy.ts", ["dev", "--yes"], state, { kind: "eks" });
      assert.deepEqual([status, calls], [1, []]);
      assert.match(
        stderr,
        /--path cluster\.deletionProtection false`.*--path labels\.environment development`.*make up/,
      );
    });
  });
});
