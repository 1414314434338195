// The checks of an EKS stack with a stand-in for AWS's CLI; no real account is asked.
import assert from "node:assert/strict";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { accountRow } from "../../components/cluster/eks/preflight/checks/account.ts";
import { kubectlRow } from "../../components/cluster/eks/preflight/checks/kubectl.ts";
import { permissionsRow, simulationsOf, verdictOf } from "../../components/cluster/eks/preflight/checks/permissions.ts";
import { zonesRow } from "../../components/cluster/eks/preflight/checks/zones.ts";
import { eksRows } from "../../components/cluster/eks/preflight/eks-rows.ts";
import type { PlanOf } from "../../components/preflight/plan.ts";
import type { Row } from "../../components/preflight/row.ts";
import { callsOfPreflight } from "../cluster/eks/deploy-actions.ts";
import { planOf } from "./plan-of.ts";
import { type AwsAnswer, awsStandIn, newAccount } from "./aws-stand-in.ts";

const firstTime = { state: [], identityOnly: false };
const deployer = "arn:aws:iam::999988887777:role/team/deployer";

describe("the preflight of an EKS stack", () => {
  const { PATH } = process.env;
  let plan: PlanOf<"eks">;
  let folder = "";

  before(async () => {
    const read = await planOf("eks", "eks");
    // The registry of an example is in another account, and has a row of its own below.
    plan = { ...read, imageRegistry: "999988887777.dkr.ecr.us-east-1.amazonaws.com/mlops" };
    folder = mkdtempSync(join(tmpdir(), "preflight-"));
    process.env.PATH = `${folder}:/usr/bin:/bin`;
  });
  after(() => {
    process.env.PATH = PATH;
    rmSync(folder, { recursive: true });
  });

  const rows = (changes: readonly AwsAnswer[] = [], denied: readonly string[] = []) => {
    awsStandIn(folder, [...changes, ...newAccount], denied);
    return eksRows(plan, firstTime);
  };
  const rowOf = (all: readonly Row[], check: string) => all.find((row) => row.check === check);

  it("is a table of what is right in a new account", async () => {
    assert.deepEqual(
      (await rows()).map(({ state, check, found }) => [state, check, found]),
      [
        ["ok", "credentials", "arn:aws:sts::999988887777:assumed-role/deployer/ana"],
        ["ok", "account", "999988887777, as imageRegistry"],
        [
          "ok",
          "kubectl",
          "arn:aws:sts::999988887777:assumed-role/deployer/ana, as the provider, by the AWS CLI 2.31.0",
        ],
        ["ok", "permissions", `${deployer} may do what deploy-policy.json allows`],
        ["ok", "zones", "us-east-1a, us-east-1b, us-east-1c"],
        ["ok", "quota of vCPUs of standard instances", "2 of 16 are in use, and the first deployment needs 4"],
        ["ok", "quota of Elastic IPs", "1 of 5 are in use, and the first deployment needs 1"],
        ["ok", "quota of VPCs", "1 of 5 are in use, and the first deployment needs 1"],
        ["ok", "name of the log group", "/aws/eks/mlops/cluster is free"],
        ["ok", "name of the registry", "mlops/airflow is free"],
        ["ok", "name of the bucket", "mlops-999988887777-us-east-1 is free"],
        ["ok", "name of the cluster", "mlops is free"],
      ],
    );
  });

  it("asks IAM about the role, not its session, and changes nothing", () => {
    const calls = readFileSync(join(folder, "calls"), "utf8").split("\n");
    const simulated = calls.filter((call) => call.startsWith("aws iam simulate-principal-policy"));
    assert.ok(simulated.length > 10 && simulated.every((call) => call.includes(`"PolicySourceArn":"${deployer}"`)));
    const verbs = calls.filter((call) => call !== "").map((call) => call.split(" ")[2] ?? "");
    assert.deepEqual(
      verbs.filter((verb) => !/^(describe|get|head|simulate)-|^--region$/.test(verb)),
      [],
    );
    const commands = new Set(calls.map((call) => call.split(" ").slice(1, 3).join(" ")));
    assert.deepEqual(
      [...commands].filter((command) => /^[a-z]/.test(command)).toSorted(),
      Object.keys(callsOfPreflight),
      "the policy of the deploying identity is compared with each of them",
    );
  });

  it("takes over the log group that an earlier cluster has left", async () => {
    const all = await rows([
      { pattern: '"logs"*', stdout: { logGroups: [{ logGroupName: "/aws/eks/mlops/cluster" }] } },
    ]);
    assert.deepEqual(rowOf(all, "name of the log group"), {
      check: "name of the log group",
      state: "ok",
      found: "/aws/eks/mlops/cluster exists, and the deployment takes it over",
    });
  });

  it("asks nothing further without credentials, and says how to get them", async () => {
    const missing = [{ pattern: '"sts"*', error: "Unable to locate credentials." }];
    const all = await rows(missing);
    const found = "Unable to locate credentials.";
    assert.deepEqual(all[0], { check: "credentials", state: "failed", found, fix: "aws configure" });
    assert.deepEqual(
      all.slice(2).map(({ check, state }) => [check, state]),
      ["permissions", "zones", "quotas", "names"].map((check) => [check, "not checked"]),
    );
    const ended = await rows([{ pattern: '"sts"*', error: "Error loading SSO Token: Token has expired" }]);
    assert.equal(ended[0]?.fix, "aws sso login");
  });

  it("names the page of the CLI where it is missing", async () => {
    rmSync(join(folder, "aws"));
    for (const row of (await eksRows(plan, firstTime)).slice(0, 2)) {
      assert.match(row.fix ?? "", /^install it: https:\/\/docs\.aws\.amazon\.com\/cli\//, row.check);
    }
  });

  it("tells each thing that stops a deployment, with its fix", async () => {
    const all = await rows(
      [
        { pattern: '*"get-service-quota"*"L-1216C47A"*', stdout: { Quota: { Value: 5 } } },
        { pattern: '"ec2 describe-addresses"*', stdout: { Addresses: [{}, {}, {}, {}, {}] } },
        { pattern: '"eks describe-cluster"*', stdout: { cluster: {} } },
      ],
      ["eks:CreateCluster", "iam:PassRole"],
    );
    const increase = "aws service-quotas request-service-quota-increase --service-code ec2 --quota-code";
    const rename = "scripts/pulumi config set --stack eks --path 'cluster.name'";
    assert.deepEqual(
      all.filter(({ state }) => state === "failed").map(({ found, fix }) => [found, fix]),
      [
        [
          `${deployer} may not do eks:CreateCluster, iam:PassRole`,
          "aws iam put-role-policy --role-name deployer --policy-name deploy-mlops " +
            "--policy-document file://<your copy of components/cluster/eks/deploy-policy.json>",
        ],
        ["2 of 5 are in use, and the first deployment needs 4", `${increase} L-1216C47A --desired-value 6`],
        ["5 of 5 are in use, and the first deployment needs 1", `${increase} L-0263D0A3 --desired-value 6`],
        ["mlops exists, and this stack's state does not have it", rename],
      ],
    );
  });

  it("says that it cannot tell where it may not ask", async () => {
    const all = await rows([
      { pattern: '"iam simulate"*|"service-quotas "*|"ec2 "*|"s3api "*|"eks "*', error: "AccessDeniedException" },
    ]);
    assert.deepEqual(
      all.filter(({ state }) => state !== "ok").map(({ check, state }) => [check, state]),
      ["permissions", "zones", "machine type", "quota of Elastic IPs", "quota of VPCs"]
        .concat(["name of the bucket", "name of the cluster"])
        .map((check) => [check, "unknown"]),
    );
    assert.match(rowOf(all, "zones")?.found ?? "", /^An error occurred \(AccessDeniedException\)/);
  });
});

describe("the AWS CLI", () => {
  const row = (version: string) =>
    kubectlRow({ ok: true, stdout: `aws-cli/${version} Python/3`, stderr: "", silence: "" }, undefined);

  it("is new enough to write the token that kubectl takes", () => {
    const states = ["1.27.159", "1.27.160", "1.45.11", "2.12.2", "2.12.3", "2.31.0"].map((it) => row(it).state);
    assert.deepEqual(states, ["failed", "ok", "ok", "failed", "ok", "ok"]);
    assert.equal(row("x").state, "unknown");
  });
});

describe("the account of the credentials", () => {
  const row = (registry: string) => accountRow("999988887777", "us-east-1", registry, "team/eks");

  it("is that of the registry, the only one that a stack names", () => {
    assert.equal(row("999988887777.dkr.ecr.us-east-1.amazonaws.com/mlops").state, "ok");
    assert.equal(row("registry.corp.test/mlops").state, "not checked");
    assert.deepEqual(row("111122223333.dkr.ecr.us-east-1.amazonaws.com/mlops"), {
      check: "account",
      state: "failed",
      found: "the credentials are of 999988887777, and imageRegistry of 111122223333",
      fix:
        "scripts/pulumi config set --stack team/eks --path 'imageRegistry' " +
        "999988887777.dkr.ecr.us-east-1.amazonaws.com/mlops",
    });
    assert.match(row("222233334444.dkr.ecr.us-east-1.amazonaws.com/x").fix ?? "", /'imageRegistry'$/);
  });
});

describe("a simulation of the deployer's policy", () => {
  const place = { partition: "aws", account: "999988887777", region: "eu-north-1", name: "team" };
  const simulations = simulationsOf(place);
  const denied = { EvalActionName: "a:B", EvalDecision: "implicitDeny" };

  it("names the stack's own account, region and cluster, and leaves out the state's bucket and key", () => {
    const resources = simulations.flatMap(({ ResourceArns = [] }) => ResourceArns);
    assert.ok(resources.includes("arn:aws:eks:eu-north-1:999988887777:cluster/team"));
    assert.ok(resources.includes("arn:aws:s3:::team-999988887777-eu-north-1"));
    assert.doesNotMatch(resources.join(" "), /111122223333|us-east-1|your-|mlops/);
  });

  it("gives the conditions what they ask for, the tag as the program writes it", () => {
    const [entry] = simulations.find(({ ActionNames }) => ActionNames.includes("kms:CreateKey"))?.ContextEntries ?? [];
    assert.deepEqual(entry, {
      ContextKeyName: "aws:RequestTag/part-of",
      ContextKeyValues: ["mlops"],
      ContextKeyType: "string",
    });
    const [where] =
      simulations.find(({ ActionNames }) => ActionNames.includes("eks:CreateCluster"))?.ContextEntries ?? [];
    assert.deepEqual(where?.ContextKeyValues, ["eu-north-1"]);
  });

  it("allows what is allowed on one of the resources, and nothing that has no result", () => {
    const one = { ...denied, ResourceSpecificResults: [{ EvalResourceDecision: "allowed" }] };
    const verdict = { denied: ["a:C"], open: [] };
    assert.deepEqual(verdictOf({ EvaluationResults: [one] }, { ActionNames: ["a:B", "a:C"] }), verdict);
  });

  it("is a failure where one denies, and not known where a condition or IAM keeps it open", () => {
    const run = (...results: object[]) => ({
      asked: { ActionNames: ["a:B"] },
      run: { ok: true, stdout: JSON.stringify({ EvaluationResults: results }), stderr: "", silence: "" },
    });
    const refused = { ...run(), run: { ok: false, stdout: "", stderr: "no", silence: "" } };
    const open = run({ ...denied, MissingContextValues: ["aws:SourceIp"] });
    const state = (...runs: (typeof open)[]) => permissionsRow(runs, deployer).state;
    assert.deepEqual(
      [state(run(denied), refused), state(refused), state(open), state(run({ ...denied, EvalDecision: "allowed" }))],
      ["failed", "unknown", "unknown", "ok"],
    );
  });
});

describe("the zones of an EKS stack", () => {
  const run = (zones: object[]) => ({
    ok: true,
    stdout: JSON.stringify({ AvailabilityZones: zones }),
    stderr: "",
    silence: "",
  });
  const zone = (letter: string, id: number) => ({ ZoneName: `us-east-1${letter}`, ZoneId: `use1-az${id}` });

  it("are replaced where they are missing or EKS does not support them", () => {
    const wanted = ["us-east-1a", "us-east-1b", "us-east-1c"];
    const row = zonesRow(run([zone("a", 3), zone("b", 1), zone("d", 2), zone("f", 5)]), wanted, "eks");
    assert.equal(
      row.found,
      "EKS does not support us-east-1a, us-east-1c is not there; usable: us-east-1b, us-east-1d, us-east-1f",
    );
    assert.match(row.fix ?? "", /'cluster\.zones\[0\]' us-east-1b && .*\[1\]' us-east-1d && .*\[2\]' us-east-1f$/);
    assert.match(zonesRow(run([zone("b", 1)]), wanted, "eks").fix ?? "", /'cluster\.region'$/);
  });
});
