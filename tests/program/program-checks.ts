import { readdirSync, readFileSync } from "node:fs";
import { basename, join } from "node:path";
import { podSpecOf } from "../../lib/kubernetes/demand.ts";
import { isNamespaced, type KubernetesObject, nameOf } from "../../lib/kubernetes/objects.ts";
import type { Rendering } from "../../preview/render.ts";
import { replacementsOf } from "../../preview/replacements/replacements.ts";
import { inputProblems } from "../../preview/facts/input-problems.ts";
import { chartWavesOf, wavesOf } from "../../preview/recorder/waves.ts";
import { at, isObject, listAt } from "../../lib/json.ts";
import { allObjects, containersOf, podMakers } from "./program-objects.ts";

/** Finds what is wrong with a program; one sentence each. */
export type Check = (rendering: Rendering) => string[];

const componentsFolder = join(import.meta.dirname, "../../components");

/** By name: files of several folders may have the same. */
const componentFiles = Map.groupBy(
  readdirSync(componentsFolder, { recursive: true, encoding: "utf8" }).filter((path) => path.endsWith(".ts")),
  (path) => basename(path, ".ts"),
);

const typeTokens: Check = ({ resources }) =>
  resources
    .filter(({ custom, remote }) => !custom && !remote)
    .filter(({ type }) => {
      const [, file = "", name = ""] = /^mlops:([a-z][a-z0-9-]*):([A-Z]\w*)$/.exec(type) ?? [];
      const paths = componentFiles.get(file) ?? [];
      return !paths.some((path) =>
        readFileSync(join(componentsFolder, path), "utf8").includes(`class ${name} extends`),
      );
    })
    .map(({ urn }) => `${urn} is not named after its file and class`);

const parents: Check = ({ resources }) =>
  resources
    .filter(({ parent, type }) => parent === "" && !type.startsWith("mlops:"))
    .map(({ urn }) => `${urn} is no component and has no parent`);

/** Packages whose resources reach something by their provider's configuration; `random` has none, `docker-build` takes the machine's. */
const configuredPackages = ["kubernetes", "gcp", "aws"];

const isConfigured = (token: string) => configuredPackages.includes(token.split(":")[0] ?? "");

const providers: Check = ({ resources, lookups }) => [
  ...resources
    .filter(({ type, custom, remote }) => (custom || remote) && isConfigured(type))
    .filter(({ provider }) => provider === "")
    .map(({ urn }) => `${urn} uses the default provider`),
  ...lookups
    .filter(({ token, provider }) => isConfigured(token) && provider === "")
    .map(({ token }) => `${token} is asked of the default provider`),
];

/** Without a preview, the engine deletes what depends on a protected resource before it refuses. */
const guarded: Check = ({ resources }) => {
  if (!resources.some(({ protect }) => protect)) return [];
  const guard = resources.find(({ type }) => type === "mlops:destroy-guard:DestroyGuard");
  if (guard?.protect !== true) return ["nothing guards what is protected from a destroy"];
  const byUrn = new Map(resources.map((resource) => [resource.urn, resource]));
  const before = new Set<string>();
  const pending = [guard.urn];
  for (let urn = pending.pop(); urn !== undefined; urn = pending.pop()) {
    if (before.has(urn)) continue;
    before.add(urn);
    const { dependencies = [], parent = "", provider = "" } = byUrn.get(urn) ?? {};
    pending.push(...dependencies, parent, provider.replace(/::[^:]+$/, ""));
  }
  return resources
    .filter(({ urn, custom, remote }) => (custom || remote) && !before.has(urn))
    .map(({ urn }) => `${urn} goes before a destroy is refused`);
};

const uniqueObjects: Check = (rendering) => {
  const names = allObjects(rendering).map((object) => `${object.apiVersion.split("/")[0]} ${nameOf(object)}`);
  return names.filter((name, i) => names.indexOf(name) < i).map((name) => `${name} exists twice`);
};

