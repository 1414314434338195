import type { EndpointSlice, NetworkPolicy } from "../../../lib/kubernetes/api.ts";
import { covers, rangeOf } from "../../../lib/cidr.ts";
import type { Check, Finding, Snapshot } from "../check.ts";
import { nameOf } from "../objects.ts";

export const blockedNetwork: Check = {
  id: "blocked-network",
  severity: "error",
  looksAt: "the addresses of the API server and of the DNS, and the NetworkPolicies of the pods that need them",
  means:
    "The platform's NetworkPolicies do not allow the API server or the DNS of this cluster: tasks do not start, or names do not resolve.",
  remedy: "Name the addresses in the configuration's section network (docs/site.md), then run `make up`.",
  threads: [
    "https://github.com/kubernetes/kubernetes/pull/70555",
    "https://github.com/grafana/loki/issues/20009",
    "https://github.com/cert-manager/cert-manager/pull/5788",
  ],
  kinds: ["networkpolicies", "endpointslices"],
  find: (snapshot) => {
    const policy = snapshot
      .of("networkpolicies")
      .find(({ metadata: { name, namespace } }) => namespace === snapshot.platform && name === schedulerPolicy);
    // With networkPolicies: false the site's own rules decide.
    return policy === undefined
      ? []
      : [...apiServer(snapshot, policy), ...dns(snapshot, policy), ...nodeDns(snapshot, policy)];
  },
};

/** Of pods that need both. */
const schedulerPolicy = "allow-airflow-scheduler";

/** Where an EndpointSlice says that its Service's servers are. */
interface Server {
  address: string;
  port: number;
  namespace: string | undefined;
}

function apiServer({ of }: Snapshot, policy: NetworkPolicy): Finding[] {
  const servers = of("endpointslices")
    .filter((slice) => isOf(slice, "default", "kubernetes"))
    .flatMap(serversOf);
  const [blocked] = servers.filter((server) => !allows(policy, server));
  if (blocked === undefined || servers.some((server) => allows(policy, server))) return [];
  const { address, port } = blocked;
  return [
    {
      where: nameOf("networkpolicies", policy.metadata),
      found: `it does not allow the API server, ${address} port ${port}`,
      remedy: `in Pulumi.<stack>.yaml, mlops:network: { kubernetesApi: [{ cidr: 0.0.0.0/0, ports: [443, ${port}] }] }; make up`,
    },
  ];
}

/** The Service of the DNS by the namespaces in which distributions have it. */
const dnsServices: Record<string, string> = { "kube-system": "kube-dns", "openshift-dns": "dns-default" };

function dns({ of }: Snapshot, policy: NetworkPolicy): Finding[] {
  const servers = Object.entries(dnsServices).flatMap(([namespace, service]) =>
    of("endpointslices")
      .filter((slice) => isOf(slice, namespace, service))
      .flatMap((slice) =>
        serversOf({ ...slice, ports: (slice.ports ?? []).filter(({ name }) => name?.startsWith("dns") ?? false) }),
      ),
  );
  const [blocked] = servers.filter((server) => !allows(policy, server));
  if (blocked === undefined || servers.some((server) => allows(policy, server))) return [];
  const { port, namespace } = blocked;
  return [
    {
      where: nameOf("networkpolicies", policy.metadata),
      found: `it does not allow the DNS, port ${port} of pods in ${namespace}`,
      remedy: `in Pulumi.<stack>.yaml, mlops:network: { dns: [{ namespace: ${namespace}, ports: [${port}] }] }; make up`,
    },
  ];
}

/** Services that NodeLocal DNSCache comes with. Source: https://github.com/kubernetes/kubernetes/tree/master/cluster/addons/dns/nodelocaldns */
const nodeDnsServices = ["node-local-dns", "kube-dns-upstream"];

/** The cache on the node is not a pod to most network plugins: its fixed address has to be named. */
function nodeDns({ of }: Snapshot, policy: NetworkPolicy): Finding[] {
  const isThere = of("endpointslices").some((slice) =>
    nodeDnsServices.some((service) => isOf(slice, "kube-system", service)),
  );
  const address = "169.254.20.10";
  if (!isThere || allows(policy, { address, port: 53, namespace: undefined })) return [];
  return [
    {
      where: nameOf("networkpolicies", policy.metadata),
      found: `it does not allow NodeLocal DNSCache, usually ${address} port 53`,
      remedy:
        `in Pulumi.<stack>.yaml, mlops:network: { dns: [{ namespace: kube-system, ports: [53] }, { cidr: ${address}/32, ports: [53] }, ` +
        "{ cidr: <the IP of `kubectl -n kube-system get service kube-dns`>/32, ports: [53] }] }; make up",
    },
  ];
}

function isOf({ metadata: { namespace, labels } }: EndpointSlice, inNamespace: string, service: string): boolean {
  return namespace === inNamespace && labels?.["kubernetes.io/service-name"] === service;
}

function serversOf({ metadata: { namespace }, endpoints, ports }: EndpointSlice): Server[] {
  const addresses = (endpoints ?? []).flatMap((endpoint) => endpoint.addresses);
  return addresses.flatMap((address) =>
    (ports ?? []).flatMap(({ port }) => (port === undefined ? [] : [{ address, port, namespace }])),
  );
}

/** Whether a policy lets its pods connect to a server: by the range of its address, or by its namespace. */
function allows({ spec: { egress = [] } }: NetworkPolicy, { address, port, namespace }: Server): boolean {
  return egress.some(
    ({ to, ports = [] }) =>
      ports.some((one) => one.port === port) &&
      (to === undefined ||
        to.some(({ ipBlock, namespaceSelector, podSelector }) =>
          ipBlock === undefined
            ? podSelector === undefined && Object.values(namespaceSelector?.matchLabels ?? {}).includes(namespace ?? "")
            : covers(ipBlock.cidr, rangeOf(address)),
        )),
  );
}
