import type { Deployment, Node } from "../../lib/kubernetes/api.ts";
import { kubectl } from "../../lib/kubernetes/kubectl.ts";
import type { Platform } from "./platform.ts";
import type { Cluster } from "./report.ts";

/** Which cluster it is. */
export function clusterOf({ target }: Platform): Cluster {
  const version = JSON.parse(kubectl(target, ["version", "--output", "json"])) as {
    serverVersion: { gitVersion: string };
  };
  const { items } = JSON.parse(kubectl(target, ["get", "nodes", "--output", "json"])) as { items: Node[] };
  const [provider] = (items[0]?.spec?.providerID ?? "none").split(":");
  return {
    context: target.context ?? kubectl(target, ["config", "current-context"]).trim(),
    namespace: target.namespace,
    kubernetes: version.serverVersion.gitVersion,
    provider: provider ?? "none",
    nodes: items.length,
  };
}

/** The tag of each image that the platform's workloads run, by the image's name. */
export function versionsOf({ target }: Platform): Record<string, string> {
  const list = kubectl(target, ["get", "deployments,statefulsets", "--output", "json"]);
  const { items } = JSON.parse(list) as { items: Deployment[] };
  const images = items.flatMap(({ spec }) =>
    (spec.template.spec?.containers ?? []).flatMap(({ image }) => image ?? []),
  );
  return Object.fromEntries(images.map(nameAndTag).sort());
}

/** Name and tag of a reference; a digest counts where there is no tag. */
export function nameAndTag(image: string): [string, string] {
  const [path = "", digest = ""] = image.split("@");
  const [name = "", tag = digest] = (path.split("/").at(-1) ?? "").split(":");
  return [name, tag];
}
