import assert from "node:assert/strict";
import {
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type Run, runScript } from "../processes.ts";
import { chart, folder } from "../program/program-cases.ts";

/** Runs the preview as `make preview` does. */
function preview(...args: string[]): Promise<Run> {
  const withChart = chart === undefined ? [] : ["--chart", chart];
  return runScript(join(folder, "preview/preview.ts"), [...withChart, ...args]);
}

/** Every file below a folder with its contents. */
function contents(path: string): Record<string, string> {
  const files = readdirSync(path, { recursive: true, encoding: "utf8" }).filter((file) =>
    statSync(join(path, file)).isFile(),
  );
  return Object.fromEntries(files.toSorted().map((file) => [file, readFileSync(join(path, file), "utf8")]));
}

describe("preview", function () {
  this.timeout(120_000);
  let scratch: string;
  beforeEach(() => {
    scratch = mkdtempSync(join(tmpdir(), "preview-"));
  });
  afterEach(() => rmSync(scratch, { recursive: true }));

  /** A project of its own with one stack. */
  function project(stackFile: string, program: string): string {
    const path = join(scratch, "project");
    mkdirSync(path);
    writeFileSync(join(path, "package.json"), '{"type": "module"}');
    writeFileSync(join(path, "Pulumi.yaml"), "name: mlops");
    writeFileSync(join(path, "Pulumi.dev.yaml"), stackFile);
    writeFileSync(join(path, "index.ts"), program);
    symlinkSync(join(folder, "node_modules"), join(path, "node_modules"));
    return path;
  }

  it("shows what people look for first, then the details, in plain text of 80 columns and without a secret", async () => {
    const { status, stdout } = await preview("--stack", "gke");
    assert.equal(status, 0);
    const parts = [
      /^mlops gke, rendered offline/m,
      /^URLs\nwebserverUrl: http:\/\/\S+$/m,
      /^total[^\n]* \d+\.\d\d$/m,
      /^Warnings: \d+ /m,
      /^Policies: \d+ passed, 0 violated$/m,
      /^total +\d+ +[\d.]+ /m,
      /^├─ airflow Airflow$/m,
      /^ {2}minio: "\[secret\]"$/m,
      /^\d+ resources/m,
    ];
    const places = parts.map((part) => stdout.search(part));
    assert.deepEqual(
      places,
      places.filter((place) => place >= 0).toSorted((a, b) => a - b),
    );
    // A command that is copied stays on one line.
    const long = stdout.split("\n").filter((line) => line.length > 80 && !line.startsWith("  fix: "));
    assert.deepEqual(long, []);
    assert.doesNotMatch(stdout, /\u001b|secret-[\w-]+-[0-9a-f]{8}|kubeconfig|dataPlaces|rotation:/);
  });

  it("writes the same bytes at each run, and replaces what it wrote", async () => {
    const out = join(scratch, "out");
    const first = await preview("--out", out, "--json");
    const written = contents(out);
    const second = await preview("--out", out, "--json");
    assert.deepEqual([first.status, second.status, first.stdout], [0, 0, second.stdout]);
    assert.deepEqual(contents(out), written);
    assert.deepEqual(JSON.parse(first.stdout), JSON.parse(written["report.json"] ?? ""));
    assert.ok(first.stderr.endsWith(`\nwrote ${Object.keys(written).length - 1} files to ${out}\n`), first.stderr);
    assert.ok("kubernetes/00-cluster-namespace-mlops.yaml" in written && "charts/airflow.values.yaml" in written);
    assert.deepEqual(readdirSync(scratch), ["out"]);
  });

  it("writes real secrets apart, for their owner alone", async () => {
    const out = join(scratch, "out");
    const { status, stdout } = await preview("--out", out, "--secrets", "generate", "--json");
    assert.equal(status, 0);
    assert.equal(statSync(join(out, "secrets")).mode & 0o777, 0o700);
    const files = readdirSync(join(out, "secrets"));
    assert.ok(files.length > 5 && files.every((file) => (statSync(join(out, "secrets", file)).mode & 0o777) === 0o600));
    const superuser = readFileSync(join(out, "secrets/01-mlops-secret-postgres-superuser.yaml"), "utf8");
    const [, password = ""] = /password: (\w{32})/.exec(superuser) ?? [];
    assert.notEqual(password, "");
    const plain = Object.entries(contents(out)).filter(([file]) => !file.startsWith("secrets/"));
    assert.ok(!JSON.stringify(plain).includes(password) && !stdout.includes(password));
    assert.deepEqual(
      plain.filter(([file]) => file.includes("-secret-")),
      [],
    );
  });

  const refusals: Record<string, [args: string[], message: RegExp, code?: number]> = {
    "an unknown stack": [["--stack", "nowhere"], /^there is no stack "nowhere": .*; stacks: .*minikube.*\n$/],
    "an unknown option": [["--stak", "x"], /^Unknown option '--stak'; the options are --stack, [^\n]+\n$/, 2],
    "secrets without a folder": [["--secrets", "generate"], /^--secrets generate needs --out: [^\n]+\n$/, 2],
    "secrets of another kind": [
      ["--secrets", "real", "--out", "x"],
      /^--secrets real: the only allowed value is generate[^\n]+\n$/,
      2,
    ],
    "a folder of something else": [["--out", folder], /is not empty and not an earlier preview[^\n]+\n$/],
    "a chart that is not there": [["--chart", "/nowhere.tgz"], /^the chart \/nowhere\.tgz does not exist\n$/m],
  };
  for (const [title, [args, message, code = 1]] of Object.entries(refusals)) {
    it(`refuses ${title} in words`, async () => {
      const { status, stdout, stderr } = await preview(...args);
      assert.deepEqual([status, stdout], [code, ""]);
      assert.match(stderr, message);
      assert.doesNotMatch(stderr, /^ {4}at /m);
    });
  }

  it("shows all problems of a configuration and no stack trace", async () => {
    const path = project(
      "config:\n  mlops:cluster: {kind: minikube}\n  mlops:airflow: {executor: Spark}\n  mlops:minio: {storageGiB: much}\n",
      `export { default } from ${JSON.stringify(join(folder, "index.ts"))};`,
    );
    const { status, stdout, stderr } = await preview("--stack", "dev", "--cwd", path);
    assert.deepEqual([status, stdout], [1, ""]);
    assert.match(
      stderr,
      /2 problems:\n {2}airflow\.executor: found "Spark"; [^\n]+\n {4}fix: .*\n {2}minio\.storageGiB: /,
    );
    assert.doesNotMatch(stderr, /^ {4}at /m);
  });

  it("shows where a fault of the program is", async () => {
    const path = project("", 'export default () => { throw new Error("a fault"); };');
    const { status, stderr } = await preview("--stack", "dev", "--cwd", path);
    assert.equal(status, 1);
    assert.match(stderr, /Error: a fault\n {4}at .*index\.ts:1/);
  });

  it("says what it does on stderr once it takes more than a second", async () => {
    const path = project(
      "",
      'await new Promise((done) => setTimeout(done, 1500));\nexport default () => ({ url: "x" });',
    );
    const { stdout, stderr } = await preview("--stack", "dev", "--cwd", path);
    assert.match(stderr, /^loading the program …$/m);
    assert.match(stdout, /^url: x$/m);
  });
});
