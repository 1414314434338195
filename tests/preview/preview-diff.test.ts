import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import {
  cpSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  realpathSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { programPath } from "../../lib/programs/tools.ts";
import { folder } from "../program/program-cases.ts";
import { type Run, runScript } from "../processes.ts";
import { skipWithReason } from "../skip.ts";

/** What a preview is made of. */
const parts = ["components", "lib", "config", "dashboards", "alerts", "policy", "preview", "local", "dags", "images"];
const files = [
  "config.ts",
  "images.lock.json",
  "index.ts",
  "package.json",
  "package-lock.json",
  "Pulumi.yaml",
  "Pulumi.gke.yaml",
  "Pulumi.minikube.yaml",
];

describe("preview-diff", function () {
  this.timeout(180_000);
  let scratch: string;
  let copy: string;
  let programs: string;

  const git = (...args: string[]) =>
    execFileSync("git", ["-C", copy, "-c", "user.name=test", "-c", "user.email=test@example.org", ...args], {
      encoding: "utf8",
    });

  before(function () {
    if (programPath("git") === undefined) skipWithReason(this, "git is not on PATH");
    scratch = realpathSync(mkdtempSync(join(tmpdir(), "diff-")));
    copy = join(scratch, "project");
    programs = join(scratch, "bin");
    mkdirSync(copy);
    mkdirSync(programs);
    // Without helm the chart is not rendered, so that the text is the same on every machine.
    const path = execFileSync("sh", ["-c", "command -v git"], { encoding: "utf8" }).trim();
    symlinkSync(path, join(programs, "git"));
    const isOwn = (path: string) => !/(^|\/)(\.venv|node_modules|__pycache__)$/.test(path);
    for (const part of parts) cpSync(join(folder, part), join(copy, part), { recursive: true, filter: isOwn });
    for (const file of files) cpSync(join(folder, file), join(copy, file));
    symlinkSync(realpathSync(join(folder, "node_modules")), join(copy, "node_modules"));
    git("init", "--quiet");
    writeFileSync(join(copy, ".gitignore"), "node_modules\n");
    git("add", ".");
    git("commit", "--quiet", "--message", "base");
  });
  afterEach(() => {
    git("checkout", "--quiet", ".");
    git("clean", "--quiet", "--force");
  });
  after(() => rmSync(scratch, { recursive: true, force: true }));

  function diff(...args: string[]): Promise<Run> {
    return runScript(join(copy, "preview/preview-diff.ts"), args, { ...process.env, PATH: programs });
  }

  function edit(path: string, from: string | RegExp, to: string): void {
    const text = readFileSync(join(copy, path), "utf8");
    assert.notEqual(text.replace(from, to), text, `${path} has ${String(from)}`);
    writeFileSync(join(copy, path), text.replace(from, to));
  }

  /** Compares with a file beside this one; UPDATE=1 writes it. */
  function matchesGolden(name: string, text: string): void {
    const path = join(import.meta.dirname, "golden", name);
    if (process.env.UPDATE !== undefined) writeFileSync(path, text);
    assert.equal(text, readFileSync(path, "utf8"), "UPDATE=1 accepts the new text");
  }

  it("shows another image exactly, and leaves no checkout behind", async () => {
    edit("components/images.ts", /(grafana\/grafana", tag: )"[^"]+"/, '$1"99.1.2"');
    const { status, stdout } = await diff("--base", "HEAD", "--stack", "minikube");
    matchesGolden("image-bump.md", stdout.replace(/grafana:(?!99)[\w.]+/g, "grafana:<before>"));
    assert.equal(status, 0);
    assert.equal(git("worktree", "list").trim().split("\n").length, 1);
  });

  it("shows a new project exactly", async () => {
    edit("Pulumi.minikube.yaml", "- name: examples", "- name: examples\n    - name: news");
    const { status, stdout } = await diff("--base", "HEAD", "--stack", "minikube");
    matchesGolden("new-project.md", stdout.replace(/`[0-9a-f]{12}…`/g, "`<hash>`"));
    assert.equal(status, 0);
  });

  it("shows another number of nodes exactly, with what it costs", async () => {
    edit("Pulumi.gke.yaml", /^( +)region: .*$/m, "$&\n$1nodes: { minCount: 2, maxCount: 5 }");
    const { status, stdout } = await diff("--base", "HEAD", "--stack", "gke");
    matchesGolden("node-count.md", stdout);
    assert.equal(status, 0);
  });

  describe("of a stack with volumes in a class", () => {
    const stack = (...lines: string[]) => {
      const cluster = "mlops:cluster: { kind: existing, context: team, storageClass: fast }";
      const text = ["config:", cluster, "mlops:imageRegistry: registry.example.org/mlops", ...lines].join("\n  ");
      writeFileSync(join(copy, "Pulumi.sc.yaml"), `${text}\n`);
    };
    before(() => {
      stack("mlops:projects: [{ name: news }]");
      git("add", ".");
      git("commit", "--quiet", "--message", "a stack");
    });
    after(() => git("reset", "--quiet", "--hard", "HEAD~1"));

    it("shows another class as the loss of three volumes exactly, and refuses it", async () => {
      edit("Pulumi.sc.yaml", "storageClass: fast", "storageClass: faster");
      const { status, stdout } = await diff("--base", "HEAD", "--stack", "sc");
      matchesGolden("storage-class.md", stdout);
      assert.equal(status, 1);
    });

    it("lets it through where the configuration names each volume, and still says so first", async () => {
      edit("Pulumi.sc.yaml", "storageClass: fast", "storageClass: faster");
      edit("Pulumi.sc.yaml", "config:", "config:\n  mlops:allowDataLoss: [minio-data, postgres-data, prometheus-data]");
      const { status, stdout } = await diff("--base", "HEAD", "--stack", "sc");
      assert.match(stdout, /^# DELETES DATA \(3\), REPLACES \(3\): Preview\n/);
      assert.equal(status, 0);
    });

    it("says the same as JSON", async () => {
      edit("Pulumi.sc.yaml", "storageClass: fast", "storageClass: faster");
      const { status, stdout } = await diff("--base", "HEAD", "--stack", "sc", "--json");
      const { stacks } = JSON.parse(stdout) as {
        stacks: { losses: { data: string }[]; changed: { name: string; replaces: boolean }[] }[];
      };
      const names = ["minio-data", "postgres-data", "prometheus-data"];
      assert.deepEqual(stacks[0]?.losses.map(({ data }) => data).toSorted(), names);
      assert.deepEqual(
        stacks[0].changed
          .filter(({ replaces }) => replaces)
          .map(({ name }) => name)
          .toSorted(),
        names,
      );
      assert.equal(status, 1);
    });

    it("shows another namespace as the loss of the old one and of its volumes exactly, and refuses it", async () => {
      edit("Pulumi.sc.yaml", "config:", "config:\n  mlops:namespace: ml");
      const { status, stdout } = await diff("--base", "HEAD", "--stack", "sc");
      const [losses = ""] = stdout.split("### REPLACES");
      matchesGolden("namespace.md", losses);
      assert.equal(status, 1);
    });

    it("refuses a project that is renamed, and lets one go that is listed as removed", async () => {
      edit("Pulumi.sc.yaml", "name: news", "name: weather");
      const renamed = await diff("--base", "HEAD", "--stack", "sc");
      assert.match(renamed.stdout, /^# DELETES DATA \(1\)/);
      assert.match(renamed.stdout, /Namespace news is deleted with its data: keep news in projects with removed: true/);
      assert.equal(renamed.status, 1);
      edit("Pulumi.sc.yaml", "{ name: weather }", "{ name: weather }, { name: news, removed: true }");
      const { status, stdout } = await diff("--base", "HEAD", "--stack", "sc");
      assert.match(stdout, /^# DELETES DATA \(1\)/);
      assert.equal(status, 0, stdout.slice(0, 2000));
    });
  });

  it("compares all stacks of both sides, and ends with 1 where a policy is newly broken", async () => {
    edit("components/images.ts", /(grafana\/grafana", tag: )"[^"]+"/, '$1"latest"');
    cpSync(join(copy, "Pulumi.minikube.yaml"), join(copy, "Pulumi.laptop.yaml"));
    const { status, stdout } = await diff("--base", "HEAD", "--stack", "all", "--json");
    const { stacks } = JSON.parse(stdout) as {
      stacks: { stack: string; added: unknown[]; changed: { name: string }[]; policies: { broken: object[] } }[];
    };
    const [gke, laptop, minikube] = stacks;
    assert.deepEqual([gke?.added, gke?.changed.map(({ name }) => name)], [[], ["grafana"]]);
    assert.deepEqual([laptop?.stack, laptop?.changed], ["laptop", []]);
    assert.ok((laptop?.added.length ?? 0) > 100);
    assert.deepEqual([minikube?.added, minikube?.changed.map(({ name }) => name)], [[], ["grafana"]]);
    assert.deepEqual(minikube?.policies.broken, [
      {
        policy: "images-pinned",
        enforcement: "mandatory",
        violation:
          "mlops/Deployment/grafana container grafana has the image docker.io/grafana/grafana:latest, which is not pinned",
      },
    ]);
    assert.equal(status, 1);
  });

  const refusals: Record<string, [args: string[], message: RegExp, code?: number]> = {
    "a base that the clone does not have": [
      ["--base", "origin/main"],
      /^this clone has no commit origin\/main to compare with: fetch it with `git fetch origin main`; BASE=HEAD compares with your last commit\n$/,
    ],
    "a stack that neither side has": [
      ["--base", "HEAD", "--stack", "nowhere"],
      /^there is no stack "nowhere" on either side; stacks: gke, minikube, or all\n$/m,
    ],
    "a commit that there is not": [
      ["--base", "v0"],
      /^this clone has no commit v0 to compare with: `git log` lists its commits; BASE=HEAD compares with your last commit\n$/,
    ],
    "an unknown option": [["--bsae", "x"], /^Unknown option '--bsae'; the options are --base, [^\n]+\n$/, 2],
    "a folder without git": [
      ["--cwd", "/"],
      /^\/ is not a git clone, so it has no earlier commit to compare with: clone .+\n$/,
    ],
  };
  for (const [title, [args, message, code = 1]] of Object.entries(refusals)) {
    it(`refuses ${title} in words`, async () => {
      const { status, stdout, stderr } = await diff(...args);
      assert.deepEqual([status, stdout], [code, ""]);
      assert.match(stderr, message);
      assert.doesNotMatch(stderr, /^ {4}at /m);
    });
  }

  it("compares the other stacks where one has no preview, and says why at last", async () => {
    edit("Pulumi.gke.yaml", "region:", "regoin:");
    edit("components/images.ts", /(grafana\/grafana", tag: )"[^"]+"/, '$1"99.1.2"');
    const { status, stdout, stderr } = await diff("--base", "HEAD", "--stack", "all");
    assert.equal(status, 1);
    assert.match(stdout, /^## minikube: 0 added, 1 changed, 0 removed$/m);
    assert.match(
      stdout,
      /^## gke: not compared\n\n```text\nthe preview of gke at the working tree fails:\n[^`]*cluster\.regoin/m,
    );
    assert.match(
      stderr,
      /^gke is not compared, since the preview of gke at the working tree fails; the output says why$/m,
    );
  });

  it("says which side fails, and why", async () => {
    edit("Pulumi.minikube.yaml", "KubernetesExecutor", "Spark");
    const { status, stdout, stderr } = await diff("--base", "HEAD", "--stack", "minikube");
    assert.deepEqual([status, stdout], [1, ""]);
    assert.match(stderr, /^the preview of minikube at the working tree fails:\n[^]*airflow\.executor: found "Spark"/m);
  });
});
