// .github/: what the workflows call exists, what they use is pinned, and what they may do is as little as they need.
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { existsSync, globSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { parse } from "yaml";
import { isExact } from "../../config/image-tag.ts";
import { isObject } from "../../lib/json.ts";
import { makeTargets } from "../docs/makefile.ts";
import { skipWithReason } from "../skip.ts";

const top = join(import.meta.dirname, "../..");
const read = (path: string) => readFileSync(join(top, path), "utf8");
const workflowFiles = globSync(".github/workflows/*.yml", { cwd: top }).toSorted();
const files = [...workflowFiles, ...globSync(".github/actions/*/action.yml", { cwd: top }).toSorted()];

interface Job {
  /** `<workflow>/<job>`, the workflow by its file's name. */
  id: string;
  job: Record<string, unknown>;
  /** Events that start its workflow. */
  events: string[];
}

const object = (value: unknown) => (isObject(value) ? value : {});
const workflows = workflowFiles.map((path) => ({ path, workflow: object(parse(read(path))) }));
const jobs: Job[] = workflows.flatMap(({ path, workflow }) =>
  Object.entries(object(workflow.jobs)).map(([name, job]) => ({
    id: `${path.replace(/^.*\/|\.yml$/g, "")}/${name}`,
    job: object(job),
    events: Object.keys(object(workflow.on)),
  })),
);

/** Steps of a job, or of a composite action below `runs`. */
function stepsOf({ steps }: Record<string, unknown>): Record<string, unknown>[] {
  return Array.isArray(steps) ? steps.filter(isObject) : [];
}

const scripts = files.flatMap((path) => {
  const file = object(parse(read(path)));
  return [...Object.values(object(file.jobs)).map(object), object(file.runs)]
    .flatMap(stepsOf)
    .flatMap(({ run }) => (typeof run === "string" ? [{ path, run }] : []));
});

/** Beside `contents: read`, all that a job may do. */
const granted: Record<string, string[]> = {
  "comment/comment": ["actions: read", "pull-requests: write"],
  "deploy-preview/preview": ["id-token: write", "pull-requests: write"],
  "deploy/up": ["id-token: write"],
  "drift/issue": ["issues: write"],
  "drift/refresh": ["id-token: write"],
  "images/publish": ["id-token: write", "packages: write"],
  "pins/pins": ["contents: write", "pull-requests: write"],
  "pulls/pulls": ["issues: write"],
};

describe("Dependabot", () => {
  it("looks into every folder with locked Python packages", () => {
    const { updates } = object(parse(read(".github/dependabot.yml")));
    const uv = Array.isArray(updates) ? updates.filter(isObject).find((one) => one["package-ecosystem"] === "uv") : {};
    const locks = globSync(["images/*/uv.lock", "local/uv.lock", "tests/{clouds,cluster}/**/uv.lock"], {
      cwd: top,
    }).toSorted();
    assert.deepEqual(
      uv?.directories,
      locks.map((path) => `/${path.replace("/uv.lock", "")}`),
    );
  });
});

describe("the workflows", () => {
  it("use every action by its full commit, with its version beside it, and each in one version", () => {
    const found = new Map<string, Set<string>>();
    for (const path of files) {
      for (const [, used = ""] of read(path).matchAll(/\buses: (.+)$/gm)) {
        if (used.startsWith("./")) {
          assert.ok(existsSync(join(top, used, "action.yml")), `${path}: ${used}`);
          continue;
        }
        assert.match(used, /^[\w.-]+(\/[\w.-]+)+@[0-9a-f]{40} # v\d+\.\d+\.\d+$/, path);
        const [action = "", commit = ""] = used.split("@");
        found.set(action, (found.get(action) ?? new Set()).add(commit));
      }
    }
    assert.ok(found.has("actions/checkout"));
    const several = [...found].filter(([, commits]) => commits.size > 1).map(([action]) => action);
    assert.deepEqual(several, []);
  });

  it("run no container whose tag moves", () => {
    const steps = [...jobs.map(({ job }) => job), ...files.map((path) => object(object(parse(read(path))).runs))];
    const used = steps
      .flatMap(stepsOf)
      .flatMap(({ uses }) => (String(uses).startsWith("docker://") ? [String(uses).slice("docker://".length)] : []));
    const run = jobs.flatMap(({ job }) => [job.container, ...Object.values(object(job.services))]);
    const images = run.flatMap((one) => (one === undefined ? [] : [String(isObject(one) ? one.image : one)]));
    assert.deepEqual(
      [...used, ...images].filter((image) => !isExact(image)),
      [],
    );
  });

  it("grant nothing by themselves, and each job what the table says", () => {
    for (const { path, workflow } of workflows) assert.deepEqual(workflow.permissions, {}, path);
    const given = jobs.map(({ id, job }) => {
      const all = Object.entries(object(job.permissions)).map(([scope, right]) => `${scope}: ${String(right)}`);
      assert.ok(all.includes("contents: read") || all.includes("contents: write"), id);
      return [id, all.filter((one) => one !== "contents: read").toSorted()] as const;
    });
    assert.deepEqual(Object.fromEntries(given.filter(([, rights]) => rights.length > 0)), granted);
  });

  it("give a fork's pull request no job that may write or be somebody in a cloud", () => {
    const isClosed = (condition: string) =>
      condition.startsWith("github.event.pull_request.head.repo.full_name == github.repository &&") ||
      condition === "github.event_name == 'push'";
    for (const { id, job, events } of jobs) {
      assert.ok(!events.includes("pull_request_target"), id);
      if (events.includes("pull_request") && id in granted) assert.ok(isClosed(String(job.if)), id);
    }
  });

  it("run jobs with a cloud's identity in an environment of their own", () => {
    const withIdentity = jobs.filter(({ job }) => object(job.permissions)["id-token"] === "write");
    assert.equal(withIdentity.length, 4);
    for (const { id, job } of withIdentity) assert.equal(typeof job.environment, "string", id);
  });

  it("end by themselves, and leave no token in a checkout", () => {
    for (const { id, job } of jobs) {
      assert.equal(typeof job["timeout-minutes"], "number", id);
      for (const step of stepsOf(job).filter(({ uses }) => String(uses).startsWith("actions/checkout@"))) {
        assert.equal(object(step.with)["persist-credentials"], false, id);
      }
    }
  });

  it("hand values to a shell by its environment, never by the text of a command", () => {
    assert.deepEqual(
      scripts.filter(({ run }) => run.includes("${{")).map(({ path }) => path),
      [],
    );
  });

  it("scan own and public images for what is High or Critical, fixed or not", () => {
    const { runs } = object(parse(read(".github/actions/scan/action.yml")));
    const scan = stepsOf(object(runs)).find(({ uses }) => String(uses).startsWith("aquasecurity/trivy-action@"));
    const { severity, "ignore-unfixed": ignoreUnfixed, "exit-code": exitCode, trivyignores } = object(scan?.with);
    assert.deepEqual([severity, ignoreUnfixed, exitCode], ["HIGH,CRITICAL", "false", "1"]);
    const written = scripts.filter(({ run }) =>
      run.includes(`scripts/ci/vulnerabilities.ts --image "$NAME" >${String(trivyignores)}`),
    );
    assert.equal(written.length, 1);
    const scanning = [
      ...stepsOf(object(object(parse(read(".github/actions/image/action.yml"))).runs)),
      ...jobs.filter(({ id }) => id === "images/public").flatMap(({ job }) => stepsOf(job)),
    ];
    assert.equal(scanning.filter(({ uses }) => uses === "./.github/actions/scan").length, 2);
  });

  it("look for what would stop a deployment before they deploy", () => {
    const steps = jobs.filter(({ id }) => id === "deploy/up").flatMap(({ job }) => stepsOf(job));
    const looks = steps.findIndex(({ run }) => String(run).includes("scripts/preflight/preflight.ts --before-up"));
    const deploys = steps.findIndex((step) => object(step.with).command === "up");
    // The preflight reads the stack's state.
    const installs = steps.findIndex(({ uses }) => String(uses).startsWith("pulumi/actions@"));
    assert.ok(installs >= 0 && installs < looks && looks < deploys, `${installs} ${looks} ${deploys}`);
  });

  it("propose the lock of images that make pins has written", () => {
    const steps = jobs.filter(({ id }) => id === "pins/pins").flatMap(({ job }) => stepsOf(job));
    const runs = steps.map(({ run }) => String(run));
    const asks = runs.findIndex((run) => run.includes("make --no-print-directory pins >out/pins.txt"));
    const proposes = runs.findIndex((run) =>
      /scripts\/ci\/pull-request\.ts .* out\/pins\.txt images\.lock\.json$/.test(run),
    );
    assert.ok(asks >= 0 && asks < proposes, `${asks} ${proposes}`);
    assert.ok(existsSync(join(top, "images.lock.json")));
  });

  it("call make targets and scripts that exist", () => {
    const targets = makeTargets();
    let calls = 0;
    for (const { path, run } of scripts) {
      for (const [, target = ""] of run.matchAll(/\bmake (?:--[\w-]+ )*([a-z][\w-]*)/g)) {
        assert.ok(targets.has(target), `${path}: make ${target}`);
        calls += 1;
      }
      for (const [script] of run.matchAll(/(?<![\w/.-])(?:scripts|\.ci|images)\/[\w./-]+/g)) {
        assert.ok(existsSync(join(top, script)), `${path}: ${script}`);
        calls += 1;
      }
    }
    assert.ok(calls > 10, String(calls));
  });

  it("install the Pulumi CLI of the SDK's version", () => {
    const { dependencies } = object(JSON.parse(read("package.json")));
    const version = object(dependencies)["@pulumi/pulumi"];
    const named = files.flatMap((path) => [...read(path).matchAll(/pulumi-version: (.+)$/gm)].map(([, one]) => one));
    assert.deepEqual([...new Set(named)], [version]);
  });

  it("pass actionlint", function () {
    const { status, error, stdout } = spawnSync("actionlint", ["-no-color"], { cwd: top, encoding: "utf8" });
    if (error !== undefined) skipWithReason(this, "actionlint is not on PATH");
    assert.equal(status, 0, stdout);
  });
});
