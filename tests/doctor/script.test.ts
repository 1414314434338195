// scripts/doctor/doctor.ts with a kubectl that prints what was recorded; tests/e2e/doctor.ts runs it on a cluster.
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { checks } from "../../scripts/doctor/checks.ts";
import { recorded } from "./recorded.ts";

const script = join(import.meta.dirname, "../../scripts/doctor/doctor.ts");
const clusterKinds = ["Namespace", "Node", "StorageClass"];

describe("scripts/doctor/doctor.ts", () => {
  let folder = "";

  before(() => {
    folder = mkdtempSync(join(tmpdir(), "doctor-"));
  });

  after(() => {
    rmSync(folder, { recursive: true });
  });

  /** Runs it with a kubectl in the shell's language, whose first words are those of `get`, `logs` or `exec`. */
  function doctor(kubectl: string, ...args: string[]) {
    writeFileSync(join(folder, "kubectl"), `#!/bin/sh\ncase "$*" in\n${kubectl}\nesac\n`, { mode: 0o755 });
    const env = { PATH: `${folder}:/usr/bin:/bin`, HOME: folder };
    const { status, stdout, stderr } = spawnSync(process.execPath, [script, ...args], { encoding: "utf8", env });
    return { status, stdout, stderr: stderr.replace(/^.* …\n/gm, "") };
  }

  /** The platform that runs, with a good backup however late these tests run. */
  function live(): unknown[] {
    const backup = { spec: { schedule: "17 2 * * *" }, status: { lastSuccessfulTime: new Date().toISOString() } };
    return recorded("live").map((item) =>
      (item as { kind: string }).kind === "CronJob" ? { ...(item as object), ...backup } : item,
    );
  }

  /** A pattern of the shell, and a file for it with the objects of one namespace, or of the cluster. */
  function answering(items: unknown[]): string {
    const write = (name: string, part: unknown[]) => {
      writeFileSync(join(folder, `${name}.json`), JSON.stringify({ kind: "List", items: part }));
      return `cat ${folder}/${name}.json;;`;
    };
    const isWide = (item: unknown) => clusterKinds.includes((item as { kind: string }).kind);
    const of = (namespace: string) =>
      items.filter((item) => (item as { metadata: { namespace?: string } }).metadata.namespace === namespace);
    const cluster = write("cluster", items.filter(isWide));
    return [
      `*" get namespaces,"*) ${cluster}`,
      `"--namespace mlops"*" get pods,"*) ${write("mlops", of("mlops"))}`,
      `"--namespace examples"*" get pods,"*) ${write("examples", of("examples"))}`,
    ].join("\n");
  }

  const psql = `*" exec "*) cat > /dev/null; echo '[]';;`;
  const logs = `*" logs "*) echo "doctor says so";;`;

  it("says what it has looked at where nothing is wrong, and ends with 0", () => {
    const { status, stdout, stderr } = doctor(`${answering(live())}\n${psql}\n${logs}`);
    assert.equal(stderr, "");
    assert.match(stdout, /^no findings; checked: image-not-pulled, .*, stuck-namespace\n$/);
    assert.equal(status, 0);
  });

  it("prints a line for each finding, errors first, and ends with 1", () => {
    const broken = [...live(), ...recorded("broken")];
    const { status, stdout } = doctor(`${answering(broken)}\n${psql}\n${logs}`);
    const lines = stdout.trim().split("\n");
    assert.match(lines[0] ?? "", /^severity +check +where +found +what to type +thread$/);
    assert.deepEqual(lines.slice(-2), [
      "Replace each <…> with a value of your own.",
      "docs/doctor.md explains each check.",
    ]);
    const severities = lines.slice(1, -2).map((line) => line.split(" ")[0]);
    assert.deepEqual(severities, severities.toSorted());
    assert.match(
      stdout,
      /^error +failed-job +job mlops\/doctor-job +.*doctor says so +kubectl .* https:\/\/github\.com\//m,
    );
    assert.equal(status, 1);
  });

  it("prints JSON for programs", () => {
    const broken = [...live(), ...recorded("broken")];
    const { stdout } = doctor(`${answering(broken)}\n${psql}\n${logs}`, "--json");
    const { findings, unseen, looked } = JSON.parse(stdout) as Record<string, unknown[]>;
    assert.deepEqual(Object.keys(findings?.[0] ?? {}), ["severity", "check", "where", "found", "remedy", "threads"]);
    assert.deepEqual(unseen, []);
    assert.equal(looked?.length, checks.length);
  });

  it("says which checks could not look and why, and ends with 2", () => {
    const refused = `*" exec "*) echo 'Error from server (BadRequest): pod postgres-0 does not have a host assigned' >&2; exit 1;;`;
    const forbidden = [
      'Error from server (Forbidden): secrets is forbidden: User "viewer" cannot list resource "secrets" in API group "" in the namespace "mlops"',
    ].join("\n");
    const objects = answering(live()).replace("mlops.json;;", `mlops.json; echo '${forbidden}' >&2; exit 1;;`);
    const { status, stdout } = doctor(`${objects}\n${refused}\n${logs}`);
    assert.equal(status, 2);
    assert.match(stdout, /^no findings; /);
    assert.match(
      stdout,
      /^could not check \(fernet-key\): secrets of mlops: secrets is forbidden: User "viewer" cannot list/m,
    );
    assert.doesNotMatch(stdout, /could not check \(pending-pod\)/);
  });

  it("asks Airflow's own pod where Postgres is outside the cluster", () => {
    const isPostgres = (item: unknown) => {
      const { kind, metadata } = item as { kind: string; metadata: { name: string } };
      return kind === "Service" && metadata.name === "postgres";
    };
    const data = { "fernet-key": Buffer.from(Buffer.alloc(32).toString("base64url")).toString("base64") };
    const keys = { kind: "Secret", metadata: { name: "airflow-keys", namespace: "mlops" }, data };
    const objects = answering([...live().filter((item) => !isPostgres(item)), keys]);
    const row = `'[["variable region","gAAA"]]'`;
    const airflow = `*" exec --stdin airflow-api-server-"*" --container=api-server "*) cat > /dev/null; echo ${row};;`;
    const { status, stdout } = doctor(`${objects}\n${airflow}\n${logs}`);
    assert.match(stdout, /^error +fernet-key .* 1 of 1 encrypted values use another key: variable region /m);
    assert.equal(status, 1);
  });

  it("says that Postgres does not answer, and looks on", () => {
    const down = `*" exec "*) echo 'error: unable to upgrade connection: container not found ("postgres")' >&2; exit 1;;`;
    const keys = { kind: "Secret", metadata: { name: "airflow-keys", namespace: "mlops" } };
    const data = { "fernet-key": Buffer.from(Buffer.alloc(32).toString("base64url")).toString("base64") };
    const { status, stdout } = doctor(`${answering([...live(), { ...keys, data }])}\n${down}\n${logs}`);
    assert.equal(status, 2);
    assert.match(stdout, /^could not check \(fernet-key\): database airflow in postgres-0: error: unable to upgrade/m);
  });

  it("says in one sentence that there is no cluster, no platform, or no kubectl", () => {
    const down = `*) echo 'Unable to connect to the server: dial tcp 192.0.2.1:6443: i/o timeout' >&2; exit 1;;`;
    const next =
      "deploy it with `make up`; for a platform on another cluster or in another namespace, set CONTEXT=… and NAMESPACE=…";
    const silent = doctor(down);
    assert.equal(
      silent.stderr,
      `scripts/doctor/doctor.ts: the platform is not deployed, or its cluster does not answer (Unable to connect to the server: dial tcp 192.0.2.1:6443: i/o timeout): ${next}\n`,
    );
    assert.equal(silent.status, 2);
    const empty = doctor(`*) echo '{"items":[]}';;`, "--namespace", "other", "--context", "team");
    assert.equal(
      empty.stderr,
      `scripts/doctor/doctor.ts: found no platform in namespace other of context team: ${next}\n`,
    );
    rmSync(join(folder, "kubectl"));
    const { status, stderr } = spawnSync(process.execPath, [script], { encoding: "utf8", env: { PATH: folder } });
    assert.match(
      stderr,
      /^(.* …\n)*scripts\/doctor\/doctor\.ts: kubectl cannot be run: it is not on PATH; install it \(.*\)\n$/,
    );
    assert.equal(status, 2);
  });
});
