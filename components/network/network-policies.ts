import * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import { labels } from "../objects/labels.ts";
import { type PodGroupName, podGroupNames, podGroups } from "../parts.ts";
import type { Destination, Peer } from "./egress.ts";
import type { NetworkTable } from "./network-table.ts";
import type { DeployedProject } from "../project/projects.ts";

/** Kubernetes itself puts it on each namespace. */
const namespaceLabel = "kubernetes.io/metadata.name";

type Rule = k8s.types.input.networking.v1.NetworkPolicyIngressRule &
  k8s.types.input.networking.v1.NetworkPolicyEgressRule;

export interface NetworkPoliciesArgs {
  table: NetworkTable;
  /** The platform's namespace. */
  namespace: pulumi.Input<string>;
  /** The projects' namespaces, with what each one's tasks may reach outside the platform. */
  projects: DeployedProject[];
}

/**
 * Allows exactly what the table says, for both ends of each flow; everything
 * else is denied by each namespace's own default.
 */
export class NetworkPolicies extends pulumi.ComponentResource {
  private readonly dns: Rule[];

  constructor(name: string, args: NetworkPoliciesArgs, opts?: pulumi.ComponentResourceOptions) {
    super("mlops:network-policies:NetworkPolicies", name, {}, opts);
    this.dns = args.table.dns.map(toDns);
    const names = { platform: args.namespace, projects: args.projects.map(({ namespaceName }) => namespaceName) };
    for (const peer of podGroupNames) {
      const rules = rulesOf(peer, args.table, names);
      // Of a peer that this stack does not have, such as Redis without Celery, the table has no row.
      if (rules.ingress.length + rules.egress.length === 0) continue;
      if (podGroups[peer].namespace !== "projects") {
        this.policy(policyName(peer), policyName(peer), args.namespace, podGroups[peer].labels, rules);
        continue;
      }
      for (const project of args.projects) {
        const egress = [...rules.egress, ...project.egress.map(toPeer)];
        const name = `${project.name}-${policyName(peer)}`;
        this.policy(name, policyName(peer), project.namespace, podGroups[peer].labels, { ...rules, egress });
      }
    }
    this.registerOutputs({});
  }

  private policy(
    resourceName: string,
    name: string,
    namespace: pulumi.Input<string>,
    matchLabels: Record<string, string>,
    { ingress, egress }: PeerRules,
  ): void {
    const metadata = { name, namespace, labels: labels("network-policies") };
    const spec = {
      // The API server keeps nothing that is empty: with it, to apply the same again would be a change.
      podSelector: Object.keys(matchLabels).length === 0 ? {} : { matchLabels },
      policyTypes: ["Ingress", "Egress"],
      ...(ingress.length === 0 ? {} : { ingress }),
      egress: [...this.dns, ...egress],
    };
    new k8s.networking.v1.NetworkPolicy(resourceName, { metadata, spec }, { parent: this });
  }
}

interface NamespaceNames {
  platform: pulumi.Input<string>;
  projects: string[];
}

interface PeerRules {
  ingress: Rule[];
  egress: Rule[];
}

/** Both directions of one peer's rules, from the table. */
export function rulesOf(
  peer: PodGroupName,
  { flows, outbound, inbound }: NetworkTable,
  names: NamespaceNames,
): PeerRules {
  const tcp = (ports: number[], protocol = "TCP") => ports.map((port) => ({ port, protocol }));
  const select = (other: PodGroupName) => selectorOf(other, podGroups[peer].namespace ?? "platform", names);
  return {
    ingress: [
      ...flows
        .filter(({ to }) => to === peer)
        .map(({ from, ports, protocol }) => ({ from: select(from), ports: tcp(ports, protocol) })),
      // From anywhere: a browser's address is seen as the node's or a load balancer's, which no range stands for in Cilium.
      ...inbound
        .filter(({ to }) => to === peer)
        .map(({ port, namespace }) => ({
          ...(namespace === undefined ? {} : { from: [{ namespaceSelector: ofNamespace(namespace) }] }),
          ports: tcp([port]),
        })),
    ],
    egress: [
      ...flows
        .filter(({ from }) => from === peer)
        .map(({ to, ports, protocol }) => ({ to: select(to), ports: tcp(ports, protocol) })),
      ...outbound.filter(({ from }) => from === peer).map(toPeer),
    ],
  };
}

function toPeer({ to, ports }: Destination): Rule {
  return { ...selectorOfPeer(to), ports: ports.map((port) => ({ port, protocol: "TCP" })) };
}

/** Servers that are queried by UDP and TCP. */
export function toDns({ to, ports }: Destination): Rule {
  const protocols = ["UDP", "TCP"];
  return {
    ...selectorOfPeer(to),
    ports: ports.flatMap((port) => protocols.map((protocol) => ({ port, protocol }))),
  };
}

function selectorOfPeer(to: Peer): Pick<Rule, "to"> {
  if (to === "nodes") return {};
  return {
    to: ["cidr" in to ? { ipBlock: to } : { namespaceSelector: ofNamespace(to.namespace) }],
  };
}

function ofNamespace(name: pulumi.Input<string>) {
  return { matchLabels: { [namespaceLabel]: name } };
}

/** How pods of another peer are named in a policy; tasks are the pods of the projects' namespaces. */
function selectorOf(peer: PodGroupName, from: "platform" | "projects", names: NamespaceNames) {
  const { namespace, labels: matchLabels } = podGroups[peer];
  if (namespace === "projects") {
    return [
      {
        namespaceSelector: {
          matchExpressions: [{ key: namespaceLabel, operator: "In", values: names.projects }],
        },
      },
    ];
  }
  const podSelector = { matchLabels };
  if (from === "platform") return [{ podSelector }];
  return [{ namespaceSelector: ofNamespace(names.platform), podSelector }];
}

function policyName(peer: PodGroupName): string {
  return `allow-${peer}`;
}
