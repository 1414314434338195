import * as pulumi from "@pulumi/pulumi";
import type { Config } from "../../config.ts";
import { isObject } from "../../lib/json.ts";
import { fitPod, isEmpty, laidOver, type PodFit, whenKnown } from "./pod-fit.ts";
import { pullSecrets } from "./registry-logins.ts";

/** The keys that say what a site wants of its pods. */
export type SiteConfig = Pick<Config, "imagePullSecrets" | "secrets">;

/** What a site wants of the platform's pods. */
export function platformFit(config: SiteConfig): PodFit {
  return { pod: pulling(config), container: {}, annotations: {} };
}

/** What a site wants of the pods that tasks run in. */
export function taskFit(config: SiteConfig): PodFit {
  return { pod: pulling(config), container: {}, annotations: {} };
}

function pulling(config: SiteConfig): PodFit["pod"] {
  const names = pullSecrets(config);
  return names.length === 0 ? {} : { imagePullSecrets: names.map((name) => ({ name })) };
}

/**
 * Fits every pod that the program makes itself, and every service account, to the site.
 *
 * It sees each object before its registration, so that no component can forget it. The pods of a chart's release get the
 * same from the chart's values, and those of tasks from their template.
 */
export function fitEverything(config: SiteConfig): void {
  const fit = platformFit(config);
  if (isEmpty(fit)) return;
  pulumi.runtime.registerStackTransformation(({ type, props, opts }) => {
    const fitted = fittedObject(type, props, fit);
    return fitted === undefined ? undefined : { props: fitted, opts };
  });
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
function fittedObject(type: string, props: pulumi.Inputs, fit: PodFit): object | undefined {
  const kind = type.replace(/^kubernetes:/, "");
  if (kind === "core/v1:ServiceAccount") {
    const { imagePullSecrets } = fit.pod;
    return imagePullSecrets === undefined ? undefined : laidOver(props, { imagePullSecrets });
  }
  const path = templates[kind];
  if (path === undefined) return undefined;
  const [first, ...inner] = path;
  if (first === undefined) return fitPod(props, fit);
  return { ...props, [first]: changedAt(props[first], inner, (template) => fitPod(template, fit)) };
}

function changedAt(value: unknown, path: readonly string[], change: (found: object) => unknown): unknown {
  return whenKnown(value, (known) => {
    if (!isObject(known)) return known;
    const [key, ...rest] = path;
    return key === undefined ? change(known) : { ...known, [key]: changedAt(known[key], rest, change) };
  });
}
