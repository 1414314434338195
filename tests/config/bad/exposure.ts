import type { BadCase } from "./bad-case.ts";

const cluster = { kind: "minikube" };
const ingress = { kind: "ingress", domain: "ml.example.org", tlsSecretName: "ml-tls" };
const hosts = { airflow: "airflow.corp.example", mlflow: "models.corp.example" };
const gateway = { kind: "gateway", hosts, parentRef: { name: "internal", namespace: "edge", sectionName: "https" } };

/** What is wrong, and the parts that its message must have: key, what was found, what is allowed, the fix. */
interface Wrong {
  name: string;
  exposure: object;
  /** @default {} */
  config?: object;
  key: string;
  found: string;
  allowed: string;
  fix: string;
}

const badHosts: Wrong[] = [
  {
    name: "neither a domain nor hosts",
    exposure: { ...ingress, domain: undefined },
    key: "exposure.domain",
    found: "nothing",
    allowed: "unless exposure.hosts has a host for each UI",
    fix: "'exposure.domain'",
  },
  {
    name: "neither a domain nor hosts for a gateway",
    exposure: { ...gateway, hosts: {} },
    key: "exposure.domain",
    found: "nothing",
    allowed: "unless exposure.hosts has a host for each UI",
    fix: "'exposure.domain'",
  },
  {
    name: "ranges for a controller that the program does not tell",
    exposure: { ...ingress, sourceRanges: ["203.0.113.0/24"] },
    key: "exposure.sourceRanges",
    found: "203.0.113.0/24",
    allowed: "exposure.annotations tell another controller who may connect",
    fix: "config rm",
  },
  {
    name: "two UIs with one host",
    exposure: { ...gateway, hosts: { ...hosts, grafana: hosts.mlflow } },
    key: "exposure.hosts.grafana",
    found: '"models.corp.example"',
    allowed: "a host of its own: mlflow has this one",
    fix: "'exposure.hosts.grafana'",
  },
  {
    name: "the host that another UI has below the domain",
    exposure: { ...ingress, hosts: { airflow: "grafana.ml.example.org" } },
    key: "exposure.hosts.airflow",
    found: '"grafana.ml.example.org"',
    allowed: "a host of its own: grafana has this one",
    fix: "'exposure.hosts.airflow'",
  },
  {
    name: "a host of a UI that does not exist",
    exposure: { ...ingress, hosts: { flower: "flower.corp.example" } },
    key: "exposure.hosts.flower",
    found: '"flower.corp.example"',
    allowed: "a known key",
    fix: "rm --path 'exposure.hosts.flower'",
  },
  {
    name: "a host of a UI that the stack does not run",
    config: {
      cluster: {
        kind: "existing",
        context: "team",
        identity: { kind: "gke", project: "acme-ml", region: "europe-west4" },
      },
      minio: { enabled: false },
    },
    exposure: { ...ingress, hosts: { minio: "minio.corp.example" } },
    key: "exposure.hosts.minio",
    found: '"minio.corp.example"',
    allowed: "no value for minio: the stack does not run MinIO",
    fix: "rm --path 'exposure.hosts.minio'",
  },
  {
    name: "a URL in place of a host",
    exposure: { ...ingress, hosts: { mlflow: "https://models.corp.example" } },
    key: "exposure.hosts.mlflow",
    found: '"https://models.corp.example"',
    allowed: "a DNS name such as ml.example.org",
    fix: "'exposure.hosts.mlflow'",
  },
  {
    name: "a host of a UI that is not to be exposed",
    exposure: { ...gateway, uis: ["airflow"] },
    key: "exposure.hosts.mlflow",
    found: '"models.corp.example"',
    allowed: "no value for mlflow: MLflow has no host (exposure.domain, exposure.hosts) or is not in exposure.uis",
    fix: "rm --path 'exposure.hosts.mlflow'",
  },
  {
    name: "a UI to expose that has no host",
    exposure: { ...gateway, uis: ["airflow", "mlflow", "grafana"] },
    key: "exposure.uis[2]",
    found: '"grafana"',
    allowed: "no value for grafana: Grafana has no host",
    fix: "rm --path 'exposure.uis[2]'",
  },
  {
    name: "a UI to expose that does not exist",
    exposure: { kind: "nodePort", uis: ["flower"] },
    key: "exposure.uis[0]",
    found: '"flower"',
    allowed: "airflow, mlflow, minio, prometheus, grafana",
    fix: "'exposure.uis[0]'",
  },
  {
    name: "no UI to expose",
    exposure: { kind: "nodePort", uis: [] },
    key: "exposure.uis",
    found: "[]",
    allowed: "to expose none, set exposure.kind to portForward",
    fix: "exposure.uis",
  },
];

const badObjects: Wrong[] = [
  {
    name: "annotations of a UI that is not exposed",
    exposure: { ...gateway, annotationsOf: { minio: { owner: "ml" } } },
    key: "exposure.annotationsOf.minio",
    found: '{"owner":"ml"}',
    allowed: "no value for minio",
    fix: "rm --path 'exposure.annotationsOf.minio'",
  },
  {
    name: "an ingress without a certificate",
    exposure: { kind: "ingress", hosts, tlsSecretNames: { mlflow: "models-tls" } },
    key: "exposure.tlsSecretName",
    found: "nothing",
    allowed: "or exposure.defaultCertificate: true for the controller's own",
    fix: "'exposure.tlsSecretName'",
  },
  {
    name: "a Secret beside the default certificate",
    exposure: { ...ingress, defaultCertificate: true },
    key: "exposure.defaultCertificate",
    found: "true",
    allowed: "false with exposure.tlsSecretName",
    fix: "'exposure.defaultCertificate' false",
  },
  {
    name: "a Secret that cert-manager would have to fill for two Ingresses",
    exposure: {
      ...ingress,
      annotations: { "cert-manager.io/cluster-issuer": "corp" },
      annotationsOf: { mlflow: { "example.org/size": "0" } },
    },
    key: "exposure.tlsSecretNames",
    found: "nothing",
    allowed: "another Secret for each UI in exposure.annotationsOf",
    fix: "as {mlflow: mlflow-tls}",
  },
  {
    name: "a gateway that is not named",
    exposure: { kind: "gateway", hosts },
    key: "exposure.parentRef",
    found: "nothing",
    allowed: "an object",
    fix: "write exposure.parentRef as an object",
  },
  {
    name: "a gateway's listeners for plain HTTP among the others",
    exposure: { ...gateway, parentRef: { name: "internal" } },
    key: "exposure.parentRef.sectionName",
    found: "nothing",
    allowed: "a string",
    fix: "'exposure.parentRef.sectionName'",
  },
  {
    name: "an ingress's certificate for a gateway",
    exposure: { ...gateway, tlsSecretName: "ml-tls" },
    key: "exposure.tlsSecretName",
    found: '"ml-tls"',
    allowed: "a known key",
    fix: "rm --path 'exposure.tlsSecretName'",
  },
];

/** Wrong ways to expose the UIs. */
export const badExposures: BadCase[] = [...badHosts, ...badObjects].map(({ exposure, config = {}, ...expected }) => ({
  config: { cluster, exposure, ...config },
  ...expected,
}));
