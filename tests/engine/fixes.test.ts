// Every fix that the tables of wrong configurations print, run as it is printed.
import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import * as pulumi from "@pulumi/pulumi";
import { parse, stringify } from "yaml";
import { parseValues, validate } from "../../config.ts";
import { ConfigError, type ConfigProblem } from "../../config/errors.ts";
import { byHand, ofStack } from "../../config/fixes.ts";
import { readStack } from "../../preview/stack.ts";
import type { BadCase } from "../config/bad/bad-case.ts";
import { badEks } from "../config/bad/eks.ts";
import { badGke } from "../config/bad/gke.ts";
import { badPlatforms } from "../config/bad/platform.ts";
import { folder } from "../program/program-cases.ts";
import { skipWithReason } from "../skip.ts";
import { findCli } from "./project.ts";

const cases = [...badPlatforms, ...badGke, ...badEks];

/** What a user answers to a fix that asks, by the key's last name. */
const answers: Record<string, string> = {
  administrators: "arn:aws:iam::123456789012:role/admin",
  certificateArn: "arn:aws:acm:eu-central-1:123456789012:certificate/1234",
  clusterStack: "acme/mlops/cluster",
  context: "team",
  domain: "ml.acme.com",
  host: "db.acme.com",
  image: "registry.acme.com/built:1.4.2",
  imageRegistry: "registry.acme.com/mlops",
  kind: "minikube",
  layers: "platform",
  name: "forecast",
  oidcProviderArn: "arn:aws:iam::123456789012:oidc-provider/oidc.eks.us-east-1.amazonaws.com/id/1234",
  path: "/dags",
  project: "acme-ml-prod",
  recipient: "age14357p7mxppykwzm4m3llfx9c2qmkhahrk2d5tvgmvhdhtaxzugjqz6gh7h",
  region: "eu-central-1",
  repository: "https://github.com/acme/dags",
};

/** The problems of the stack in a folder, as the program reports them. */
function problemsIn(cwd: string): ConfigProblem[] {
  const { project, config, secretKeys } = readStack(cwd, "test");
  try {
    validate(parseValues(config, project), (key) => secretKeys.includes(`${project}:${key}`));
    return [];
  } catch (error) {
    assert.ok(error instanceof ConfigError, String(error));
    return error.problems;
  }
}

function sh(command: string, cwd: string, input: string, env: NodeJS.ProcessEnv): Promise<string> {
  return new Promise((resolve, reject) => {
    const child = spawn("sh", ["-c", command], { cwd, env });
    let said = "";
    child.stdout.on("data", (text: Buffer) => (said += text.toString()));
    child.stderr.on("data", (text: Buffer) => (said += text.toString()));
    child.on("error", reject);
    child.on("close", (code) => {
      if (code === 0) resolve(said);
      else reject(new Error(`${command} ended with ${String(code)}: ${said}`));
    });
    child.stdin.end(input);
  });
}

describe("the fixes of wrong configurations, run with the Pulumi CLI", function () {
  this.timeout(900_000);
  let top = "";
  let env: NodeJS.ProcessEnv = {};

  before(function () {
    const cli = findCli();
    if (cli === undefined) return skipWithReason(this, "no Pulumi CLI is found");
    top = mkdtempSync(join(tmpdir(), "fixes "));
    // The state that scripts/pulumi sets up, with nothing said by the environment or a login.
    const own = ["PULUMI_BACKEND_URL", "PULUMI_CONFIG_PASSPHRASE", "PULUMI_CONFIG_PASSPHRASE_FILE"];
    const others = Object.entries(process.env).filter(([name]) => !own.includes(name));
    env = {
      ...Object.fromEntries(others),
      PULUMI_CLI: cli,
      PULUMI_SKIP_UPDATE_CHECK: "true",
      PULUMI_HOME: join(top, "home"),
    };
  });
  after(() => {
    if (top !== "") rmSync(top, { recursive: true });
  });

  /** A checkout without a stack, as before the first `make up`. */
  function checkout(name: string): string {
    const cwd = join(top, name);
    mkdirSync(join(cwd, "scripts"), { recursive: true });
    cpSync(join(folder, "scripts/pulumi"), join(cwd, "scripts/pulumi"));
    cpSync(join(folder, "Pulumi.yaml"), join(cwd, "Pulumi.yaml"));
    return cwd;
  }

  /** Gives the stack of a checkout a configuration. What belongs to its encryption stays. */
  function configure(cwd: string, config: Record<string, unknown>): void {
    const path = join(cwd, "Pulumi.test.yaml");
    const others = existsSync(path) ? (parse(readFileSync(path, "utf8")) as object) : {};
    const keys = Object.entries(config).map(([key, value]) => [`mlops:${key}`, value] as const);
    writeFileSync(path, stringify({ ...others, config: Object.fromEntries(keys) }));
  }

  function answerTo(fix: string): string {
    const [, path = ""] = /--path '([^']+)'/.exec(fix) ?? [];
    const name =
      path
        .replace(/\[\d+\]$/, "")
        .split(".")
        .at(-1) ?? "";
    if (/(Ranges|Networks|Cidr|cidr|egress)$/.test(name)) return "10.20.0.0/16";
    return answers[name] ?? "something";
  }

  it("end the problem that they are printed for", async () => {
    const wrong: string[] = [];
    const run = async (cwd: string, { name, config, key }: BadCase) => {
      configure(cwd, config);
      const problem = problemsIn(cwd).find((one) => one.key.includes(key));
      if (problem === undefined) return wrong.push(`${name}: no problem with ${key}`);
      const fix = ofStack(problem.fix, "test").replaceAll("--stack stack ", "--stack test ");
      if (fix.startsWith("edit Pulumi.")) return;
      for (const command of fix.split(" && "))
        await sh(command, cwd, answerTo(command), env).catch((error: unknown) =>
          wrong.push(`${name}: ${String(error)}`),
        );
      const left = problemsIn(cwd).find((one) => one.key === problem.key && one.allowed === problem.allowed);
      if (left !== undefined) wrong.push(`${name}: ${fix} leaves ${left.key}: ${left.found}; ${left.allowed}`);
    };
    const waiting = [...cases];
    const worker = async (name: string) => {
      const cwd = checkout(name);
      for (let next = waiting.shift(); next !== undefined; next = waiting.shift()) await run(cwd, next);
    };
    await Promise.all(["a", "b", "c", "d"].map(worker));
    assert.deepEqual(wrong, []);
  });

  it("name the stack that the program runs for", async () => {
    await pulumi.runtime.setMocks(
      { call: () => ({}), newResource: ({ name }) => ({ id: name, state: {} }) },
      "mlops",
      "gke-prod",
    );
    const { message } = (() => {
      try {
        validate({});
      } catch (error) {
        if (error instanceof ConfigError) return error;
      }
      throw new assert.AssertionError({ message: "the configuration was accepted" });
    })();
    assert.match(message, /fix: scripts\/pulumi config set --stack gke-prod --path 'cluster.kind'$/m);
    assert.equal(ofStack(byHand("x"), "acme/mlops/prod"), "edit Pulumi.prod.yaml: x");
  });
});
