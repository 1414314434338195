import { readFileSync } from "node:fs";
import { join } from "node:path";
import { parse } from "yaml";
import { isObject } from "../../../lib/json.ts";
import type { KubernetesObject } from "../../../lib/kubernetes/objects.ts";
import { folder } from "../../program/program-cases.ts";
import { fields } from "../../program/registrations.ts";
import type { Changes } from "../platform.ts";
import type { Company } from "./company.ts";

/** The example's stack file, relative to the project. */
export const stackFile = "examples/stacks/corporate.yaml";

/** The example's configuration, by key of the project, with the addresses of this company in place of its own. */
export function companyStack(company: Company, kubeconfig: string): Changes {
  const { address, authority, database, objectStore, registry, proxyUrl } = company;
  const example = exampleStack();
  const { endpoint, bucket, region } = objectStore;
  return {
    ...example,
    cluster: { kind: "existing", kubeconfig, context: "minikube" },
    imageRegistry: `${registry.host}/mlops`,
    imageMirror: `${registry.host}/rest`,
    imageMirrors: { "docker.io": `${registry.host}/hub`, "quay.io": `${registry.host}/quay` },
    proxy: { http: proxyUrl, https: proxyUrl, no: [address] },
    caCertificates: authority,
    network: { ...fields(example.network), kubernetesApi: [{ cidr: `${address}/32`, ports: [6443] }] },
    postgres: {
      ...fields(example.postgres),
      databases: {
        ...omit(fields(fields(example.postgres).databases), "forecast"),
        pageviews: { name: "ml_pageviews", user: "ml_pageviews" },
      },
      host: database.host,
      port: database.port,
      cidr: `${address}/32`,
      caCertificate: authority,
    },
    s3: { ...fields(example.s3), endpoint, bucket, region },
    // The node has neither git-sync's image nor the site's git server.
    airflow: { ...fields(example.airflow), dags: { kind: "image" } },
    projects: [{ name: "pageviews", config: { WIKIMEDIA_CONTACT: "ml-platform@corp.test" } }],
  };
}

function omit(all: Changes, key: string): Changes {
  return Object.fromEntries(Object.entries(all).filter(([name]) => name !== key));
}

function exampleStack(): Changes {
  const { config } = parse(readFileSync(join(folder, stackFile), "utf8")) as { config: unknown };
  const entries = Object.entries(isObject(config) ? config : {});
  return Object.fromEntries(entries.map(([key, value]) => [key.replace("mlops:", ""), value]));
}

/** The namespaces, with the labels that the preview asks for, and the site's own login in each. */
export function companyNamespaces({ registry, registryLogin }: Company): KubernetesObject[] {
  const { namespace, platformId, imagePullSecrets } = exampleStack();
  const labels = { "mlops/platform": String(platformId), "pod-security.kubernetes.io/enforce": "restricted" };
  const auth = Buffer.from(`${registryLogin.user}:${registryLogin.password}`).toString("base64");
  const login = JSON.stringify({ auths: { [registry.host]: { auth } } });
  return [String(namespace), "pageviews"].flatMap((name): KubernetesObject[] => [
    { apiVersion: "v1", kind: "Namespace", metadata: { name, labels } },
    ...(Array.isArray(imagePullSecrets) ? imagePullSecrets : []).map((secret): KubernetesObject => ({
      apiVersion: "v1",
      kind: "Secret",
      metadata: { name: String(secret), namespace: name },
      type: "kubernetes.io/dockerconfigjson",
      stringData: { ".dockerconfigjson": login },
    })),
  ]);
}

/** What a DBA runs, as the documentation has it; the project is the pipeline's. */
export function dbaStatements(): string {
  const page = readFileSync(join(folder, "docs/site.md"), "utf8");
  const [, statements = ""] = /^```sql cluster\n(CREATE ROLE [^`]*)^```/m.exec(page) ?? [];
  return statements.replaceAll("forecast", "pageviews");
}

/** The passwords of these statements, by client. */
const logins = ["airflow", "mlflow", "mlflow-auth", "grafana", "pageviews", "exporter"].map((client) => {
  const name = { "mlflow-auth": "accounts", exporter: "metrics" }[client] ?? client;
  return [`secrets.postgres.logins.${client}`, `replace-${name}`] as const;
});

/** What the example leaves to `make secrets` and `pulumi config set --secret`, by path. */
export function companySecrets({ registry, registryLogin, proxyLogin, objectStore }: Company): Record<string, string> {
  const login = `secrets.registries["${registry.host}"]`;
  return {
    [`${login}.username`]: registryLogin.user,
    [`${login}.password`]: registryLogin.password,
    ...(Object.fromEntries(logins) as Record<string, string>),
    "secrets.proxy.username": proxyLogin.user,
    "secrets.proxy.password": proxyLogin.password,
    "secrets.s3.accessKey": objectStore.accessKey,
    "secrets.s3.secretKey": objectStore.secretKey,
    "secrets.airflow.connections.smtp_default.type": "smtp",
    "secrets.airflow.connections.smtp_default.login": "robot",
    "secrets.airflow.connections.smtp_default.password": "smtp-password",
  };
}
