import type { Run } from "../../../../../lib/programs/program.ts";
import { failed, ok, type Row, unknown } from "../../../../preflight/row.ts";
import { installPage } from "../aws.ts";
import type { Caller } from "../context.ts";

const check = "kubectl";

/**
 * The kubeconfig calls the CLI for a token, with the credentials of the shell, which the provider uses too.
 *
 * @param run of `aws --version`
 */
export function kubectlRow(run: Run | undefined, caller: Caller | undefined): Row {
  if (run === undefined) return failed(check, "the AWS CLI is not installed", `install it: ${installPage}`);
  const [, version] = /aws-cli\/(\d+\.\d+\.\d+)/.exec(run.stdout) ?? [];
  if (version === undefined) return unknown(check, "`aws --version` names no version");
  if (isOld(version)) {
    return failed(check, `the AWS CLI is ${version}, and needs 2.12.3 or 1.27.160`, `install it: ${installPage}`);
  }
  return ok(check, `${caller?.arn ?? "the same credentials"}, as the provider, by the AWS CLI ${version}`);
}

/** Source: https://docs.aws.amazon.com/eks/latest/userguide/create-kubeconfig.html */
function isOld(version: string): boolean {
  const [major = 0, minor = 0, patch = 0] = version.split(".").map(Number);
  const [leastMinor, leastPatch] = major === 1 ? [27, 160] : [12, 3];
  return major <= 2 && (minor < leastMinor || (minor === leastMinor && patch < leastPatch));
}
