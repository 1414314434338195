import { join } from "node:path";
import { type ClusterAccess, kubectlCommand } from "../../lib/kubernetes/kubectl.ts";
import { namespacesOf } from "../../components/ownership/admission.ts";
import {
  type ClusterNamespace,
  isMadeByPlatform,
  isSigned,
  namespacesThere,
  ownerProblems,
} from "../../components/ownership/namespace-owners.ts";
import { platformLabel } from "../../components/ownership/platform-sign.ts";
import { parseValues, validate } from "../../config.ts";
import { textAt } from "../../lib/json.ts";
import { readStack, stacksOf } from "../../preview/stack.ts";
import type { Checkpoint } from "./state.ts";
import { urnParts } from "./urn.ts";
import { errorText } from "../../lib/errors.ts";

const folder = join(import.meta.dirname, "../..");

/**
 * The namespaces that carry this platform's id although its state does not have them: it was lost, they were handed over,
 * or an update was killed before it wrote them down.
 *
 * Clusters without a context of the user's kubeconfig are left to the program, which asks the same without the state.
 *
 * @throws with a sentence for each owner of the others; ConfigError for a configuration that is wrong
 */
export async function takenOver(stack: string, state: Checkpoint): Promise<string[]> {
  if (!stacksOf(folder).includes(stack)) return [];
  const { project, config } = readStack(folder, stack);
  const platform = validate(parseValues(config, project), undefined, stack);
  const { cluster, platformId } = platform;
  if (!("context" in cluster)) return [];
  const wanted = namespacesOf(platform);
  // A namespace that was the site's until now is in the state too, and still has to be taken over.
  const known = (state.deployment.resources ?? []).filter(
    ({ type, external = false }) => type === "kubernetes:core/v1:Namespace" && !(external && platform.createNamespaces),
  );
  const missing = [wanted.namespace, ...wanted.projects].filter((name) => !known.some(({ id }) => id === name));
  if (missing.length === 0) return [];
  const { context, kubeconfig } = cluster;
  const access = { context, kubeconfig };
  const there = await readNamespaces(access, missing);
  if (there === undefined) return [];
  const id = platformId === "" ? generatedId(state) : platformId;
  // Without an id yet, the program handles an unsigned namespace: it generates an id and names the namespace.
  const isOwn = (one: ClusterNamespace) => id === undefined && !isMadeByPlatform(one);
  const args = { wanted, id, isOwn, kubectl: kubectlCommand(access) };
  // The program itself says what the site's own namespaces lack.
  const problems = ownerProblems(platform.createNamespaces ? there : there.filter(isSigned), args);
  if (problems.length > 0) throw new Error([...problems, "Nothing was changed in the cluster."].join("\n"));
  if (id === undefined) return [];
  return there.filter(({ labels }) => labels[platformLabel] === id).map(({ name }) => name);
}

/** Undefined where the cluster does not tell, which the deployment then reports. */
async function readNamespaces(access: ClusterAccess, names: string[]): Promise<ClusterNamespace[] | undefined> {
  try {
    return await namespacesThere(access, names);
  } catch (error) {
    const reason = errorText(error);
    console.error(`could not check whether the namespaces belong to another platform: ${reason}`);
    return undefined;
  }
}

/** The id that the state keeps. */
function generatedId({ deployment }: Checkpoint): string | undefined {
  const found = (deployment.resources ?? []).find(({ urn }) => {
    const { type, name } = urnParts(urn);
    return type === "random:index/randomId:RandomId" && name === "platform-id";
  });
  return textAt(found?.outputs, "hex");
}
