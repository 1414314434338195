import assert from "node:assert/strict";
import { randomBytes } from "node:crypto";
import { podSpecOf } from "../../lib/kubernetes/demand.ts";
import { isNamespaced, type KubernetesObject } from "../../lib/kubernetes/objects.ts";
import { isObject, listAt, textAt } from "../../lib/json.ts";
import { kubectl } from "../cluster.ts";
import { type KindDefinition, kindDefinitions } from "./kind-definitions.ts";

/** Groups of a cloud's own kinds, which no other API server knows: their objects cannot be asked for here. */
const cloudGroups = ["cloud.google.com", "networking.gke.io"];

/** Warnings that are no news: GKE's ingress controller reads its class from the old annotation alone. */
const knownWarnings = ['annotation "kubernetes.io/ingress.class" is deprecated'];

/** The kinds among objects that only their own cloud's API server could accept, e.g. `ManagedCertificate`. */
export function uncheckableKinds(objects: readonly KubernetesObject[]): string[] {
  return [...new Set(objects.filter(isOfCloud).map(({ kind }) => kind))].toSorted();
}

function isOfCloud({ apiVersion }: KubernetesObject): boolean {
  return cloudGroups.includes(apiVersion.split("/")[0] ?? "");
}

/**
 * Asks an API server whether it would take objects, by a dry run with strict validation.
 *
 * Namespaces are its own, so that a platform on the same cluster stays out of it; they enforce `restricted`.
 */
export class AcceptingCluster {
  readonly #kubeconfig: string;
  readonly #prefix = `accept-${randomBytes(3).toString("hex")}`;
  readonly #namespaces = new Set<string>();
  readonly #accepted = new Set<string>();
  /** The kinds that the cluster was asked for, each with whether it has them by the definition of the tests. */
  readonly #defined = new Map<KindDefinition, boolean>();

  constructor(kubeconfig: string) {
    this.#kubeconfig = kubeconfig;
  }

