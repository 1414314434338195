import { writeFileSync } from "node:fs";
import { join } from "node:path";
import policy from "../../components/cluster/eks/deploy-policy.json" with { type: "json" };
import { standIn } from "../stand-in.ts";

/** What the CLI prints for a call, by a pattern of the shell; an `error` is AWS's code, or a sentence of the CLI. */
export interface AwsAnswer {
  pattern: string;
  stdout?: unknown;
  error?: string;
}

/** Writes a program in place of AWS's CLI: the first answer that matches is printed. */
export function awsStandIn(folder: string, answers: readonly AwsAnswer[], denied: readonly string[] = []): void {
  const actions = policy.Statement.flatMap(({ Action }) => Action);
  const results = actions.map((EvalActionName) => ({
    EvalActionName,
    EvalDecision: denied.includes(EvalActionName) ? "implicitDeny" : "allowed",
  }));
  const simulated: AwsAnswer = { pattern: '"iam simulate-principal-policy "*', stdout: { EvaluationResults: results } };
  const branches = [...answers, simulated].map(({ pattern, stdout, error }, i) => {
    const isCode = error !== undefined && /^\w+$/.test(error);
    const text = typeof stdout === "string" ? stdout : JSON.stringify(stdout);
    writeFileSync(
      join(folder, `aws.${i}`),
      isCode ? `An error occurred (${error}) when calling it: no` : (error ?? text),
    );
    return `${pattern}) cat "${folder}/aws.${i}"${error === undefined ? "" : " >&2; exit 254"};;`;
  });
  standIn(folder, "aws", `case "$*" in\n${branches.join("\n")}\n*) echo "no stand-in for $*" >&2; exit 254;;\nesac`);
}

const quota = (code: string, Value: number) => ({
  pattern: `*"get-service-quota "*"${code}"*`,
  stdout: { Quota: { Value } },
});
const zones = ["a", "b", "c"].map((letter, i) => ({
  ZoneName: `us-east-1${letter}`,
  ZoneId: `use1-az${[1, 2, 4][i] ?? 0}`,
}));

/** What a new account answers to a role `team/deployer`. */
export const newAccount: readonly AwsAnswer[] = [
  { pattern: '"--version"*', stdout: "aws-cli/2.31.0 Python/3.13.7 Linux/6.1" },
  {
    pattern: '"sts get-caller-identity"*',
    stdout: { UserId: "x", Account: "999988887777", Arn: "arn:aws:sts::999988887777:assumed-role/deployer/ana" },
  },
  { pattern: '"iam get-role"*', stdout: { Role: { Arn: "arn:aws:iam::999988887777:role/team/deployer" } } },
  { pattern: '"ec2 describe-availability-zones"*', stdout: { AvailabilityZones: zones } },
  { pattern: '"ec2 describe-instance-types"*', stdout: { InstanceTypes: [{ VCpuInfo: { DefaultVCpus: 4 } }] } },
  {
    pattern: '"ec2 describe-instances"*',
    stdout: [
      ["t3.large", null, 1, 2],
      ["m7i.large", "spot", 1, 2],
      ["g6.xlarge", null, 2, 2],
    ],
  },
  { pattern: '"ec2 describe-addresses"*', stdout: { Addresses: [{}] } },
  { pattern: '"ec2 describe-vpcs"*', stdout: { Vpcs: [{}] } },
  quota("L-1216C47A", 16),
  quota("L-0263D0A3", 5),
  { pattern: '*"get-service-quota"*"L-F678F1CE"*', error: "NoSuchResourceException" },
  { pattern: '*"get-aws-default-service-quota"*"L-F678F1CE"*', stdout: { Quota: { Value: 5 } } },
  { pattern: '"eks describe-cluster"*', error: "ResourceNotFoundException" },
  { pattern: '"ecr describe-repositories"*', error: "RepositoryNotFoundException" },
  { pattern: '"s3api head-bucket"*', error: "404" },
  { pattern: '"logs describe-log-groups"*', stdout: { logGroups: [] } },
];
