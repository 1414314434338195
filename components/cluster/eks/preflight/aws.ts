import { documentIn } from "../../../../lib/json.ts";
import { reasonOf, type Run, runProgram } from "../../../../lib/programs/program.ts";
import { inShort } from "../../../preflight/row.ts";

export const installPage = "https://docs.aws.amazon.com/cli/latest/userguide/getting-started-install.html";

/** Asks AWS by its CLI, as the identity that the provider finds too; undefined: the CLI is not installed. */
export type Aws = (...args: string[]) => Promise<Run | undefined>;

export function awsIn(region: string): Aws {
  // No pager, which would wait for a key, and two attempts, so that a check ends in time.
  const env = { AWS_PAGER: "", AWS_MAX_ATTEMPTS: "2" };
  const options = ["--region", region, "--output", "json", "--cli-connect-timeout", "5", "--cli-read-timeout", "20"];
  return (...args) => runProgram("aws", [...args, ...options], { env, timeoutSeconds: 40 });
}

/** What the CLI printed; undefined for a call that failed, or that had nothing to say. */
export function bodyOf(run: Run | undefined): object | undefined {
  return run?.ok === true ? documentIn(run.stdout) : undefined;
}

/** What went wrong, in AWS's words. */
export function problemOf(run: Run | undefined): string {
  return run === undefined ? "the AWS CLI is not installed" : inShort(reasonOf(run).replace(/^aws: \[ERROR\]: /, ""));
}

/** Whether a call failed with an error that AWS calls so, e.g. `ResourceNotFoundException`. */
export function failedWith(run: Run | undefined, code: string | RegExp): boolean {
  const [, found = ""] = /An error occurred \((\w+)\)/.exec(run?.stderr ?? "") ?? [];
  return run?.ok === false && (typeof code === "string" ? found === code : code.test(found));
}
