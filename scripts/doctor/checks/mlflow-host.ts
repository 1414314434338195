import type { Query, Check, Finding, Snapshot } from "../check.ts";
import type { Deployment, Pod } from "../../../lib/kubernetes/api.ts";
import { nameOf } from "../objects.ts";

const sinceMinutes = 15;
const labels = { "app.kubernetes.io/name": "mlflow" } as const;

export const mlflowHost: Check = {
  id: "mlflow-host",
  severity: "error",
  looksAt: "hosts under which MLflow is exposed, hosts that it allows, and its log of the last 15 minutes",
  means: "A client uses a host name that MLflow does not allow, and MLflow answers 403.",
  remedy:
    "Expose MLflow with the stack's `exposure`, which allows that host, and use that name; inside the cluster use `mlflow:5000`.",
  threads: [
    "https://github.com/mlflow/mlflow/issues/22095",
    "https://github.com/community-charts/helm-charts/issues/285",
  ],
  kinds: ["deployments", "ingresses", "services", "pods"],
  find: async (snapshot, query) => {
    const server = snapshot.of("deployments").find((one) => isPart(one, snapshot) && one.metadata.name === "mlflow");
    if (server === undefined) return [];
    const allowed = allowedHosts(server);
    const exposed = exposedHosts(snapshot).filter(({ host }) => !isAllowed(host, allowed));
    const pods = snapshot.of("pods").filter((pod) => isPart(pod, snapshot) && pod.status.phase === "Running");
    const refused = await Promise.all(pods.map((pod) => ofLog(pod, query)));
    return [...exposed.map(toFinding), ...refused.flat()];
  },
};

function isPart({ metadata }: Deployment | Pod, { platform }: Snapshot): boolean {
  return (
    metadata.namespace === platform && Object.entries(labels).every(([key, value]) => metadata.labels?.[key] === value)
  );
}

/** The server's own argument; without it MLflow has defaults that no Ingress meets. */
function allowedHosts({ spec }: Deployment): string[] {
  const flag = "--allowed-hosts=";
  const argument = (spec.template.spec?.containers ?? [])
    .flatMap(({ args = [] }) => args)
    .find((arg) => arg.startsWith(flag));
  return argument?.slice(flag.length).split(",") ?? [];
}

/** As MLflow compares: the whole header, with `*` for any text. */
function isAllowed(host: string, allowed: readonly string[]): boolean {
  return allowed.some((pattern) => {
    const escaped = pattern.split("*").map((part) => part.replace(/[.+?^${}()|[\]\\]/g, "\\$&"));
    return new RegExp(`^${escaped.join(".*")}$`).test(host);
  });
}

interface Exposed {
  where: string;
  host: string;
}

function exposedHosts({ of, platform }: Snapshot): Exposed[] {
  const services = of("services").filter(
    ({ metadata, spec }) => metadata.namespace === platform && spec.selector?.["app.kubernetes.io/name"] === "mlflow",
  );
  const names = services.map(({ metadata }) => metadata.name);
  const balanced = services.flatMap(({ metadata, status }) =>
    (status.loadBalancer?.ingress ?? []).map(({ hostname, ip = "" }) => ({
      where: nameOf("services", metadata),
      host: hostname ?? ip,
    })),
  );
  const routed = of("ingresses")
    .filter(({ metadata }) => metadata.namespace === platform)
    .flatMap(({ metadata, spec }) =>
      (spec.rules ?? [])
        .filter(({ http }) => http?.paths.some(({ backend }) => names.includes(backend.service?.name ?? "")))
        .flatMap(({ host }) => (host === undefined ? [] : [{ where: nameOf("ingresses", metadata), host }])),
    );
  return [...balanced, ...routed];
}

function toFinding({ where, host }: Exposed): Finding {
  const found = `it sends MLflow the host ${host}, which --allowed-hosts does not list: every page returns 403`;
  return {
    where,
    found,
    remedy: "expose MLflow with the stack's exposure, run make up, and delete the manually added object",
  };
}

async function ofLog({ metadata }: Pod, query: Query): Promise<Finding[]> {
  const { namespace = "", name } = metadata;
  const log = await query.logs({ namespace, of: `pod/${name}`, lines: 2000, sinceMinutes });
  return refusedHosts(log ?? "").map(({ host, count }) => ({
    where: nameOf("pods", metadata),
    found: `it rejected the host ${host} ${count} times in ${sinceMinutes} minutes`,
    remedy: `use a host of --allowed-hosts such as mlflow:5000. If ${host} is correct, add it to \`exposure\``,
  }));
}

/** Hosts that a log says were refused, each once. */
function refusedHosts(log: string): { host: string; count: number }[] {
  const hosts = [...log.matchAll(/Rejected request with invalid Host header: (\S+)/g)].map(([, host = ""]) => host);
  return [...Map.groupBy(hosts, (host) => host)].map(([host, all]) => ({ host, count: all.length }));
}
