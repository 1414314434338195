import assert from "node:assert/strict";
import { isDeepStrictEqual } from "node:util";
import { type NetworkTable, networkTable } from "../../components/network/network-table.ts";
import { type PodGroupName, podGroupNames, podGroups } from "../../components/parts.ts";
import { validate } from "../../config.ts";
import type { KubernetesObject } from "../../lib/kubernetes/objects.ts";
import { type Rendering, render } from "../../preview/render.ts";
import { kubectl, testCluster } from "../cluster.ts";
import { folder } from "../program/program-cases.ts";
import { skipWithReason } from "../skip.ts";
import { apply, removeNamespaces } from "./deploy.ts";

const platform = "e2e-network";
const projects = ["e2e-alpha", "e2e-beta"];
const config = {
  cluster: { kind: "minikube" },
  namespace: platform,
  // Redis is part of the table only here.
  airflow: { executor: "CeleryExecutor,KubernetesExecutor" },
  exposure: { kind: "portForward" },
  projects: projects.map((name) => ({ name })),
};

/** A pod with a peer's labels, which listens on every port of the table. */
interface Probe {
  peer: PodGroupName;
  name: string;
  namespace: string;
}

const probes: Probe[] = podGroupNames.flatMap((peer) => {
  const name = `probe-${peer.toLowerCase()}`;
  const namespaces = podGroups[peer].namespace !== "projects" ? [platform] : projects;
  return namespaces.map((namespace) => ({ peer, name, namespace }));
});

/** A port that the table does not name: probes listen on it as well, and nobody may reach it. */
const unlisted = 4321;

describe("the NetworkPolicies on a real cluster", function () {
  this.timeout(900_000);
  let kubeconfig = "";
  const table = networkTable(validate(config), [], { cidr: undefined, port: 5432 });

  before(async function () {
    const cluster = await testCluster();
    if (typeof cluster === "string") return skipWithReason(this, cluster);
    kubeconfig = cluster.kubeconfig;
    const rendering = await renderPolicies();
    await removeNamespaces(kubeconfig, [platform, ...projects]);
    await apply(kubeconfig, objectsOfKind(rendering, "Namespace"));
    await apply(kubeconfig, objectsOfKind(rendering, "NetworkPolicy"));
    await apply(
      kubeconfig,
      probes.map((probe) => probePod(probe, table)),
    );
    await Promise.all(
      [platform, ...projects].map((namespace) =>
        kubectl(kubeconfig, [
          "wait",
          "--for=condition=Ready",
          "pod",
          "--all",
          "--namespace",
          namespace,
          "--timeout=300s",
        ]),
      ),
    );
  });

  after(async () => {
    if (kubeconfig !== "") await removeNamespaces(kubeconfig, [platform, ...projects]);
  });

  it("let through exactly the table's pairs, of all pairs of pods", async () => {
    const addresses = await addressesOf(kubeconfig);
    const expected = expectedPairs(table).sort();
    const look = async () => {
      const seen = await Promise.all(probes.map((probe) => connections(kubeconfig, probe, addresses, table)));
      return seen.flat().sort();
    };
    let seen = await look();
    // A policy counts some seconds after its pod is there, and on a busy machine an open way can take longer than a try.
    for (let attempt = 1; attempt < 4 && !isDeepStrictEqual(seen, expected); attempt++) seen = await look();
    assert.deepEqual(seen, expected);
    console.log(
      `      ${expected.length} of ${probes.length * (probes.length - 1) * portsOf(table).length} ways are open`,
    );
  });
});

function objectsOfKind({ objects }: Rendering, kind: string): KubernetesObject[] {
  return objects.map(({ object }) => object).filter((object) => object.kind === kind);
}

async function renderPolicies(): Promise<Rendering> {
  const entries = Object.entries(config).map(
    ([key, value]) => [`mlops:${key}`, typeof value === "string" ? value : JSON.stringify(value)] as const,
  );
  return render({ folder, stack: "minikube", config: Object.fromEntries(entries) });
}

type Port = `${"tcp" | "udp"}:${number}`;

/** Every port of the table, and one that is in none of its rows. */
function portsOf({ flows }: NetworkTable): Port[] {
  const named = flows.flatMap(({ ports, protocol }) =>
    ports.map((port): Port => `${protocol === "UDP" ? "udp" : "tcp"}:${port}`),
  );
  return [...new Set<Port>([...named, `tcp:${unlisted}`])];
}

const id = ({ namespace, name }: Pick<Probe, "namespace" | "name">) => `${namespace}/${name}`;

