import type { Check, Finding, Snapshot } from "../check.ts";
import type { Namespace, Service } from "../../../lib/kubernetes/api.ts";
import { nameOf } from "../objects.ts";
import { oneLine } from "../pods.ts";
import { isGoingOf } from "../read.ts";

const loadBalancerFinalizer = "service.kubernetes.io/load-balancer-cleanup";
/** Time that the pods of a namespace may take to end; Postgres writes its checkpoint in it. */
const patienceMs = 180_000;

export const stuckNamespace: Check = {
  id: "stuck-namespace",
  severity: "error",
  looksAt: "the platform's namespaces in deletion, the objects left in them, and their load balancers",
  means:
    "A namespace is stuck in deletion: an object in it has a finalizer that is not removed, often a load balancer's.",
  remedy:
    "Let the controller that set the finalizer finish (is the load balancer's controller running?). If it is gone for good, " +
    'remove the finalizer: kubectl patch … --type merge --patch \'{"metadata":{"finalizers":null}}\', and delete the ' +
    "external resource by hand.",
  threads: ["https://github.com/pulumi/pulumi-kubernetes/issues/1920", "https://github.com/pulumi/pulumi/issues/8504"],
  kinds: ["namespaces", "services"],
  find: (snapshot) =>
    snapshot
      .of("namespaces")
      .filter(isGoingOf(snapshot.platform, snapshot.of("namespaces")))
      .flatMap((namespace) => ofNamespace(namespace, snapshot)),
};

function ofNamespace({ metadata, status }: Namespace, snapshot: Snapshot): Finding[] {
  const left = [
    "NamespaceFinalizersRemaining",
    "NamespaceContentRemaining",
    "NamespaceDeletionContentFailure",
    "NamespaceDeletionDiscoveryFailure",
  ];
  const conditions =
    status.conditions?.filter(({ type, status: holds }) => left.includes(type) && holds === "True") ?? [];
  const ageMs = snapshot.now.getTime() - Date.parse(metadata.deletionTimestamp ?? "");
  const isEnding = conditions.every(({ type }) => type === "NamespaceContentRemaining") && ageMs < patienceMs;
  if (isEnding) return [];
  const where = nameOf("namespaces", { name: metadata.name });
  const balancers = snapshot
    .of("services")
    .filter((service) => service.metadata.namespace === metadata.name)
    .filter((service) => service.metadata.finalizers?.includes(loadBalancerFinalizer));
  const words = conditions
    .map(({ message = "" }) => message)
    .toSorted((a, b) => Number(b.includes("finalizers")) - Number(a.includes("finalizers")));
  const found = `in deletion for ${Math.round(ageMs / 1000)} s: ${oneLine(words.join("; ") || "nothing is left in it")}`;
  const remedy = `kubectl get namespace ${metadata.name} --output yaml; find the object with the finalizer and the controller that removes it`;
  return [
    { where, found, remedy },
    ...balancers.map((service) => ({
      where: nameOf("services", service.metadata),
      found: `its load balancer (${addressOf(service)}) still exists: ${loadBalancerFinalizer}`,
      remedy: "restart the cluster's load balancer controller; without it, delete the load balancer in the cloud first",
    })),
  ];
}

function addressOf({ status }: Service): string {
  const [first] = status.loadBalancer?.ingress ?? [];
  return first?.hostname ?? first?.ip ?? "without an address";
}
