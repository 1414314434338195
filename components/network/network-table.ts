import type { Config } from "../../config.ts";
import type { ServerAddress } from "../cluster/cluster.ts";
import type { NetworkEndpoint } from "../cluster/kind.ts";
import type { Egress } from "../../config/site/network.ts";
import type { Outside } from "../description.ts";
import { objectStore } from "../minio/description.ts";
import {
  connectsOutside,
  deployedWebUis,
  isDeployed,
  type PodGroupName,
  podGroupNames,
  podGroups,
  webUis,
} from "../parts.ts";
import { postgresServer } from "../postgres/description.ts";
import { siteStoreDestinations } from "../s3/site-store.ts";
import { proxyEgress } from "../site/proxy.ts";
import { isExposed } from "../web/hosts.ts";
import { anywhere, type Destination, destinationsOf, gitPort } from "./egress.ts";

/** One allowed direction between two groups of pods. */
export interface Flow {
  from: PodGroupName;
  to: PodGroupName;
  ports: number[];
  /** @default TCP */
  protocol?: "UDP";
}

/** What a group of pods may reach outside the cluster's pods. */
export interface OutboundFlow extends Destination {
  from: PodGroupName;
}

/** A port that is reached from outside the platform's pods. */
export interface InboundFlow {
  to: PodGroupName;
  port: number;
  /** @default - anywhere */
  namespace?: string;
}

export interface NetworkTable {
  flows: Flow[];
  outbound: OutboundFlow[];
  /** The cluster's DNS, which every pod may query by UDP and TCP. */
  dns: Destination[];
  /** Ports that are reached from outside: web UIs from anywhere, metrics from the namespace of the site's Prometheus. */
  inbound: InboundFlow[];
}

/**
 * Who talks to whom, from the parts' descriptions: the one table that every NetworkPolicy is made from.
 *
 * @param identityEndpoints where pods of the cluster get their cloud identity
 * @param server the Postgres, which has an address when it is outside the cluster
 */
export function networkTable(
  config: Config,
  identityEndpoints: readonly NetworkEndpoint[],
  server: Pick<ServerAddress, "cidr" | "port">,
): NetworkTable {
  const deployed = podGroupNames.filter((group) => isDeployed(group, config));
  return {
    flows: deployed.flatMap(flowsFrom).filter(({ to }) => isDeployed(to, config)),
    outbound: deployed.flatMap((from) => outboundFrom(from, config, identityEndpoints, server)),
    inbound: [
      ...deployedWebUis(config)
        .filter((name) => isExposed(config.exposure, name))
        .map((name) => ({ to: webUis[name].pods, port: webUis[name].port })),
      ...deployed.flatMap((to) => metricsInbound(to, config)),
    ],
    dns: destinationsOf(config.network.dns, config.network.ipFamilies),
  };
}

/** The Service's, kubeadm's and minikube's: NetworkPolicies see the address behind the Service. */
const usualApiPorts = [443, 6443, 8443];

/** To the pods that a group names, and to all that show metrics where it collects them. */
function flowsFrom(from: PodGroupName): Flow[] {
  const { reaches = [], collectsMetrics = false } = podGroups[from];
  const named = reaches.map(({ group, ports }) => flow(from, group as PodGroupName, ports));
  const others = podGroupNames.toSorted().filter((to) => named.every((one) => one.to !== to));
  return [...named, ...(collectsMetrics ? others.flatMap((to) => metricsFlow(from, to)) : [])];
}

function flow(from: PodGroupName, to: PodGroupName, ports: readonly number[]): Flow {
  const isUdp = ports.some((port) => podGroups[to].udpPorts?.includes(port));
  return { from, to, ports: [...ports], ...(isUdp ? { protocol: "UDP" } : {}) };
}

function metricsFlow(from: PodGroupName, to: PodGroupName): Flow[] {
  const ports = metricsPorts(to);
  return ports.length === 0 ? [] : [flow(from, to, ports)];
}

function metricsPorts(group: PodGroupName): number[] {
  return [...new Set((podGroups[group].metrics ?? []).map(({ port }) => port))];
}

/** What a Prometheus of the site connects to. */
function metricsInbound(to: PodGroupName, { monitoring }: Pick<Config, "monitoring">): InboundFlow[] {
  if (monitoring.kind !== "operator") return [];
  return metricsPorts(to).map((port) => ({ to, port, namespace: monitoring.namespace }));
}

function outboundFrom(
  from: PodGroupName,
  { network, airflow, s3, ...stack }: Config,
  identityEndpoints: readonly NetworkEndpoint[],
  { cidr, port }: Pick<ServerAddress, "cidr" | "port">,
): OutboundFlow[] {
  const { outside, reaches = [] } = podGroups[from];
  const wanted: string[] = [
    ...(outside?.({ ...stack, airflow }) ?? []),
    ...(reaches.includes(postgresServer) ? ["postgres"] : []),
    ...(reaches.includes(objectStore) ? ["s3"] : []),
    ...(connectsOutside(from, { ...stack, airflow }) ? ["proxy"] : []),
  ];
  const { ipFamilies, kubernetesApi } = network;
  const entries = (list: readonly Egress[]) => destinationsOf(list, ipFamilies);
  const addresses: Record<Outside | "postgres" | "proxy" | "s3", Destination[]> = {
    kubernetesApi: kubernetesApi === undefined ? anywhere(usualApiPorts, ipFamilies) : entries(kubernetesApi),
    kubelets: [{ to: "nodes", ports: [10250] }],
    https: anywhere([443], ipFamilies),
    git: airflow.dags.kind === "git" ? anywhere([gitPort(airflow.dags.repository)], ipFamilies) : [],
    airflowEgress: entries(airflow.egress),
    proxy: entries(proxyEgress(stack)),
    postgres: cidr === undefined ? [] : [{ to: { cidr }, ports: [port] }],
    s3: s3 === undefined ? [] : siteStoreDestinations(s3, ipFamilies),
    // A cloud's services have no fixed addresses.
    identity:
      identityEndpoints.length === 0
        ? []
        : [...identityEndpoints.map(({ cidr, ports }) => ({ to: { cidr }, ports })), ...anywhere([443], ipFamilies)],
  };
  return Object.entries(addresses)
    .filter(([kind]) => wanted.includes(kind))
    .flatMap(([, flows]) => flows.map((flow) => ({ from, ...flow })));
}
