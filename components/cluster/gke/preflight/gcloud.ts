import { reasonOf, type Run, runProgram } from "../../../../lib/programs/program.ts";
import { inShort } from "../../../preflight/row.ts";

export const installPage = "https://cloud.google.com/sdk/docs/install";

/** Runs gcloud, which must neither ask nor enable anything; undefined: it is not installed. */
export function gcloud(...args: string[]): Promise<Run | undefined> {
  const env = {
    CLOUDSDK_CORE_DISABLE_PROMPTS: "1",
    CLOUDSDK_CORE_SHOULD_PROMPT_TO_ENABLE_API: "false",
    CLOUDSDK_COMPONENT_MANAGER_DISABLE_UPDATE_CHECK: "1",
  };
  return runProgram("gcloud", args, { env });
}

/** What went wrong, in gcloud's words. */
export function complaintOf(run: Run): string {
  return inShort(reasonOf(run).replace(/^ERROR: \([\w.-]+\) /, ""));
}
