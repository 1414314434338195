// Writes docs/network.md from the network table; tests/network/network-reference.test.ts fails when it is stale.
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { validate } from "../../config.ts";
import type { NetworkEndpoint } from "../../components/cluster/kind.ts";
import { clouds } from "../../components/cluster/kinds.ts";
import type { Peer } from "../../components/network/egress.ts";
import { type NetworkTable, networkTable } from "../../components/network/network-table.ts";
import { type PodGroupName, podGroupNames, podGroups } from "../../components/parts.ts";

/** Stands for wherever a Postgres outside the cluster is. */
const outsidePostgres = "198.51.100.7/32";

/** The parts of a stack that the table depends on. */
interface Stack {
  /** Keys in place of those of `everything`. @default {} */
  config?: Record<string, unknown>;
  /** @default - the example cloud's */
  identityEndpoints?: readonly NetworkEndpoint[];
  /** @default outsidePostgres */
  postgresCidr?: string;
}

interface Case extends Stack {
  /** When the rows that it leaves out are there. */
  condition: string;
  /** Another case's condition, which is not named beside this one. */
  implies?: string;
}

/** A cloud whose identity has addresses that nothing else has, so that the table shows them apart. */
const exampleCloud = clouds.find(({ identityEndpoints }) =>
  identityEndpoints.every(({ cidr }) => cidr !== "0.0.0.0/0"),
);

const everything = {
  cluster: { kind: "existing", context: "any", identity: exampleCloud?.exampleIdentity },
  projects: [{ name: "alpha" }],
  secrets: {
    git: {
      sshPrivateKey: "-----BEGIN OPENSSH PRIVATE KEY-----\nany\n-----END OPENSSH PRIVATE KEY-----",
      knownHosts: "any",
    },
  },
  airflow: {
    executor: "CeleryExecutor,KubernetesExecutor",
    dags: { kind: "git", repository: "git@git.example.org:dags.git", authentication: "sshKey" },
  },
  exposure: { kind: "loadBalancer", sourceRanges: ["203.0.113.0/24"] },
};

/** Stacks that each lack one thing; what is missing in one's table is there on its condition only. */
const cases: Case[] = [
  {
    condition: "an executor with Celery",
    config: { airflow: { ...everything.airflow, executor: "KubernetesExecutor" } },
  },
  {
    condition: "`airflow.dags.kind` git",
    config: { airflow: { executor: everything.airflow.executor }, secrets: {} },
  },
  { condition: "`backup.enabled`", config: { backup: { enabled: false } } },
  { condition: "`minio.enabled`", config: { minio: { enabled: false } } },
  {
    condition: "`postgres.kind` cluster",
    config: {
      postgres: {
        kind: "external",
        host: "db",
        caCertificate: "-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----",
      },
      secrets: { ...everything.secrets, postgres: { adminPassword: "any" } },
    },
  },
  { condition: "a Postgres outside the cluster", postgresCidr: "in the cluster" },
  { condition: "a cloud's identity", identityEndpoints: [] },
  { condition: "a project", config: { projects: [] } },
  {
    condition: "`monitoring.kind` bundled",
    config: { monitoring: { kind: "operator" } },
    implies: "`monitoring.kind` other than none",
  },
  { condition: "`monitoring.kind` other than none", config: { monitoring: { kind: "none" } } },
  { condition: "`exposure.kind` other than portForward", config: { exposure: { kind: "portForward" } } },
];

function tableOf({
  config = {},
  identityEndpoints = exampleCloud?.identityEndpoints ?? [],
  postgresCidr = outsidePostgres,
}: Stack): NetworkTable {
  const cidr = postgresCidr === "in the cluster" ? undefined : postgresCidr;
  return networkTable(validate({ ...everything, ...config }), identityEndpoints, { cidr, port: 5432 });
}

interface Row {
  from: string;
  to: string;
  ports: string;
}

function rowsOf({ flows, outbound, inbound }: NetworkTable): Record<"inside" | "out" | "in", Row[]> {
  return {
    inside: flows.map(({ from, to, ports, protocol }) => ({
      from,
      to,
      ports: `${ports.join(", ")}${protocol === undefined ? "" : ` ${protocol}`}`,
    })),
    out: outbound.map(({ from, to, ports }) => ({
      from,
      to: address(to),
      ports: ports.join(", "),
    })),
    in: inbound.map(({ to, port, namespace }) => ({
      from: namespace === undefined ? "anywhere" : `namespace ${namespace}`,
      to,
      ports: String(port),
    })),
  };
}

function address(to: Peer): string {
  if (to === "nodes") return "any address";
  if ("namespace" in to) return `namespace ${to.namespace}`;
  return to.cidr === outsidePostgres ? "the Postgres" : to.cidr;
}

