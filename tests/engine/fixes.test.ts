// Every fix that the tables of wrong configurations print ends its problem. The real CLI runs each shape of command line
// once, as it is printed, and has to make of the configuration what stands for it in the other fixes of that shape.
import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import * as pulumi from "@pulumi/pulumi";
import { parse, stringify } from "yaml";
import { isDeepStrictEqual } from "node:util";
import { parseValues, validate } from "../../config.ts";
import { ConfigError, type ConfigProblem } from "../../config/errors.ts";
import { byHand, ofStack } from "../../config/fixes.ts";
import { readStack } from "../../preview/stack.ts";
import { certificatePem } from "../config/bad/site.ts";
import { everyWrong } from "../config/bad/all.ts";
import { valueAt } from "../../lib/key-path.ts";
import { nodeAt } from "../../config/problems/shape.ts";
import { folder } from "../program/program-cases.ts";
import { skipWithReason } from "../skip.ts";
import { pathIn, shapeOf } from "./command-shape.ts";
import { applied } from "./emulated-cli.ts";
import { findCli } from "./project.ts";

/** What a user answers to a fix that asks, by the key's last name. */
const answers: Record<string, string> = {
  adminEmail: "ml@acme.com",
  administrators: "arn:aws:iam::123456789012:role/admin",
  caCertificate: certificatePem,
  caCertificates: certificatePem,
  certificateArn: "arn:aws:acm:eu-central-1:123456789012:certificate/1234",
  clusterStack: "acme/mlops/cluster",
  context: "team",
  databaseCidr: "10.40.0.0/20",
  domain: "ml.acme.com",
  endpoint: "https://s3.acme.com",
  host: "db.acme.com",
  https: "http://proxy.acme.com:3128",
  image: "registry.acme.com/built:1.4.2",
  imageRegistry: "registry.acme.com/mlops",
  imageTag: "1.4.2",
  layers: "platform",
  memory: "512Mi",
  name: "demand",
  natGateways: "3",
  nodesCidr: "10.60.0.0/20",
  oidcProviderArn: "arn:aws:iam::123456789012:oidc-provider/oidc.eks.us-east-1.amazonaws.com/id/1234",
  path: "/dags",
  platformId: "0123456789abcdef",
  project: "acme-ml-prod",
  recipient: "age14357p7mxppykwzm4m3llfx9c2qmkhahrk2d5tvgmvhdhtaxzugjqz6gh7h",
  region: "eu-central-1",
  repository: "https://github.com/acme/dags",
  schedule: "@daily",
  servicesCidr: "10.50.0.0/20",
  sshPrivateKey: "-----BEGIN OPENSSH PRIVATE KEY-----\nany\n-----END OPENSSH PRIVATE KEY-----",
  warehouse: "postgres://me:word@db.acme.com/sales",
};

/** A fix of commands alone, and what it is for. */
interface Printed {
  name: string;
  config: Record<string, unknown>;
  problem: ConfigProblem;
  fix: string;
}

/** What is wrong in a configuration, and what is most likely wrong in one that is valid. */
function foundIn(config: unknown): Record<"errors" | "warnings", ConfigProblem[]> {
  try {
    return { errors: [], warnings: validate(parseValues(textsOf(config), "mlops")).warnings };
  } catch (error) {
    assert.ok(error instanceof ConfigError, String(error));
    return { errors: error.problems, warnings: [] };
  }
}

function problemsOf(config: unknown): ConfigProblem[] {
  const { errors, warnings } = foundIn(config);
  return [...errors, ...warnings];
}

/** What the commands of a fix make of a configuration. */
function fixedBy(fix: string, config: unknown): unknown {
  return fix.split(" && ").reduce((inner, one) => applied(inner, one, answerTo(one, config)), config);
}

/** Keys for which a fix makes the next preview ask: with the value that it sets, they need one of the user's own. */
const followUps = [
  "exposure.tlsSecretName",
  "imageRegistry",
  "secrets.git.knownHosts",
  "secrets.git.sshPrivateKey",
  "secrets.git.token",
  ...["mlflow", "mlflow-auth", "grafana"].map((client) => `secrets.postgres.logins.${client}`),
];

/** Cases in which the user's answer decides whether another problem comes up. */
const dependsOnAnswer = [
  // The provider of the answer is of another region than the cluster.
  "an issuer for the ARN of its provider",
  // No single layer is right on minikube: with either answer, the next fix removes the key.
  "unknown layer",
];

/** Whether a fix brings a problem; one that has the same value at the same key was there before, in other words. */
function isBrought(one: ConfigProblem, before: readonly ConfigProblem[]): boolean {
  const wasThere = before.some((other) => isSame(one, other) || (one.key === other.key && one.found === other.found));
  return !wasThere && !(one.found === "nothing" && followUps.includes(one.key));
}

/** Every fix that the CLI can run; others are sentences about what to edit or to start. */
function printed(): Printed[] {
  return everyWrong().flatMap(({ name, config, key = "" }) => {
    const problems = problemsOf(config).filter((one) => one.key.includes(key));
    // Plain secrets are a problem of the file alone.
    assert.ok(problems.length > 0 || "secrets" in config, `${name}: no problem with ${key}`);
    return problems
      .map((problem) => ({ name, config, problem, fix: forTest(problem.fix) }))
      .filter(({ fix }) => fix.startsWith("scripts/pulumi "));
  });
}

/** A fix for the stack `test`, whatever stack the process ran last. */
const forTest = (fix: string) => fix.replaceAll(/ --stack [\w<>/-]+/g, " --stack test");

