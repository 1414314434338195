// A session with a kubectl of its own, whose forwards lead nowhere.
import assert from "node:assert/strict";
import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { taskVolumes } from "../../components/project/project.ts";
import { taskPodTemplate } from "../../components/project/task-pod.ts";
import type { Options } from "../../local/session.ts";
import { isRunning } from "../processes.ts";
import { standIn } from "../stand-in.ts";

const top = join(import.meta.dirname, "../..");
const volumes = taskVolumes({ database: true, dataFolder: undefined, dagsFolder: undefined });
const projectOf = (name: string) => ({
  namespace: name,
  pod: taskPodTemplate({ project: name, namespace: name, volumes }),
});
const platform = { version: 1, projects: { examples: projectOf("examples"), bare: projectOf("bare") } };
const inPods = {
  PGHOST: "postgres.mlops.svc",
  PGPORT: "5432",
  PGSSLROOTCERT: "/etc/postgres-ca/ca.crt",
  MLFLOW_TRACKING_URI: "http://mlflow.mlops.svc:5000",
  DATA_URI: "s3://projects/examples",
};
const forwards = ["mlflow.mlops:5000 is localhost:5000", "postgres.mlops:5432 is localhost:5432"];

// Its arguments: --namespace NAME --kubeconfig PATH, then `get KIND NAME` or `port-forward SERVICE PORT:PORT`.
const kubectl = (folder: string) => `
case "$5" in
get) cat "${folder}/$2-$6-$7" 2>/dev/null || true;;
port-forward) echo $$ >>"${folder}/pids"; echo "Forwarding from 127.0.0.1:\${7%:*} -> 1"; exec sleep 60;;
*) echo "current-context: minikube";;
esac`;