type Section = keyof ReturnType<typeof rowsOf>;

/** Rows of one part, with the conditions under which each is there; who shares target, ports and conditions shares a row. */
function markdownRows(section: Section): string[] {
  const key = ({ from, to, ports }: Row) => [from, to, ports].join("|");
  const all = rowsOf(tableOf({}))[section];
  const missing = cases.map((each) => ({
    ...each,
    present: new Set(rowsOf(tableOf(each))[section].map(key)),
  }));
  const groups = new Map<string, { row: Row; from: Set<string>; conditions: string }>();
  for (const row of all) {
    const found = missing.filter(({ present }) => !present.has(key(row)));
    const conditions = found
      .map(({ condition }) => condition)
      .filter((condition) => found.every(({ implies }) => implies !== condition));
    const id = [row.to, row.ports, ...conditions].join("|");
    const group = groups.get(id) ?? { row, from: new Set<string>(), conditions: conditions.join(", ") };
    group.from.add(row.from);
    groups.set(id, group);
  }
  return [...groups.values()]
    .toSorted((a, b) => (a.row.to === b.row.to ? 0 : a.row.to < b.row.to ? -1 : 1))
    .map(({ row, from, conditions }) => `| ${row.to} | ${row.ports} | ${[...from].join(", ")} | ${conditions} |`);
}

const intro = `# Who talks to whom

Generated from the descriptions of the components, \`components/<part>/description.ts\`, by
\`node_modules/.bin/node preview/diagrams/network-reference.ts\`; do not edit.

Each namespace of the platform denies all connections, in both directions, that no NetworkPolicy allows. The program generates
the policies for both ends of each row from this table: \`allow-<name>\` selects the named pods; \`tasks\` are all pods of the
projects' namespaces. In addition, every pod may query the cluster's DNS (\`network.dns\`, by default port 53 in \`kube-system\`),
a project's pods may reach what \`projects[].egress\` names, and Airflow's processes what \`airflow.egress\` names. All other
connections are denied, **if the cluster enforces NetworkPolicies**: [security.md](security.md#network) says which kinds of
cluster do. With \`networkPolicies: false\` there are no policies: the site's own rules have to stand in their place.

Ports are TCP unless marked as UDP. A row with conditions under "only with" exists only if all of them are met.
`;

const outIntro = `Ports 443, 6443 and 8443 at any address are the Kubernetes API server, which no selector can match, unless
\`network.kubernetesApi\` names it. Port 10250 is the nodes' kubelets. Port 22 is the DAG repository: the port of its URL, by default
22 with SSH and 443 with HTTPS. Port 443 alone is the cloud's services and the webhook of the alerts. The
identity's addresses are GKE's metadata server; on EKS, they are port 443 at any address. With \`s3\`, the pods that connect to
\`minio\` in the table above connect to that S3: to \`s3.egress\`, by default to every address on the port of \`s3.endpoint\`, or to the
namespace of its Service.
`;

const inIntro = `The load balancer, the ingress, the gateway or the node's firewall restricts the clients: a NetworkPolicy sees the proxy's
address, not the browser's.
Prometheus is behind an ingress or a gateway only if \`exposure.hosts\` or \`exposure.uis\` names it. A UI that is not exposed has no
such row. With \`monitoring.kind: operator\`, the pods of \`monitoring.namespace\` may connect to the ports from which \`prometheus\` collects
metrics in the first table.
`;

/** The whole page. */
export function networkMarkdown(): string {
  const table = (section: Section) => [
    "| to | port | from | only with |",
    "| --- | --- | --- | --- |",
    ...markdownRows(section),
  ];
  return [
    intro,
    "## Between pods\n",
    ...table("inside"),
    "\n## Out of the cluster's pods\n",
    outIntro,
    ...table("out"),
    "\n## Into the cluster\n",
    inIntro,
    ...table("in"),
    "\n## The names\n",
    "| name | namespace | labels of its pods |",
    "| --- | --- | --- |",
    ...podGroupNames.map((peer) => `| ${peer} | ${placeOf(peer)} | ${labelsOf(peer)} |`),
    "",
  ].join("\n");
}

function placeOf(peer: PodGroupName): string {
  return podGroups[peer].namespace !== "projects" ? "the platform's" : "each project's";
}

function labelsOf(peer: PodGroupName): string {
  const labels = Object.entries(podGroups[peer].labels).map(([key, value]) => `\`${key}=${value}\``);
  return labels.length === 0 ? "all" : labels.join(", ");
}

if (process.argv[1] === import.meta.filename) {
  writeFileSync(join(import.meta.dirname, "../../docs/network.md"), networkMarkdown());
}
