import * as pulumi from "@pulumi/pulumi";
import type { Config } from "../../config.ts";
import { isObject } from "../../lib/json.ts";
import { podRequestsOf } from "../cluster/kinds.ts";
import { type PodRequests, requestingSpec } from "../../lib/kubernetes/pod-requests.ts";
import type { StackShape } from "../description.ts";
import { connectsOutside, groupOf } from "../parts.ts";
import { caFit } from "./ca-certificates.ts";
import { changedAt, combined, fitPod, isEmpty, laidOver, type PodFit } from "./pod-fit.ts";
import { type ProxyConfig, proxyFit } from "./proxy.ts";
import { sizeOf, sizePod } from "./pod-sizes.ts";
import { pullSecrets } from "./registry-logins.ts";

/** The keys that say what a site wants of its pods. */
export type SiteConfig = ProxyConfig & Pick<Config, "caCertificates" | "imagePullSecrets" | "scheduling">;

/** What a site wants of the platform's pods that connect to the outside. */
export function platformFit(config: SiteConfig): PodFit {
  return combined([...insideFits(config), ...outsideFits(config)]);
}

/** What a site wants of the pods that a project's tasks run in; variables of the project's own count. */
export function taskFit(config: SiteConfig, project: Pick<Config["projects"][number], "config">): PodFit {
  const { container, ...fit } = combined([
    pullFit(config),
    { pod: config.scheduling.tasks, container: {}, annotations: {} },
    ...outsideFits(config),
  ]);
  const env = container.env?.filter(({ name }) => !Object.hasOwn(project.config, name));
  return { ...fit, container: env === undefined ? container : { ...container, env } };
}

function insideFits(config: SiteConfig): PodFit[] {
  return [pullFit(config), { pod: config.scheduling.platform, container: {}, annotations: {} }];
}

/** A pod that connects to nothing outside needs neither: nothing inside is behind the proxy or signed by the site. */
function outsideFits(config: SiteConfig): PodFit[] {
  return [proxyFit(config), caFit(config)];
}

function pullFit(config: SiteConfig): PodFit {
  const names = pullSecrets(config);
  const pod = names.length === 0 ? {} : { imagePullSecrets: names.map((name) => ({ name })) };
  return { pod, container: {}, annotations: {} };
}

/**
 * Fits every pod that the program makes itself, and every service account, to the site and to what its cluster asks for.
 *
 * It sees each object before its registration, so that no component can forget it. The pods of a chart's release get the
 * same from the chart's values, and those of tasks from their template.
 */
export function fitEverything(config: SiteConfig & StackShape & Pick<Config, "cluster" | "resources">): void {
  const outside = platformFit(config);
  const requests = podRequestsOf(config.cluster);
  if (isEmpty(outside) && Object.keys(config.resources).length === 0 && requests === undefined) return;
  const inside = combined(insideFits(config));
  /** Pods of no part are add-ons of a cloud, which call its API. */
  const fitted = (template: object): object => {
    const group = groupOf(labelsOf(template));
    const fit = group === undefined || connectsOutside(group, config) ? outside : inside;
    return requestingPod(sizePod(fitPod(template, fit), sizeOf(group, config.resources)), requests);
  };
  pulumi.runtime.registerStackTransformation(({ type, props, opts }) => {
    const object = fittedObject(type, props, fitted, inside);
    return object === undefined ? undefined : { props: object, opts };
  });
}

/** The template of a pod that requests what its cluster asks for. */
export function requestingPod<Template extends object>(
  template: Template,
  requests: PodRequests | undefined,
): Template {
  if (requests === undefined || !("spec" in template)) return template;
  const whole = (spec: unknown) => (isObject(spec) ? requestingSpec(spec, requests) : spec);
  return { ...template, spec: changedAt(template.spec, [], whole) };
}

/** Where each kind of object has the template of its pods. */
const templates: Record<string, string[]> = {
  "apps/v1:DaemonSet": ["spec", "template"],
  "apps/v1:Deployment": ["spec", "template"],
  "apps/v1:StatefulSet": ["spec", "template"],
  "batch/v1:CronJob": ["spec", "jobTemplate", "spec", "template"],
  "batch/v1:Job": ["spec", "template"],
  "core/v1:Pod": [],
};

/** An object that makes pods or is their account, as the site wants it; undefined: another one. */
function fittedObject(
  type: string,
  props: pulumi.Inputs,
  fitted: (template: object) => object,
  { pod: { imagePullSecrets } }: PodFit,
): object | undefined {
  const kind = type.replace(/^kubernetes:/, "");
  if (kind === "core/v1:ServiceAccount")
    return imagePullSecrets === undefined ? undefined : laidOver(props, { imagePullSecrets });
  const path = templates[kind];
  if (path === undefined) return undefined;
  const [first, ...inner] = path;
  if (first === undefined) return fitted(props);
  const whole = (template: unknown) => (isObject(template) ? fitted(template) : template);
  return { ...props, [first]: changedAt(props[first], inner, whole) };
}

function labelsOf(template: object): Record<string, unknown> {
  const metadata = "metadata" in template ? template.metadata : undefined;
  return isObject(metadata) && isObject(metadata.labels) ? metadata.labels : {};
}
