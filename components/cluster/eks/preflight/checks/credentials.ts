import { textAt } from "../../../../../lib/json.ts";
import type { Run } from "../../../../../lib/programs/program.ts";
import { failed, ok, type Row } from "../../../../preflight/row.ts";
import { bodyOf, installPage, problemOf } from "../aws.ts";
import type { Caller } from "../context.ts";

const check = "credentials";

/** @param run of `aws sts get-caller-identity` */
export function callerOf(run: Run | undefined): { row: Row; caller?: Caller } {
  if (run === undefined) return { row: failed(check, "the AWS CLI is not installed", `install it: ${installPage}`) };
  const body = bodyOf(run);
  const [account, arn] = [textAt(body, "Account"), textAt(body, "Arn")];
  if (account !== undefined && arn !== undefined) return { row: ok(check, arn), caller: { account, arn } };
  const problem = problemOf(run);
  const isLogin = /\bsso\b|token has expired/i.test(problem);
  return { row: failed(check, problem, isLogin ? "aws sso login" : "aws configure") };
}