function expectedPairs({ flows }: NetworkTable): string[] {
  return flows.flatMap(({ from, to, ports, protocol }) =>
    probes
      .filter(({ peer }) => peer === from)
      .flatMap((source) =>
        probes
          .filter((target) => target.peer === to && target !== source)
          .flatMap((target) =>
            ports.map((port) => `${id(source)} -> ${id(target)} ${protocol === "UDP" ? "udp" : "tcp"}:${port}`),
          ),
      ),
  );
}

/** Listens on every port: TCP accepts, UDP answers. */
const listen = `
import selectors, socket, sys
selector = selectors.DefaultSelector()
for text in sys.argv[1:]:
    protocol, port = text.split(":")
    kind = socket.SOCK_STREAM if protocol == "tcp" else socket.SOCK_DGRAM
    listener = socket.socket(socket.AF_INET, kind)
    listener.bind(("", int(port)))
    if protocol == "tcp": listener.listen(64)
    selector.register(listener, selectors.EVENT_READ, protocol)
while True:
    for key, _ in selector.select():
        if key.data == "tcp": key.fileobj.accept()[0].close()
        else: key.fileobj.sendto(b"here", key.fileobj.recvfrom(16)[1])
`;

/** Tries every address and port that stdin names; prints those that answer. */
const connect = `
import concurrent.futures, socket, sys
def answers(way):
    address, protocol, port = way
    try:
        if protocol == "tcp":
            socket.create_connection((address, int(port)), timeout=3).close()
        else:
            with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as sender:
                sender.settimeout(3)
                sender.sendto(b"there?", (address, int(port)))
                sender.recvfrom(16)
    except OSError:
        return None
    return " ".join(way)
ways = [line.split() for line in sys.stdin]
with concurrent.futures.ThreadPoolExecutor(400) as pool:
    print("\\n".join(filter(None, pool.map(answers, ways))))
`;

function probePod({ peer, name, namespace }: Probe, table: NetworkTable): KubernetesObject {
  return {
    apiVersion: "v1",
    kind: "Pod",
    metadata: { name, namespace, labels: { ...podGroups[peer].labels, probe: name } },
    spec: {
      automountServiceAccountToken: false,
      terminationGracePeriodSeconds: 0,
      securityContext: { runAsNonRoot: true, runAsUser: 10001, seccompProfile: { type: "RuntimeDefault" } },
      containers: [
        {
          name: "probe",
          image: "localhost/mlops/provision:0.1.0",
          imagePullPolicy: "IfNotPresent",
          command: ["python3", "-c", listen, ...portsOf(table)],
          resources: { requests: { cpu: "1m", memory: "16Mi" }, limits: { cpu: "1", memory: "128Mi" } },
          securityContext: { allowPrivilegeEscalation: false, capabilities: { drop: ["ALL"] } },
          // The last port that it listens on; a probe that runs a command in each of these pods would starve a small node.
          readinessProbe: { tcpSocket: { port: unlisted }, periodSeconds: 5 },
        },
      ],
    },
  };
}

/** The address of each probe, by namespace and name. */
async function addressesOf(kubeconfig: string): Promise<Map<string, string>> {
  const addresses = new Map<string, string>();
  for (const namespace of [platform, ...projects]) {
    const template = '{range .items[*]}{.metadata.name} {.status.podIP}{"\\n"}{end}';
    const { stdout } = await kubectl(kubeconfig, [
      "get",
      "pods",
      "--namespace",
      namespace,
      "--output",
      `jsonpath=${template}`,
    ]);
    for (const line of stdout.trim().split("\n")) {
      const [name = "", address = ""] = line.split(" ");
      addresses.set(id({ namespace, name }), address);
    }
  }
  return addresses;
}

/** What a probe reaches of all others. */
async function connections(
  kubeconfig: string,
  probe: Probe,
  addresses: Map<string, string>,
  table: NetworkTable,
): Promise<string[]> {
  const own = addresses.get(id(probe));
  const names = new Map([...addresses].map(([name, address]) => [address, name]));
  const others = [...addresses.values()].filter((address) => address !== own);
  const ways = others.flatMap((address) => portsOf(table).map((port) => `${address} ${port.replace(":", " ")}`));
  const command = ["exec", "--stdin", probe.name, "--namespace", probe.namespace, "--", "python3", "-c", connect];
  const { stdout } = await kubectl(kubeconfig, command, ways.join("\n"));
  return stdout
    .trim()
    .split("\n")
    .filter((line) => line !== "")
    .map((line) => {
      const [address = "", protocol = "", port = ""] = line.split(" ");
      return `${id(probe)} -> ${names.get(address) ?? address} ${protocol}:${port}`;
    });
}
