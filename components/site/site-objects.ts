import * as k8s from "@pulumi/kubernetes";
import type * as pulumi from "@pulumi/pulumi";
import type { Config } from "../../config.ts";
import { labels } from "../objects/labels.ts";
import { registrySecret } from "./description.ts";
import { dockerConfig } from "./registry-logins.ts";

/** What pods of any namespace read of the site. */
export interface SiteObjects {
  /** Type and content of each Secret by its name. */
  secrets: Record<string, { type: string; stringData: Record<string, pulumi.Input<string>> }>;
}

/** Of a site that needs nothing. */
export const noSiteObjects: SiteObjects = { secrets: {} };

/** What a configuration puts into each namespace with pods of the stack. */
export function siteObjects(config: Pick<Config, "secrets">): SiteObjects {
  const logins = dockerConfig(config.secrets);
  const docker = (text: pulumi.Input<string>) => ({
    type: "kubernetes.io/dockerconfigjson",
    stringData: { ".dockerconfigjson": text },
  });
  return { secrets: logins === undefined ? {} : { [registrySecret]: docker(logins) } };
}

/**
 * Makes the objects in a namespace.
 *
 * @param prefix of the resources' names
 * @returns their names, for what has to wait for them
 */
export function makeSiteObjects(
  prefix: string,
  namespace: pulumi.Input<string>,
  { secrets }: SiteObjects,
  opts: pulumi.CustomResourceOptions,
): pulumi.Output<string>[] {
  return Object.entries(secrets).map(([name, content]) => {
    const metadata = { name, namespace, labels: labels("site", name) };
    return new k8s.core.v1.Secret(`${prefix}-${name}`, { metadata, ...content }, opts).metadata.name;
  });
}
