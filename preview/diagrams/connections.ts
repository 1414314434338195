import { isDeepStrictEqual } from "node:util";
import type { Flow, InboundFlow, NetworkTable, OutboundFlow } from "../../components/network/network-table.ts";
import { type PodGroupName, podGroupNames, podGroups } from "../../components/parts.ts";
import { at, isObject, listAt, textAt } from "../../lib/json.ts";
import type { RegisteredObject } from "../render.ts";

/** The network table read back from the NetworkPolicies that a stack registers: who talks to whom, as the cluster will see it. */
export function connectionsOf(objects: readonly RegisteredObject[]): Omit<NetworkTable, "dns"> {
  const policies = objects.flatMap(({ object }) => (object.kind === "NetworkPolicy" ? policyOf(object) : []));
  return {
    flows: unique(policies.flatMap(({ peer, egress }) => egress.flatMap((rule) => flowsOf(peer, rule)))),
    outbound: unique(policies.flatMap(({ peer, egress }) => egress.flatMap((rule) => outboundOf(peer, rule)))),
    inbound: policies.flatMap(({ peer, ingress }) => ingress.flatMap((rule) => inboundOf(peer, rule))),
  };
}

interface Policy {
  peer: PodGroupName;
  ingress: unknown[];
  egress: unknown[];
}

/** A policy that allows something; a namespace's default denial speaks of no group of pods. */
function policyOf(object: unknown): Policy[] {
  const [ingress, egress] = [listAt(object, "spec.ingress"), listAt(object, "spec.egress")];
  if (ingress.length + egress.length === 0) return [];
  return [{ peer: peerOf(at(object, "spec.podSelector.matchLabels") ?? {}), ingress, egress }];
}

/** @throws Error for labels that no group of pods has */
function peerOf(labels: unknown): PodGroupName {
  const found = podGroupNames.find((group) => isDeepStrictEqual(podGroups[group].labels, labels));
  if (found === undefined) throw new Error(`no component describes pods with the labels ${JSON.stringify(labels)}`);
  return found;
}

function flowsOf(from: PodGroupName, rule: unknown): Flow[] {
  const isUdp = textAt(rule, "ports.0.protocol") === "UDP";
  const selectors = listAt(rule, "to").map((to) => at(to, "podSelector.matchLabels"));
  return selectors
    .filter((labels) => labels !== undefined)
    .map((labels) => ({ from, to: peerOf(labels), ports: portsOf(rule), ...(isUdp ? { protocol: "UDP" } : {}) }));
}

function outboundOf(from: PodGroupName, rule: unknown): OutboundFlow[] {
  const ports = portsOf(rule);
  if (at(rule, "to") === undefined) return [{ from, to: "nodes", ports }];
  return listAt(rule, "to").flatMap((to): OutboundFlow[] => {
    const cidr = textAt(to, "ipBlock.cidr");
    const namespace = at(to, "podSelector") === undefined ? namespaceOf(to) : undefined;
    if (cidr !== undefined) return [{ from, to: { cidr }, ports }];
    return namespace === undefined || isDns(rule) ? [] : [{ from, to: { namespace }, ports }];
  });
}

/** From anywhere, or from every pod of one namespace. */
function inboundOf(to: PodGroupName, rule: unknown): InboundFlow[] {
  const [port = 0] = portsOf(rule);
  const from = at(rule, "from.0");
  if (from === undefined) return [{ to, port }];
  const namespace = at(from, "podSelector") === undefined ? namespaceOf(from) : undefined;
  return namespace === undefined ? [] : [{ to, port, namespace }];
}

/** The one namespace that a peer names; projects' namespaces are named by a list. */
function namespaceOf(to: unknown): string | undefined {
  const labels = at(to, "namespaceSelector.matchLabels");
  return isObject(labels) ? Object.values(labels).map(String)[0] : undefined;
}

/** Of the platform's rules, only that for the cluster's DNS has UDP and TCP. */
function isDns(rule: unknown): boolean {
  return new Set(listAt(rule, "ports").map((port) => at(port, "protocol"))).size === 2;
}

function portsOf(rule: unknown): number[] {
  return listAt(rule, "ports").map((port) => Number(at(port, "port")));
}

/** Each project's namespace has the same policy. */
function unique<T>(all: readonly T[]): T[] {
  return all.filter((one, index) => all.findIndex((other) => isDeepStrictEqual(one, other)) === index);
}
