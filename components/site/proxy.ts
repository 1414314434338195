import * as pulumi from "@pulumi/pulumi";
import type { Config } from "../../config.ts";
import type { Egress } from "../../config/site/network.ts";
import { isAddress, isRange, rangeOf } from "../../lib/cidr.ts";
import { portOf } from "../network/egress.ts";
import { podGroupNames, podGroups } from "../parts.ts";
import { proxySecret } from "./description.ts";
import { noFit, type PodFit } from "./pod-fit.ts";

/** The keys that say how pods reach what is outside. */
export type ProxyConfig = Pick<Config, "cluster" | "postgres" | "proxy" | "secrets">;

/** The protocols that have a proxy of their own, as the variables' names begin. */
const protocols = ["http", "https"] as const;

/**
 * The variables by which clients find the proxy, in capitals and in small letters: curl reads `http_proxy` alone, and others
 * the capitals alone.
 */
export function proxyFit(config: ProxyConfig): PodFit {
  const { proxy, secrets } = config;
  if (proxy === undefined) return noFit;
  const urls = protocols.flatMap((protocol) => {
    const value = proxy[protocol];
    if (value === undefined) return [];
    const source = secrets.has("proxy.username")
      ? { valueFrom: { secretKeyRef: { name: proxySecret, key: protocol } } }
      : { value };
    return spelled(`${protocol}_proxy`).map((name) => ({ name, ...source }));
  });
  const value = withoutProxy(config).join(",");
  const env = [...urls, ...spelled("no_proxy").map((name) => ({ name, value })), gcsfsEnvironment];
  const { proxyFingerprint } = secrets;
  return {
    pod: {},
    container: { env },
    annotations: proxyFingerprint === undefined ? {} : { "mlops/proxy-login-fingerprint": proxyFingerprint },
  };
}

/** gcsfs, with which the images reach Cloud Storage, ignores the other variables unless told. */
const gcsfsEnvironment = { name: "FSSPEC_GCS", value: JSON.stringify({ session_kwargs: { trust_env: true } }) };

function spelled(name: string): string[] {
  return [name.toUpperCase(), name];
}

/** URLs of the proxy with its login, by their keys in the Secret; undefined: the URLs are not secret. */
export function proxyUrls({ proxy, secrets }: ProxyConfig): Record<string, pulumi.Output<string>> | undefined {
  if (proxy === undefined || !secrets.has("proxy.username")) return undefined;
  const login = pulumi.all([secrets.get("proxy.username"), secrets.get("proxy.password")]);
  const urls = protocols.flatMap((protocol) => {
    const url = proxy[protocol];
    return url === undefined
      ? []
      : [[protocol, login.apply(([user, password]) => withLogin(url, user, password))] as const];
  });
  return Object.fromEntries(urls);
}

function withLogin(url: string, username: string, password: string): string {
  return url.replace("://", `://${encodeURIComponent(username)}:${encodeURIComponent(password)}@`);
}

/** Addresses at which clouds answer their own machines and pods. */
const metadataServers = [
  "169.254.169.254",
  "metadata.google.internal",
  // GKE's identity, ECS' and EKS' credentials.
  "169.254.169.252",
  "169.254.170.2",
  "169.254.170.23",
];

/** What is reached without the proxy: all that is inside, and what the site names. */
export function withoutProxy({ cluster, postgres, proxy }: ProxyConfig): string[] {
  const nodeAddress = "nodeAddress" in cluster ? cluster.nodeAddress : undefined;
  // A cloud's ranges of nodes, pods, Services and databases.
  const ranges = "network" in cluster ? Object.values(cluster.network).map(String).filter(isRange) : [];
  return [
    ...new Set([
      "localhost",
      "127.0.0.1",
      "::1",
      ".svc",
      ".cluster.local",
      // Kubernetes fills in the address of its API, whatever the range of the Services is.
      "$(KUBERNETES_SERVICE_HOST)",
      // Services of the platform by their short names, as the chart's pods address the API server.
      ...podGroupNames.filter((group) => Object.keys(podGroups[group].ports ?? {}).length > 0),
      ...metadataServers,
      ...ranges,
      ...(nodeAddress === undefined ? [] : [nodeAddress]),
      ...(postgres.kind === "external" ? [postgres.host] : []),
      ...(proxy?.no ?? []),
    ]),
  ];
}

/** Where the proxy is, as an entry of the configuration's `egress`. */
export function proxyEgress({ proxy }: Pick<Config, "proxy">): Exclude<Egress, string>[] {
  const urls = new Set(protocols.flatMap((protocol) => proxy?.[protocol] ?? []));
  return [...urls].map((text) => {
    const url = new URL(text);
    // An IPv6 address is in brackets.
    const host = url.hostname.replace(/^\[|\]$/g, "");
    const ports = [portOf(url)];
    return isAddress(host) ? { cidr: rangeOf(host), ports } : { host, ports };
  });
}
