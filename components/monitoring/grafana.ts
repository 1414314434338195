import { grafanaPort as port, grafana } from "./description.ts";
import * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import * as random from "@pulumi/random";
import { generatedPassword } from "../objects/generated-password.ts";
import { clusterService } from "../objects/cluster-service.ts";
import { dataFiles } from "../objects/data-files.ts";
import {
  adminUser,
  dashboardProviders,
  datasources,
  folders,
  secretKeys,
  secretSettings,
  settings,
  startScript,
} from "./grafana-config.ts";
import type { DatabaseConnection } from "../postgres/databases.ts";
import type { Images } from "../images.ts";
import { labels, selectorLabels } from "../objects/labels.ts";
import { restrictedPodSpec } from "../objects/restricted.ts";
import { rolloutAnnotations } from "../objects/rollout.ts";
import { secretVariable } from "../objects/secret-variable.ts";

export interface GrafanaArgs {
  namespace: pulumi.Input<string>;
  images: Images;
  prometheus: { url: pulumi.Input<string>; user: string; password: pulumi.Output<string> };
  /** Where browsers find it. @default - not known: a load balancer's address is its cloud's, a port-forward's the user's */
  rootUrl: string | undefined;
  /** Its users, what they save, and their preferences. */
  database: DatabaseConnection;
  /** Generation of the administrator's password; a higher number makes a new one. */
  generation: number;
  /**
   * Resources that must exist before its pod starts; given here and not as an option, since a destroy that keeps the encryption
   * key would keep what the component depends on. @default []
   */
  after?: pulumi.Resource[];
}

/** User of the image. */
const grafanaUser = 472;

/**
 * Grafana with Prometheus as its data source and the dashboards of `dashboards/`.
 *
 * The data source and the dashboards are files. Users, sessions and whatever is saved in the UI are in Postgres. Changed
 * dashboards show about a minute later without a restart. It requests 50m CPU and 128 MiB of memory.
 *
 * ```ts
 * const prometheus = { url, user, password };
 * new Grafana("grafana", { namespace, images, prometheus, rootUrl: undefined, database, generation: 1 });
 * ```
 */
export class Grafana extends pulumi.ComponentResource {
  readonly adminUser = adminUser;
  readonly adminPassword: pulumi.Output<string>;

  constructor(name: string, args: GrafanaArgs, opts?: pulumi.ComponentResourceOptions) {
    super("mlops:grafana:Grafana", name, {}, opts);
    const { namespace, prometheus, generation, database } = args;
    const child = { parent: this };
    const metadata = { name, namespace, labels: labels(name) };
    this.adminPassword = generatedPassword(`${name}-admin`, { generation }, child).password;
    // Of no generation: with another one, what Grafana has encrypted in its database is lost.
    const encryptionKey = new random.RandomBytes(`${name}-encryption-key`, { length: 32 }, child);
    const stringData = {
      [secretKeys.adminPassword]: this.adminPassword,
      [secretKeys.databasePassword]: database.password,
      [secretKeys.encryptionKey]: pulumi.secret(encryptionKey.hex),
      [secretKeys.prometheusPassword]: prometheus.password,
    };
    const source = pulumi.output(prometheus.url).apply((url) => datasources({ url, user: prometheus.user }));
    const configMapOf = (role: string, data: Record<string, pulumi.Input<string>>): pulumi.Output<string> => {
      const resourceName = `${name}-${role}`;
      const args = { metadata: { ...metadata, name: resourceName }, data };
      return new k8s.core.v1.ConfigMap(resourceName, args, child).metadata.name;
    };
    const files = {
      datasources: configMapOf("datasources", { "prometheus.yaml": source }),
      providers: configMapOf("providers", { "platform.yaml": dashboardProviders }),
      dashboards: configMapOf("dashboards", dataFiles("dashboards", ".json")),
      postgresCa: configMapOf("postgres-ca", { "ca.crt": database.caCertificate }),
      secrets: new k8s.core.v1.Secret(name, { metadata, stringData }, child).metadata.name,
    };
    new k8s.core.v1.Service(name, clusterService(name, namespace, { http: port }), child);
    const template = {
      metadata: { labels: labels(name), annotations: rollout(args, source) },
      spec: podSpec(args, files),
    };
    // Two versions cannot share one schema. Not `Recreate`: the API server refuses it for what was deployed without a strategy.
    const strategy = { type: "RollingUpdate", rollingUpdate: { maxSurge: 0, maxUnavailable: 1 } };
    const spec = { replicas: 1, strategy, selector: { matchLabels: selectorLabels(name) }, template };
    new k8s.apps.v1.Deployment(name, { metadata, spec }, { ...child, dependsOn: args.after ?? [] });
    const { adminPassword } = this;
    this.registerOutputs({ adminUser, adminPassword });
  }
}

