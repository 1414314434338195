import * as k8s from "@pulumi/kubernetes";
import type * as pulumi from "@pulumi/pulumi";
import type { Config } from "../../config.ts";
import { labels } from "../objects/labels.ts";
import { caBundle } from "./ca-certificates.ts";
import { caConfigMap, proxySecret, registrySecret } from "./description.ts";
import { type ProxyConfig, proxyUrls } from "./proxy.ts";
import { dockerConfig } from "./registry-logins.ts";

type Data = Record<string, pulumi.Input<string>>;

/** What pods of any namespace read of the site. */
export interface SiteObjects {
  /** Type and content of each Secret by its name. */
  secrets: Record<string, { type: string; stringData: Data }>;
  /** Content of each ConfigMap by its name. */
  configMaps: Record<string, Data>;
}

/** Of a site that needs nothing. */
export const noSiteObjects: SiteObjects = { secrets: {}, configMaps: {} };

/** What a configuration puts into each namespace with pods of the stack. */
export function siteObjects(config: ProxyConfig & Pick<Config, "caCertificates">): SiteObjects {
  const logins = dockerConfig(config.secrets);
  const proxy = proxyUrls(config);
  const bundle = caBundle(config);
  return {
    secrets: {
      ...(logins === undefined
        ? {}
        : {
            [registrySecret]: { type: "kubernetes.io/dockerconfigjson", stringData: { ".dockerconfigjson": logins } },
          }),
      ...(proxy === undefined ? {} : { [proxySecret]: { type: "Opaque", stringData: proxy } }),
    },
    configMaps: bundle === undefined ? {} : { [caConfigMap]: bundle },
  };
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
  { secrets, configMaps }: SiteObjects,
  opts: pulumi.CustomResourceOptions,
): pulumi.Output<string>[] {
  const metadata = (name: string) => ({ name, namespace, labels: labels("site", name) });
  return [
    ...Object.entries(secrets).map(
      ([name, content]) =>
        new k8s.core.v1.Secret(`${prefix}-${name}`, { metadata: metadata(name), ...content }, opts).metadata.name,
    ),
    ...Object.entries(configMaps).map(
      ([name, data]) =>
        new k8s.core.v1.ConfigMap(`${prefix}-${name}`, { metadata: metadata(name), data }, opts).metadata.name,
    ),
  ];
}
