import * as pulumi from "@pulumi/pulumi";
import type { Config } from "../../config.ts";
import { UserError } from "../../config/errors.ts";
import { projectNamespace } from "../../config/project-namespace.ts";
import { withKubeconfig } from "../../lib/kubernetes/kubeconfig.ts";
import { type ClusterAccess, kubectlCommand } from "../../lib/kubernetes/kubectl.ts";
import type { Cluster } from "../cluster/cluster.ts";
import { labelCommand, namespaceLabels } from "./namespace-labels.ts";
import {
  type ClusterNamespace,
  isMadeByPlatform,
  namespacesThere,
  ownerProblems,
  type PlatformNamespaces,
  siteProblems,
  withoutLabels,
} from "./namespace-owners.ts";

/** The keys that say which namespaces a platform has, and whose duty they are. */
type NamespaceConfig = Pick<Config, "createNamespaces" | "namespace" | "projectNamespacePrefix" | "projects">;

/** The namespaces of a configuration. */
export function namespacesOf({
  namespace,
  projectNamespacePrefix,
  projects,
}: Pick<NamespaceConfig, "namespace" | "projectNamespacePrefix" | "projects">): PlatformNamespaces {
  return { namespace, projects: projects.map(({ name }) => projectNamespace(projectNamespacePrefix, name)) };
}

/**
 * What asks the cluster, before anything is changed there, whether the platform's namespaces are another's.
 *
 * The API server would refuse some of it later, in its own words: another platform's label by a conflict, an object that
 * exists by the provider. The program does not see its state, so that it takes unsigned namespaces with a platform's labels
 * for those of its own older version; `make up` compares them with the state.
 *
 * @returns undefined without an engine: a preview that asks no cluster
 */
export function admission(
  config: NamespaceConfig,
  cluster: Pick<Cluster, "access" | "kubeconfig">,
): ((id: pulumi.Output<string>) => pulumi.Output<string>) | undefined {
  const access = cluster.access ?? cluster.kubeconfig;
  if (access === undefined || !pulumi.runtime.hasEngine()) return undefined;
  if (!pulumi.Output.isInstance(access))
    return (id) => id.apply(async (own) => admitted(own, config, access, kubectlCommand(access)));
  // The kubeconfig of a cluster that is changed is unknown in a preview, and with it the id would be.
  if (pulumi.runtime.isDryRun()) return undefined;
  return (id) =>
    pulumi
      .all([id, pulumi.unsecret(access)])
      .apply(([own, text]) => withKubeconfig(text, (file) => admitted(own, config, file, "kubectl")));
}

/** @throws UserError that names each owner of a namespace that is not this platform's */
async function admitted(id: string, config: NamespaceConfig, access: ClusterAccess, command: string): Promise<string> {
  const wanted = namespacesOf(config);
  const there = await namespacesThere(access, [wanted.namespace, ...wanted.projects]).catch((error: unknown) => {
    // The provider reports a cluster that does not answer.
    const reason = error instanceof Error ? error.message.trim() : String(error);
    void pulumi.log.warn(`could not check whether the namespaces belong to another platform: ${reason}`);
    return undefined;
  });
  if (there === undefined) return id;
  const args = { wanted, id, isOwn: isMadeByPlatform, kubectl: command };
  const labels = namespaceLabels(id);
  const problems = config.createNamespaces ? ownerProblems(there, args) : siteProblems(there, { ...args, labels });
  if (problems.length > 0) throw new UserError([...problems, "Nothing was changed in the cluster."].join("\n"));
  if (!config.createNamespaces) warnOfLabels(there, labels, command);
  return id;
}

/** A namespace that lets every pod in is the site's decision; it is told once an update. */
function warnOfLabels(there: ClusterNamespace[], labels: Record<string, string>, kubectl: string): void {
  const names = withoutLabels(there, labels).map(({ name }) => name);
  if (names.length === 0) return;
  const command = labelCommand(names, labels, kubectl);
  void pulumi.log.warn(`these namespaces lack labels that keep pods and platforms apart: ${command}`);
}