/** The URN of each namespace that a program creates, or reads as the site's, by its name. */
function namespacesOf({ resources }: Pick<Rendering, "resources">): Map<unknown, string> {
  const created = resources
    .filter(({ type }) => type === "kubernetes:core/v1:Namespace")
    .map(({ urn, inputs }) => [at(inputs, "metadata.name"), urn] as const);
  // A read is not recorded; it is below the component that reads.
  const read = resources
    .filter(({ outputs }) => outputs.labelCommand !== undefined)
    .map(
      ({ urn, outputs }) =>
        [outputs.namespaceName, urn.replace(/::([^:]+)$/, "$kubernetes:core/v1:Namespace::$1")] as const,
    );
  return new Map([...created, ...read]);
}

const namespaces: Check = (rendering) => {
  const objects = allObjects(rendering);
  const known = namespacesOf(rendering);
  return objects.flatMap((object) => {
    const { namespace } = object.metadata;
    if (!isNamespaced(object)) return namespace === undefined ? [] : [`${nameOf(object)} has a namespace`];
    // Every cluster has this one; what a cluster's kind adds to all platforms is there.
    if (namespace === "kube-system") return [];
    return known.has(namespace) ? [] : [`${nameOf(object)} is in no namespace of the stack`];
  });
};

/** The provider adopts what exists: what does not wait for its namespace would be taken from another platform's. */
const namespaceFirst: Check = ({ resources }) => {
  const made = namespacesOf({ resources });
  const byUrn = new Map(resources.map((resource) => [resource.urn, resource]));
  // A child is registered after the component around it, and that one after what it depends on.
  const waitsFor = (urn: string, before: string): boolean => {
    const resource = byUrn.get(urn);
    if (resource === undefined) return false;
    return [...resource.dependencies, resource.parent].some((first) => first === before || waitsFor(first, before));
  };
  return resources
    .filter(({ type }) => type.startsWith("kubernetes:"))
    .flatMap(({ urn, inputs }) => {
      const namespace = made.get(at(inputs, "metadata.namespace"));
      return namespace === undefined || waitsFor(urn, namespace) ? [] : [`${urn} does not wait for its namespace`];
    });
};

const applyOrder: Check = ({ resources, charts }) => {
  const waves = wavesOf(resources);
  charts.forEach(({ rendered }) => chartWavesOf(rendered.objects ?? []));
  return resources.flatMap(({ urn, dependencies }) =>
    dependencies
      .filter((before) => (waves.get(before) ?? 0) >= (waves.get(urn) ?? 0) && (waves.get(before) ?? -1) >= 0)
      .map((before) => `${urn} is not after ${before}`),
  );
};

const references: Check = (rendering) => {
  const objects = allObjects(rendering);
  const known = new Set(objects.map(({ kind, metadata }) => `${kind} ${metadata.namespace}/${metadata.name}`));
  return podMakers(rendering).flatMap((object) =>
    referencesOf(object)
      .filter(({ kind, name }) => !known.has(`${kind} ${object.metadata.namespace}/${name}`))
      .map(({ kind, name }) => `${nameOf(object)} names the ${kind} ${name}, which does not exist`),
  );
};

interface Reference {
  kind: string;
  name: string;
}

