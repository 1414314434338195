import assert from "node:assert/strict";
import { selectChecks, failed, ok, Failure, runChecks, skipped } from "../../scripts/verify/check.ts";
import { nameAndTag } from "../../scripts/verify/facts.ts";
import { parse } from "../../scripts/verify/options.ts";
import { counts, table } from "../../scripts/verify/report.ts";

const nothing = () => undefined;
const check = (name: string, run: () => Promise<ReturnType<typeof ok>>) => ({ name, run, fix: "make doctor" });

describe("verify: the report", () => {
  it("has a line for each check, and how to fix one that failed", async () => {
    const checks = [
      check("workloads", () => Promise.resolve(ok("12 ready"))),
      check("Grafana's login", () => Promise.resolve(skipped("the platform does not run it"))),
      check("jobs", () => Promise.resolve(failed("Job mlops/databases has not ended", "make up"))),
    ];
    const found = await runChecks(checks, nothing, new AbortController().signal);
    const cluster = { context: "minikube", namespace: "mlops", kubernetes: "v1.35.0", provider: "none", nodes: 1 };
    const report = {
      date: "2026-11-21T14:00:00.000Z",
      cluster,
      versions: {},
      seconds: 9,
      ...counts(found),
      checks: found,
    };
    assert.equal(
      table(report),
      [
        "ok       workloads        12 ready",
        "skipped  Grafana's login  the platform does not run it",
        "failed   jobs             Job mlops/databases has not ended",
        "                          fix: make up",
        "",
        "1 passed, 1 failed, 1 skipped in 9 s",
      ].join("\n"),
    );
  });

  it("names what an error says, with its own fix or the check's", async () => {
    const checks = [
      check("a", () => Promise.reject(new Failure("no DAG", "bring dags/"))),
      check("b", () =>
        Promise.reject(new TypeError("fetch failed", { cause: new Error("ECONNREFUSED 127.0.0.1:5000") })),
      ),
    ];
    assert.deepEqual(await runChecks(checks, nothing, new AbortController().signal), [
      { check: "a", state: "failed", seen: "no DAG", fix: "bring dags/" },
      { check: "b", state: "failed", seen: "fetch failed: ECONNREFUSED 127.0.0.1:5000", fix: "make doctor" },
    ]);
  });

  it("is of the checks that were asked for, and names those that there are", () => {
    const all = ["jobs", "pods"].map((name) => check(name, () => Promise.resolve(ok(""))));
    assert.deepEqual(selectChecks(all, ["pods"]), all.slice(1));
    assert.deepEqual(selectChecks(all, undefined), all);
    assert.throws(() => selectChecks(all, ["job"]), /^Error: found no check job; the checks are jobs, pods$/);
  });

  it("ends with the check that was interrupted", async () => {
    const controller = new AbortController();
    const interrupted = check("a", () => {
      controller.abort();
      return Promise.reject(new Error("The operation was aborted"));
    });
    const found = await runChecks([interrupted, check("b", () => Promise.resolve(ok("")))], nothing, controller.signal);
    assert.deepEqual(found, [{ check: "a", state: "failed", seen: "interrupted", fix: "run it again" }]);
  });
});

describe("verify: the command line", () => {
  it("has the operators' options and defaults", () => {
    assert.deepEqual(parse([]), {
      target: { namespace: "mlops", context: undefined },
      stack: "minikube",
      airflowUrl: undefined,
      without: [],
      only: undefined,
      json: false,
    });
    const args = [
      "--json",
      "--namespace",
      "ml",
      "--context",
      "dev",
      "--airflow-url",
      "http://localhost:8080/",
      "--only",
      "jobs,pods",
      "--without",
      "grafana",
    ];
    assert.deepEqual(parse(args), {
      target: { namespace: "ml", context: "dev" },
      stack: "minikube",
      airflowUrl: "http://localhost:8080",
      without: ["grafana"],
      only: ["jobs", "pods"],
      json: true,
    });
  });

  it("refuses what it does not know, and an option without its value", () => {
    assert.throws(() => parse(["--all", "x"]), { message: /^Unknown option '--all'; the options are --namespace, / });
    assert.throws(() => parse(["--namespace"]), { message: /^Option '--namespace <value>' argument missing; / });
  });
});

describe("verify: versions", () => {
  it("are the tags of images, or their digests", () => {
    assert.deepEqual(nameAndTag("docker.io/apache/airflow:3.3.2"), ["airflow", "3.3.2"]);
    assert.deepEqual(nameAndTag("registry:5000/mlops/mlflow:0.1.0@sha256:abc"), ["mlflow", "0.1.0"]);
    assert.deepEqual(nameAndTag("quay.io/minio/minio@sha256:abc"), ["minio", "sha256:abc"]);
  });
});
