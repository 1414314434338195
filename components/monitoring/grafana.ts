import { grafanaPort as port, grafana } from "./description.ts";
import * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import { generatedPassword } from "../objects/generated-password.ts";
import { clusterService } from "../objects/cluster-service.ts";
import { dataFiles } from "../objects/data-files.ts";
import { adminUser, dashboardProviders, datasources, folders, secretFiles, settings } from "./grafana-config.ts";
import type { Images } from "../images.ts";
import { labels, selectorLabels } from "../objects/labels.ts";
import { restrictedPodSpec } from "../objects/restricted.ts";
import { rolloutAnnotations } from "../objects/rollout.ts";

export interface GrafanaArgs {
  namespace: pulumi.Input<string>;
  images: Images;
  prometheus: { url: pulumi.Input<string>; user: string; password: pulumi.Output<string> };
  /** Where browsers find it. @default - not known: a load balancer's address is its cloud's, a port-forward's the user's */
  rootUrl: string | undefined;
  /** Generation of the password; a higher number makes a new one. */
  generation: number;
}

/** User of the image. */
const grafanaUser = 472;

/**
 * Grafana with Prometheus as its data source and the dashboards of `dashboards/`.
 *
 * It keeps nothing: the data source and the dashboards are files, and users, sessions and whatever is saved in the UI
 * end with the pod. Changed dashboards show about a minute later without a restart. It requests 50m CPU and 128 MiB of
 * memory.
 *
 * ```ts
 * new Grafana("grafana", { namespace, images, prometheus: { url, user, password }, rootUrl: undefined, generation: 1 });
 * ```
 */
export class Grafana extends pulumi.ComponentResource {
  readonly adminUser = adminUser;
  readonly adminPassword: pulumi.Output<string>;

  constructor(name: string, args: GrafanaArgs, opts?: pulumi.ComponentResourceOptions) {
    super("mlops:grafana:Grafana", name, {}, opts);
    const { namespace, prometheus, generation } = args;
    const child = { parent: this };
    const metadata = { name, namespace, labels: labels(name) };
    const generated = (role: string) => generatedPassword(`${name}-${role}`, { generation }, child).password;
    this.adminPassword = generated("admin");
    const stringData = {
      [secretFiles.adminPassword]: this.adminPassword,
      [secretFiles.encryptionKey]: generated("encryption-key"),
      [secretFiles.prometheusPassword]: prometheus.password,
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
      secrets: new k8s.core.v1.Secret(name, { metadata, stringData }, child).metadata.name,
    };
    new k8s.core.v1.Service(name, clusterService(name, namespace, { http: port }), child);
    // Without the dashboards: Grafana detects their changes itself.
    const config = pulumi.interpolate`${source}${dashboardProviders}`;
    const template = {
      metadata: { labels: labels(name), annotations: rolloutAnnotations(generation, config) },
      spec: podSpec(args, files),
    };
    const spec = { replicas: 1, selector: { matchLabels: selectorLabels(name) }, template };
    new k8s.apps.v1.Deployment(name, { metadata, spec }, child);
    const { adminPassword } = this;
    this.registerOutputs({ adminUser, adminPassword });
  }
}

interface Files {
  datasources: pulumi.Input<string>;
  providers: pulumi.Input<string>;
  dashboards: pulumi.Input<string>;
  secrets: pulumi.Input<string>;
}

function podSpec(args: GrafanaArgs, files: Files): k8s.types.input.core.v1.PodSpec {
  return restrictedPodSpec(grafanaUser, {
    containers: [container(args)],
    volumes: [
      { name: "datasources", configMap: { name: files.datasources } },
      { name: "providers", configMap: { name: files.providers } },
      { name: "dashboards", configMap: { name: files.dashboards } },
      { name: "secrets", secret: { secretName: files.secrets, defaultMode: 0o440 } },
      { name: "data", emptyDir: { sizeLimit: "512Mi" } },
      { name: "tmp", emptyDir: { sizeLimit: "64Mi" } },
    ],
  });
}

function container({ images, prometheus, rootUrl }: GrafanaArgs): k8s.types.input.core.v1.Container {
  const isHealthy = { httpGet: { path: "/api/health", port: "http" }, timeoutSeconds: 5 };
  return {
    name: "grafana",
    image: images.public("grafana"),
    env: settings(rootUrl, prometheus.user),
    ports: [{ name: "http", containerPort: port }],
    // A new database takes some hundred migrations.
    startupProbe: { ...isHealthy, periodSeconds: 5, failureThreshold: 120 },
    readinessProbe: { ...isHealthy, periodSeconds: 10 },
    livenessProbe: { ...isHealthy, periodSeconds: 20, timeoutSeconds: 10, failureThreshold: 6 },
    resources: grafana.pods.grafana.resources,
    volumeMounts: [
      { name: "datasources", mountPath: folders.datasources, readOnly: true },
      { name: "providers", mountPath: folders.providers, readOnly: true },
      { name: "dashboards", mountPath: folders.dashboards, readOnly: true },
      { name: "secrets", mountPath: folders.secrets, readOnly: true },
      { name: "data", mountPath: folders.data },
      { name: "tmp", mountPath: "/tmp" },
    ],
  };
}