/** What a pod cannot start without. */
function referencesOf(object: KubernetesObject): Reference[] {
  const pod = podSpecOf(object);
  if (pod === undefined) return [];
  const named = (kind: string, source: unknown, key = "name"): Reference[] => {
    const name = at(source, key);
    return typeof name === "string" && at(source, "optional") !== true ? [{ kind, name }] : [];
  };
  const volumes = listAt(pod, "volumes").flatMap((volume) => [
    ...named("ConfigMap", at(volume, "configMap")),
    ...named("Secret", at(volume, "secret"), "secretName"),
    ...named("PersistentVolumeClaim", at(volume, "persistentVolumeClaim"), "claimName"),
    ...listAt(volume, "projected.sources").flatMap((source) => [
      ...named("ConfigMap", at(source, "configMap")),
      ...named("Secret", at(source, "secret")),
    ]),
  ]);
  const environment = containersOf(object).flatMap(({ container }) => [
    ...listAt(container, "env").flatMap((entry) => [
      ...named("ConfigMap", at(entry, "valueFrom.configMapKeyRef")),
      ...named("Secret", at(entry, "valueFrom.secretKeyRef")),
    ]),
    ...listAt(container, "envFrom").flatMap((entry) => [
      ...named("ConfigMap", at(entry, "configMapRef")),
      ...named("Secret", at(entry, "secretRef")),
    ]),
  ]);
  const account = named("ServiceAccount", pod, "serviceAccountName").filter(({ name }) => name !== "default");
  return [...account, ...volumes, ...environment];
}

const selectors: Check = (rendering) => {
  const objects = allObjects(rendering);
  const pods = podMakers(rendering);
  const isWhole = rendering.charts.every(({ rendered }) => rendered.objects !== undefined);
  if (!isWhole) return [];
  return objects
    .filter(({ kind }) => kind === "Service")
    .filter((service) => {
      const selector = at(service, "spec.selector");
      return isObject(selector) && !pods.some((pod) => selects(selector, service, pod));
    })
    .map((service) => `${nameOf(service)} selects no pod`);
};

function selects(selector: Record<string, unknown>, service: KubernetesObject, pod: KubernetesObject): boolean {
  const podLabels = at(pod, "spec.template.metadata.labels") ?? pod.metadata.labels;
  return (
    pod.metadata.namespace === service.metadata.namespace &&
    Object.entries(selector).every(([key, value]) => isObject(podLabels) && podLabels[key] === value)
  );
}

const ownPods: Check = ({ objects }) =>
  objects.flatMap(({ object }) => {
    const pod = podSpecOf(object);
    if (pod === undefined) return [];
    const pull = containersOf(object)
      .filter(({ container }) => container.imagePullPolicy !== "IfNotPresent")
      .map(({ place }) => `${place} has not imagePullPolicy IfNotPresent`);
    const links = pod.enableServiceLinks === false ? [] : [`${nameOf(object)} has service links`];
    return [...pull, ...links];
  });

/** Pulumi would wait ten seconds for the pods of each, whose workload it waits for anyway; a balancer's address is awaited. */
const servicesAwaited: Check = ({ objects }) =>
  objects
    .filter(({ object }) => object.kind === "Service" && at(object, "spec.type") !== "LoadBalancer")
    .filter(
      ({ object: { metadata } }) =>
        !isObject(metadata.annotations) || metadata.annotations["pulumi.com/skipAwait"] !== "true",
    )
    .map(({ object }) => `${nameOf(object)} is waited for`);

const replacements: Check = (rendering) => {
  const types = [...new Set(rendering.resources.map(({ type }) => type))];
  return types
    .filter((type) => replacementsOf(type) === undefined)
    .map((type) => `${type} is in no table of replacements`);
};

const inputs: Check = ({ resources }) => resources.flatMap(inputProblems);

/** What must hold for every stack and every configuration, beside the policies. */
export const checks: Record<string, Check> = {
  "every component is named mlops:<file>:<Class>": typeTokens,
  "only components are at the root": parents,
  "nothing uses a default provider": providers,
  "a destroy of what is protected is refused first": guarded,
  "no object exists twice": uniqueObjects,
  "every object is in a namespace that the stack makes": namespaces,
  "every object waits for its namespace": namespaceFirst,
  "the objects have an order to apply them in": applyOrder,
  "what a pod names exists": references,
  "every Service selects pods": selectors,
  "no Service inside the cluster is waited for": servicesAwaited,
  "own pods pull no image that is there and get no service links": ownPods,
  "it is known which changes replace each resource": replacements,
  "the providers accept every input": inputs,
};
