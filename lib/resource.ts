import { isObject } from "./json.ts";
import { isKubernetesObject, type KubernetesObject, nameOf } from "./kubernetes/objects.ts";

/** One resource as a rule sees it, the same from the preview and from CrossGuard. */
export interface Resource {
  urn: string;
  /** Type token, e.g. `kubernetes:apps/v1:Deployment`. */
  type: string;
  name: string;
  /** Plain inputs; what only a deployment knows is `[known after up]`. */
  inputs: Record<string, unknown>;
  protect: boolean;
  /** URNs of its dependencies. */
  dependencies: readonly string[];
  /** Inputs of its provider, e.g. default tags; empty where it has none. */
  provider: Record<string, unknown>;
}

/** Something that a resource does wrong. */
export interface Violation {
  resource: Resource;
  /** Names what is wrong and where inside the resource; never shows a value that may be secret. */
  message: string;
}

/** The Kubernetes object that a resource is; undefined for all others. */
export function kubernetesObject({ type, inputs }: Resource): KubernetesObject | undefined {
  return type.startsWith("kubernetes:") && isKubernetesObject(inputs) ? inputs : undefined;
}

/** How a message and the list of exceptions name a resource: `Kind/name` for an object, `type name` for others. */
export function labelOf(resource: Resource): string {
  const object = kubernetesObject(resource);
  return object === undefined ? `${resource.type} ${resource.name}` : `${object.kind}/${object.metadata.name}`;
}

/** As `labelOf`, with the object's namespace. */
export function placeOf(resource: Resource): string {
  const object = kubernetesObject(resource);
  return object === undefined ? labelOf(resource) : nameOf(object);
}

/** A map of strings at a path, e.g. labels; empty if there is none. */
export function textsAt(inputs: Record<string, unknown>, path: string): Record<string, string> {
  const found = path.split(".").reduce<unknown>((inner, key) => (isObject(inner) ? inner[key] : undefined), inputs);
  const read = isObject(found) ? found : typeof found === "string" ? parsed(found) : {};
  return Object.fromEntries(Object.entries(read).filter((entry): entry is [string, string] => isText(entry[1])));
}

/** Parses JSON that should be an object; anything else, what is unknown included, is empty. */
export function parsed(text: unknown): Record<string, unknown> {
  if (isObject(text)) return text;
  if (typeof text !== "string") return {};
  try {
    const value: unknown = JSON.parse(text);
    return isObject(value) ? value : {};
  } catch {
    return {};
  }
}

/** Every text inside a value with its path, e.g. `spec.template.metadata.name`. */
export function* textsIn(value: unknown, path = ""): Generator<{ path: string; text: string }> {
  if (typeof value === "string") yield { path, text: value };
  else if (Array.isArray(value) || isObject(value)) {
    for (const [key, inner] of Object.entries(value)) yield* textsIn(inner, path === "" ? key : `${path}.${key}`);
  }
}

function isText(value: unknown): value is string {
  return typeof value === "string";
}
