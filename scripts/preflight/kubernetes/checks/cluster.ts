import { documentIn, textAt } from "../../../../lib/json.ts";
import type { Answer } from "../../../../lib/programs/program.ts";
import { failed, inShort, ok, type Row } from "../../../../components/preflight/row.ts";

/**
 * @param answer of `kubectl version`
 * @param isLocal whether minikube makes it
 */
export function clusterRow(answer: Answer, { context, isLocal }: { context: string; isLocal: boolean }): Row {
  const version = textAt(documentIn(answer.stdout), "serverVersion.gitVersion");
  if (answer.ok && version !== undefined) return ok("cluster", `${context} answers, Kubernetes ${version}`);
  const found = `${context} does not answer: ${answer.stderr === "" ? "it names no version" : answer.stderr}`;
  return failed("cluster", inShort(found), isLocal ? "minikube start" : "kubectl config get-contexts");
}