const isSame = (one: ConfigProblem, other: ConfigProblem) => one.key === other.key && one.allowed === other.allowed;

/** The keys as the engine hands them to the program. */
function textsOf(config: unknown): Record<string, string> {
  const entries = Object.entries(config as Record<string, unknown>);
  const text = (value: unknown) => (typeof value === "string" ? value : JSON.stringify(value ?? ""));
  return Object.fromEntries(entries.map(([key, value]) => [`mlops:${key}`, text(value)]));
}

function answerTo(command: string, config: unknown): string {
  const path = pathIn(command);
  const name = String(path.findLast((step) => typeof step === "string"));
  if (path.at(-3) === "databases") return String(path.at(-2));
  if (path.at(-2) === "hosts") return `${name}.acme.com`;
  if (name === "region" && valueAt(config, ["cluster", "kind"]) === "GKE") return "europe-west4";
  const { type, enum: listed, minimum = 1 } = nodeAt(path, config) ?? {};
  const kinds = nodeAt(path.slice(0, -1), config)?.oneOf?.map(({ properties }) => properties?.kind?.const);
  const options = name === "kind" && kinds !== undefined ? kinds : listed;
  if (answers[name] !== undefined) return answers[name];
  if (/(Ranges|Networks|Cidr|cidr|egress|dns|kubernetesApi)$/.test(name)) return "10.20.0.0/16";
  if (options?.[0] !== undefined) return JSON.stringify(options[0]).replaceAll('"', "");
  return type === "integer" || name === "ports" ? String(minimum) : "something";
}

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

  /** A checkout without a stack, as before the first `make up`, and the files that fixes read. */
  function checkout(name: string): string {
    const cwd = join(top, name);
    mkdirSync(join(cwd, "scripts"), { recursive: true });
    cpSync(join(folder, "scripts/pulumi"), join(cwd, "scripts/pulumi"));
    cpSync(join(folder, "Pulumi.yaml"), join(cwd, "Pulumi.yaml"));
    const files = { "deploy-key": answers.sshPrivateKey, "ca.pem": answers.caCertificate, known_hosts: "something" };
    for (const [name, text = ""] of Object.entries(files)) writeFileSync(join(cwd, name), text);
    return cwd;
  }

  /** Gives the stack of a checkout a configuration. What belongs to its encryption stays. */
  function configure(cwd: string, config: Record<string, unknown>): void {
    const path = join(cwd, "Pulumi.test.yaml");
    const others = existsSync(path) ? (parse(readFileSync(path, "utf8")) as object) : {};
    const keys = Object.entries(config).map(([key, value]) => [`mlops:${key}`, value] as const);
    writeFileSync(path, stringify({ ...others, config: Object.fromEntries(keys) }));
  }

  it("end the problem that they are printed for", async () => {
    const wrong: string[] = [];
    const run = async (cwd: string, { name, config, problem, fix }: Printed) => {
      configure(cwd, config);
      let expected: unknown = config;
      for (const command of fix.split(" && ")) {
        const answer = answerTo(command, config);
        expected = applied(expected, command, answer);
        await sh(command, cwd, answer, env).catch((error: unknown) => wrong.push(`${name}: ${String(error)}`));
      }
      const left = problemsIn(cwd).find((one) => isSame(one, problem));
      if (left !== undefined) wrong.push(`${name}: ${fix} leaves ${left.key}: ${left.found}; ${left.allowed}`);
      const { project, config: texts } = readStack(cwd, "test");
      const found = parseValues(texts, project);
      // Encrypted values are placeholders here, and Pulumi.yaml gives values to keys that the file does not have.
      for (const [key, value] of Object.entries(parseValues(textsOf(expected), project)))
        if (key !== "secrets" && !isDeepStrictEqual(found[key], value))
          wrong.push(`${name}: ${fix} makes ${JSON.stringify(found[key])} of ${key}, not ${JSON.stringify(value)}`);
    };
    const waiting = [...new Map(printed().map((one) => [shapeOf(one.fix, one.config), one])).values()];
    assert.ok(waiting.length > 80, `${waiting.length} shapes`);
    const worker = async (name: string) => {
      const cwd = checkout(name);
      for (let next = waiting.shift(); next !== undefined; next = waiting.shift()) await run(cwd, next);
    };
    await Promise.all(["a", "b", "c", "d"].map(worker));
    assert.deepEqual(wrong, []);
  });
});

describe("the fixes of wrong configurations", () => {
  it("end the problem that they are printed for", () => {
    const all = printed();
    assert.ok(all.length > 350, `${all.length} fixes`);
    const wrong = all.flatMap(({ name, config, problem, fix }) => {
      const left = problemsOf(fixedBy(fix, config)).find((one) => isSame(one, problem));
      return left === undefined ? [] : [`${name}: ${fix} leaves ${left.key}: ${left.found}; ${left.allowed}`];
    });
    assert.deepEqual(wrong, []);
  });

  it("bring no other problem", () => {
    const brought = printed().flatMap(({ name, config, fix }) => {
      const { errors, warnings } = foundIn(config);
      const after = foundIn(fixedBy(fix, config));
      // Errors hide warnings, which are no news once the errors are fixed.
      const before = [...errors, ...warnings];
      const all = [...after.errors, ...(errors.length === 0 ? after.warnings : [])];
      return all
        .filter((one) => isBrought(one, before) && !dependsOnAnswer.includes(name))
        .map((one) => `${name}: ${fix} brings ${one.key}: ${one.found}; ${one.allowed}`);
    });
    assert.deepEqual(brought, []);
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