describe("a session of local/run.ts", function () {
  this.timeout(30_000);
  let folder = "";
  before(() => {
    folder = mkdtempSync(join(tmpdir(), "local-"));
    mkdirSync(join(folder, "bin"));
    standIn(join(folder, "bin"), "kubectl", kubectl(folder));
    const objects = {
      "mlops-configmap-airflow-platform": JSON.stringify(platform),
      "older-configmap-airflow-platform": JSON.stringify({
        version: 1,
        projects: { examples: { namespace: "examples" } },
      }),
      "examples-configmap-examples": JSON.stringify({ data: inPods }),
      "examples-secret-examples": JSON.stringify({ data: { PGPASSWORD: btoa("secret-password") } }),
      "examples-configmap-postgres-ca": JSON.stringify({ data: { "ca.crt": "the authority" } }),
    };
    for (const [name, content] of Object.entries(objects)) writeFileSync(join(folder, name), content);
  });
  beforeEach(() => {
    for (const name of ["pids", "bin/calls"]) writeFileSync(join(folder, name), "");
  });
  after(() => {
    rmSync(folder, { recursive: true });
  });

  const start = (args: string[], project = "examples", namespace = "mlops"): ChildProcess => {
    const target = { namespace, context: undefined };
    const options: Options = { command: "run", target, project, port: 8080, compose: false, args };
    const program = `import { runLocally } from "${top}/local/session.ts";
      process.exit(await runLocally(${JSON.stringify(options)}, "${folder}/state").catch((error) => {
        console.error(error.message);
        return 1;
      }));`;
    return spawn(process.execPath, ["--input-type=module", "--eval", program], {
      stdio: ["ignore", "pipe", "pipe"],
      env: { ...process.env, PATH: `${folder}/bin:${process.env.PATH ?? ""}` },
    });
  };
  const end = async (child: ChildProcess) => {
    const said = { stdout: "", stderr: "" };
    for (const stream of ["stdout", "stderr"] as const)
      child[stream]?.setEncoding("utf8").on("data", (text: string) => (said[stream] += text));
    const code = await new Promise<number | null>((resolve) => child.on("close", resolve));
    return { code, ...said };
  };
  const endOfForwards = async () => {
    const pids = readFileSync(join(folder, "pids"), "utf8").trim().split("\n");
    assert.equal(pids.length, 2);
    while (pids.some((pid) => isRunning(Number(pid)))) await sleep(10);
  };

  it("gives a program the settings of a pod with this machine's addresses, and shows no secret", async () => {
    const { stdout, stderr, code } = await end(start(["env"]));
    assert.deepEqual([code, stderr], [0, ""]);
    const lines = stdout.trim().split("\n");
    assert.deepEqual(lines.slice(0, 2), forwards);
    const found = Object.fromEntries(lines.slice(2).map((line) => line.split(/=(.*)/s).slice(0, 2))) as object;
    const expected = {
      ...inPods,
      PGHOSTADDR: "127.0.0.1",
      PGPASSWORD: "secret-password",
      PGSSLROOTCERT: `${folder}/state/certificates/ca.crt`,
      MLFLOW_TRACKING_URI: "http://localhost:5000",
      KUBECONFIG: `${folder}/state/kubeconfig`,
    };
    assert.deepEqual({ ...found, ...expected }, found);
    assert.equal(readFileSync(expected.PGSSLROOTCERT, "utf8"), "the authority");
    assert.equal(statSync(expected.KUBECONFIG).mode & 0o777, 0o600);
    assert.doesNotMatch(readFileSync(join(folder, "bin/calls"), "utf8"), /secret-password/);
  });

  it("ends as its program does, and its forwards with it", async () => {
    const { code } = await end(start(["sh", "-c", "exit 7"]));
    assert.equal(code, 7);
    await endOfForwards();
  });

  for (const signal of ["SIGTERM", "SIGHUP"] as const) {
    it(`lets the program end in its own way when ${signal} comes, and keeps the forwards until then`, async () => {
      const forwardsRun = `for pid in $(cat ${folder}/pids); do kill -0 $pid || exit 1; done`;
      const program = `trap '${forwardsRun}; exit 9' ${signal.slice(3)}; echo ready; while :; do sleep 0.1; done`;
      const child = start(["sh", "-c", program]);
      child.stdout?.on("data", (text: Buffer) => {
        if (text.includes("ready")) child.kill(signal);
      });
      assert.equal((await end(child)).code, 9);
      await endOfForwards();
    });
  }

  it("leaves a Ctrl-C to the program, to which the terminal sends it", async () => {
    const child = start(["sh", "-c", "echo ready; sleep 0.5; exit 9"]);
    child.stdout?.on("data", (text: Buffer) => {
      if (text.includes("ready")) child.kill("SIGINT");
    });
    assert.equal((await end(child)).code, 9);
    await endOfForwards();
  });

  it("needs neither a ConfigMap nor a Secret of the project", async () => {
    assert.deepEqual(await end(start(["true"], "bare")), { code: 0, stdout: "", stderr: "" });
  });

  it("says what is not in the cluster", async () => {
    const unknown = "the platform has no project nobody; its projects are bare, examples: choose another --project\n";
    assert.equal((await end(start(["true"], "nobody"))).stderr, unknown);
    const nothing =
      "found no platform in namespace elsewhere of the current context: deploy it with `make up`; for a platform on another cluster or in another namespace, set CONTEXT=… and NAMESPACE=…\n";
    assert.equal((await end(start(["true"], "examples", "elsewhere"))).stderr, nothing);
    const older =
      "ConfigMap airflow-platform in namespace older describes no pod for project examples: update the platform with make up\n";
    assert.equal((await end(start(["true"], "examples", "older"))).stderr, older);
  });
});

describe("local/run.ts", () => {
  const run = (...args: string[]) =>
    spawnSync(process.execPath, [join(top, "local/run.ts"), ...args], { encoding: "utf8" });

  it("prints its usage", () => {
    const { status, stdout } = run("--help");
    assert.equal(status, 0);
    assert.match(stdout, /^usage: local\/run\.ts /);
  });

  for (const [title, args, message] of [
    ["an unknown command", ["fly"], "found fly; expected airflow, notebook or run"],
    ["a program without a project", ["run", "true"], "run needs --project and a program"],
    ["a port that is no number", ["airflow", "--port", "http"], "found --port http, expected a number from 1"],
    ["an unknown flag", ["airflow", "--prot", "1"], "Unknown option '--prot'"],
  ] as const) {
    it(`refuses ${title}`, () => {
      const { status, stderr } = run(...args);
      assert.equal(status, 1);
      assert.ok(stderr.startsWith(`local/run.ts: ${message}`), stderr);
    });
  }
});