  /**
   * Fails unless the server takes every object without a warning; those of `uncheckableKinds` are left out.
   *
   * @returns how many of them it was not asked before
   */
  async accept(objects: readonly KubernetesObject[]): Promise<number> {
    const asked = objects.filter((object) => !isOfCloud(object) && !this.#accepted.has(JSON.stringify(object)));
    if (asked.length === 0) return 0;
    await this.#makeNamespaces(asked);
    for (const kind of kindDefinitions) if (asked.some(kind.defines)) await this.#define(kind);
    const taken = await this.#takenNodePorts();
    await this.#dryRun(asked.map((object) => withoutPorts(this.#placed(object), taken)));
    asked.forEach((object) => this.#accepted.add(JSON.stringify(object)));
    return asked.length;
  }

  /** The same for the pods that objects make: only a pod itself is refused where `restricted` is enforced. */
  acceptPods(makers: readonly KubernetesObject[]): Promise<number> {
    return this.accept(makers.flatMap(podOf));
  }

  async remove(): Promise<void> {
    const names = [...this.#namespaces];
    if (names.length > 0) await kubectl(this.#kubeconfig, ["delete", "namespace", "--wait=false", ...names]);
    for (const [{ definition }, isOfTests] of this.#defined) {
      if (isOfTests) await kubectl(this.#kubeconfig, ["delete", "crd", definition.metadata.name]);
    }
  }

  /** A cluster without the Gateway API or the Prometheus Operator gets a definition for as long as the tests run. */
  async #define(kind: KindDefinition): Promise<void> {
    if (this.#defined.has(kind)) return;
    const { definition } = kind;
    const { name } = definition.metadata;
    const { stdout } = await kubectl(this.#kubeconfig, ["get", "crd", name, "--ignore-not-found", "--output=name"]);
    this.#defined.set(kind, stdout === "");
    if (stdout !== "") return;
    await kubectl(this.#kubeconfig, ["create", "--filename=-"], JSON.stringify(definition));
    await kubectl(this.#kubeconfig, ["wait", "--for=condition=Established", `crd/${name}`, "--timeout=60s"]);
  }

  async #dryRun(items: readonly KubernetesObject[]): Promise<void> {
    const list = JSON.stringify({ apiVersion: "v1", kind: "List", items });
    const flags = ["--server-side", "--dry-run=server", "--validate=strict", "--field-manager=accepted-test"];
    const { stdout, stderr } = await kubectl(this.#kubeconfig, ["apply", ...flags, "--filename=-"], list);
    const warnings = stderr
      .split("\n")
      .filter((line) => line !== "" && !knownWarnings.some((text) => line.includes(text)));
    assert.deepEqual(warnings, [], "the API server warns");
    assert.equal(stdout.trim().split("\n").length, items.length);
  }

  #placed(object: KubernetesObject): KubernetesObject {
    const { name, namespace, ...metadata } = object.metadata;
    if (!isNamespaced(object)) return { ...object, metadata: { ...metadata, name: `${this.#prefix}-${name}` } };
    return { ...object, metadata: { ...metadata, name, namespace: this.#namespaceFor(namespace) } };
  }

  #namespaceFor(namespace: string | undefined): string {
    return `${this.#prefix}-${namespace ?? "none"}`;
  }

  async #makeNamespaces(objects: readonly KubernetesObject[]): Promise<void> {
    const wanted = objects.filter(isNamespaced).map(({ metadata }) => this.#namespaceFor(metadata.namespace));
    for (const name of new Set(wanted)) {
      if (this.#namespaces.has(name)) continue;
      const labels = Object.fromEntries(
        ["enforce", "warn"].map((mode) => [`pod-security.kubernetes.io/${mode}`, "restricted"]),
      );
      const namespace = { apiVersion: "v1", kind: "Namespace", metadata: { name, labels } };
      await kubectl(this.#kubeconfig, ["create", "--filename=-"], JSON.stringify(namespace));
      this.#namespaces.add(name);
      // A pod is refused until its namespace has the account that it runs as.
      const account = ["wait", "--for=create", "serviceaccount/default", `--namespace=${name}`, "--timeout=60s"];
      await kubectl(this.#kubeconfig, account);
    }
  }

  /** A port of the node belongs to one Service of the whole cluster. */
  async #takenNodePorts(): Promise<ReadonlySet<unknown>> {
    const path = "jsonpath={.items[*].spec.ports[*].nodePort}";
    const { stdout } = await kubectl(this.#kubeconfig, ["get", "services", "--all-namespaces", `--output=${path}`]);
    return new Set(stdout.split(/\s+/).map(Number));
  }
}

function withoutPorts(object: KubernetesObject, taken: ReadonlySet<unknown>): KubernetesObject {
  const { spec } = object;
  if (object.kind !== "Service" || !isObject(spec) || !Array.isArray(spec.ports)) return object;
  const ports = spec.ports.map((port: Record<string, unknown>) =>
    taken.has(port.nodePort) ? { ...port, nodePort: undefined } : port,
  );
  return { ...object, spec: { ...spec, ports } };
}

/** The pod as its controller would make it, with the namespace's own account and priority, since a dry run made no other. */
function podOf(maker: KubernetesObject): KubernetesObject[] {
  const pod = podSpecOf(maker);
  if (pod === undefined) return [];
  const claims = listAt(maker, "spec.volumeClaimTemplates");
  const claimed = claims.map((claim) => ({ name: textAt(claim, "metadata.name"), emptyDir: {} }));
  const volumes = [...listAt(pod, "volumes"), ...claimed];
  const { name, namespace } = maker.metadata;
  const metadata = namespace === undefined ? { name } : { name, namespace };
  return [
    {
      apiVersion: "v1",
      kind: "Pod",
      metadata,
      spec: { restartPolicy: "Always", ...pod, serviceAccountName: undefined, priorityClassName: undefined, volumes },
    },
  ];
}