/** Without the dashboards: Grafana detects their changes itself. */
function rollout({ generation, database }: GrafanaArgs, source: pulumi.Output<string>) {
  const { caCertificate, fingerprint = "" } = database;
  return rolloutAnnotations(
    generation,
    pulumi.interpolate`${source}${dashboardProviders}${caCertificate}${fingerprint}`,
  );
}

interface Files {
  datasources: pulumi.Input<string>;
  providers: pulumi.Input<string>;
  dashboards: pulumi.Input<string>;
  postgresCa: pulumi.Input<string>;
  secrets: pulumi.Input<string>;
}

function podSpec(args: GrafanaArgs, files: Files): k8s.types.input.core.v1.PodSpec {
  return restrictedPodSpec(grafanaUser, {
    containers: [container(args, files)],
    volumes: [
      { name: "datasources", configMap: { name: files.datasources } },
      { name: "providers", configMap: { name: files.providers } },
      { name: "dashboards", configMap: { name: files.dashboards } },
      { name: "postgres-ca", configMap: { name: files.postgresCa } },
      { name: "secrets", secret: { secretName: files.secrets, defaultMode: 0o440, items: [prometheusPassword] } },
      { name: "data", emptyDir: { sizeLimit: "512Mi" } },
      { name: "tmp", emptyDir: { sizeLimit: "64Mi" } },
    ],
  });
}

/** The secret that the data source's file names. */
const prometheusPassword = { key: secretKeys.prometheusPassword, path: secretKeys.prometheusPassword };

function container(
  { images, prometheus, rootUrl, database }: GrafanaArgs,
  { secrets: secret }: Files,
): k8s.types.input.core.v1.Container {
  const isHealthy = { httpGet: { path: "/api/health", port: "http" }, timeoutSeconds: 5 };
  return {
    name: "grafana",
    image: images.public("grafana"),
    command: ["/bin/sh", "-c", startScript],
    env: [
      ...settings({ rootUrl, prometheusUser: prometheus.user, database }),
      ...Object.entries(secretSettings).map(([name, key]) => secretVariable(name, secret, key)),
    ],
    ports: [{ name: "http", containerPort: port }],
    // An empty database takes some hundred migrations.
    startupProbe: { ...isHealthy, periodSeconds: 5, failureThreshold: 120 },
    readinessProbe: { ...isHealthy, periodSeconds: 10 },
    livenessProbe: { ...isHealthy, periodSeconds: 20, timeoutSeconds: 10, failureThreshold: 6 },
    resources: grafana.pods.grafana.resources,
    volumeMounts: [
      { name: "datasources", mountPath: folders.datasources, readOnly: true },
      { name: "providers", mountPath: folders.providers, readOnly: true },
      { name: "dashboards", mountPath: folders.dashboards, readOnly: true },
      { name: "postgres-ca", mountPath: folders.postgresCa, readOnly: true },
      { name: "secrets", mountPath: folders.secrets, readOnly: true },
      { name: "data", mountPath: folders.data },
      { name: "tmp", mountPath: "/tmp" },
    ],
  };
}
