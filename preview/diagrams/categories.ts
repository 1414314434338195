import { clouds } from "../../components/cluster/kinds.ts";
import type { Purpose } from "../../components/cluster/kind.ts";

/** The purpose of each kind of resource, so that a diagram shows the composition of a component. */
interface Category {
  name: Purpose | "other";
  fill: string;
  /** Kinds of Kubernetes and of the program, as `kindOf` names them. */
  kinds: RegExp;
}

/** The first that fits counts; the last one fits everything. A cloud knows its own kinds. */
export const categories: readonly Category[] = [
  { name: "compute", fill: "#c3ddfd", kinds: /^(Chart|CronJob|DaemonSet|Deployment|Job|StatefulSet)$/ },
  { name: "data", fill: "#bfe8c8", kinds: /^PersistentVolume|^StorageClass$|^Image$/ },
  { name: "identity", fill: "#dcd0f5", kinds: /^ServiceAccount$|^(Cluster)?Role(Binding)?$/ },
  { name: "settings, secrets", fill: "#fbe3a4", kinds: /^(ConfigMap|Secret|Random\w+)$/ },
  { name: "network", fill: "#b9e6ea", kinds: /^(HTTPRoute|Ingress|NetworkPolicy|Service)$/ },
  { name: "other", fill: "#dde3e9", kinds: /^/ },
];

export function categoryOf(kind: string): Category {
  const purposes: Partial<Record<Category["name"], RegExp>> =
    clouds.find(({ provider }) => kind.startsWith(`${provider}.`))?.purposes ?? {};
  const found = categories.find(({ name, kinds }) => kinds.test(kind) || purposes[name]?.test(kind));
  if (found === undefined) throw new Error(`${kind} has no category`);
  return found;
}
