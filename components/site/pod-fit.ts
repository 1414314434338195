import * as pulumi from "@pulumi/pulumi";
import { isObject } from "../../lib/json.ts";
import type { Container, PodSpec } from "../../lib/kubernetes/api.ts";

/** What a site wants of a pod, whatever runs in it. If the pod says something else, the pod's own setting counts. */
export interface PodFit {
  pod: Partial<PodSpec>;
  /** Of every container. */
  container: Partial<Container>;
  /** Of the pod; a changed one restarts it. */
  annotations: Record<string, string>;
}

/** Of a site that wants nothing. */
export const noFit: PodFit = { pod: {}, container: {}, annotations: {} };

/** Whether a site wants nothing of a pod. */
export function isEmpty({ pod, container, annotations }: PodFit): boolean {
  return [pod, container, annotations].every((fields) => Object.keys(fields).length === 0);
}

/** All that several fits want; the first counts where two say something else. */
export function combined(fits: readonly PodFit[]): PodFit {
  return fits.reduce(
    (one, other) => ({
      pod: laidOver(one.pod, other.pod),
      container: laidOver(one.container, other.container),
      annotations: laidOver(one.annotations, other.annotations),
    }),
    noFit,
  );
}

/** A pod, or the template of one, as the site wants it. */
export function fitPod<Template extends object>(template: Template, fit: PodFit): Template {
  if (isEmpty(fit)) return template;
  const fields = {
    metadata: whenKnown(valueOf(template, "metadata"), (own) => withAnnotations(own, fit.annotations)),
    spec: whenKnown(valueOf(template, "spec"), (own) => (isObject(own) ? fitSpec(own, fit) : own)),
  };
  return { ...template, ...fields };
}

function fitSpec(own: Record<string, unknown>, { pod, container }: PodFit): Record<string, unknown> {
  const containers = ["initContainers", "containers"]
    .filter((key) => own[key] !== undefined)
    .map((key) => [key, eachOf(own[key], (one) => (isObject(one) ? laidOver(one, container) : one))] as const);
  return { ...laidOver(own, pod), ...Object.fromEntries(containers) };
}

function withAnnotations(metadata: unknown, annotations: Record<string, string>): unknown {
  return Object.keys(annotations).length === 0
    ? metadata
    : laidOver(isObject(metadata) ? metadata : {}, { annotations });
}

/**
 * An object's own fields over the site's.
 *
 * Lists are joined, and so are the fields of an object. In a list, an element of the object replaces the site's element of
 * the same name.
 */
export function laidOver<Own extends object>(own: Own, ofSite: object): Own {
  const fields = Object.entries(ofSite).map(([key, value]) => [key, joined(valueOf(own, key), value)] as const);
  return { ...own, ...Object.fromEntries(fields) };
}

function joined(own: unknown, ofSite: unknown): unknown {
  return whenKnown(own, (known) => {
    if (known === undefined) return ofSite;
    if (isList(known) && isList(ofSite)) {
      const names = new Set(known.map((item) => valueOf(item, "name")));
      names.delete(undefined);
      return [...known, ...ofSite.filter((item) => !names.has(valueOf(item, "name")))];
    }
    return isObject(known) && isObject(ofSite) ? { ...ofSite, ...known } : known;
  });
}

function eachOf(list: unknown, change: (item: unknown) => unknown): unknown {
  return whenKnown(list, (known) => (isList(known) ? known.map((item) => whenKnown(item, change)) : known));
}

/** Changes an output when it is known, and everything else at once, so that a preview shows all of it. */
function whenKnown(value: unknown, change: (known: unknown) => unknown): unknown {
  if (value instanceof Promise) return value.then(change);
  return pulumi.Output.isInstance<unknown>(value) ? value.apply(change) : change(value);
}

/** Changes what is at a path below a value; an object that the path does not fit stays as it is. */
export function changedAt(value: unknown, path: readonly string[], change: (found: unknown) => unknown): unknown {
  const [key, ...rest] = path;
  return whenKnown(value, (known) => {
    if (key === undefined) return change(known);
    return isObject(known) ? { ...known, [key]: changedAt(known[key], rest, change) } : known;
  });
}

function isList(value: unknown): value is unknown[] {
  return Array.isArray(value);
}

function valueOf(value: unknown, key: string): unknown {
  return isObject(value) ? value[key] : undefined;
}
