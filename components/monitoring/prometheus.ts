import * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import { stringify } from "yaml";
import { generatedPassword } from "../objects/generated-password.ts";
import type { AlertWebhook } from "./alert-receiver.ts";
import { Alertmanager } from "./alertmanager.ts";
import { clusterService } from "../objects/cluster-service.ts";
import { dataFiles } from "../objects/data-files.ts";
import type { Images } from "../images.ts";
import { KubeStateMetrics } from "./kube-state-metrics.ts";
import { labels } from "../objects/labels.ts";
import { adminUser, passwordFiles, probeConfig, prometheusConfig, type Scrape } from "./prometheus-config.ts";
import type { ProjectNamespace } from "../project/projects.ts";
import { prometheusPort } from "./description.ts";
import { prometheusPod } from "./prometheus-pod.ts";
import { rolloutAnnotations } from "../objects/rollout.ts";
import { statefulServer } from "../objects/stateful-server.ts";
import { volumeClaim } from "../objects/volume-claim.ts";

export interface PrometheusArgs {
  namespace: pulumi.Input<string>;
  /** Projects whose pods are watched beside the platform's own. */
  projects: ProjectNamespace[];
  /** Undefined: the cluster's default class. */
  storageClass: string | undefined;
  storageGiB: number;
  retentionDays: number;
  images: Images;
  /** What is collected beside Kubernetes; see `scrapesOf`. */
  scrapes: Scrape[];
  /** Generation of the password; a higher number makes a new one. */
  generation: number;
  /**
   * Resources that must exist before its pods start; given here and not as an option, since a destroy that keeps the volume would
   * keep what the component depends on. @default []
   */
  after?: pulumi.Resource[];
  /** Where alerts are sent. @default - they show in Prometheus and Grafana alone */
  webhook?: AlertWebhook;
  /** Whether they are sent by the proxy that the environment names. @default false */
  usesProxy?: boolean;
}

/**
 * Prometheus on a volume of its own, with Alertmanager, kube-state-metrics and the rules of `alerts/`.
 *
 * One generated password opens Prometheus and Alertmanager. Together they request 120m CPU and 380 MiB of memory.
 *
 * ```ts
 * const scrapes = scrapesOf(config, { minio: { token }, mlflow: { username, password } });
 * new Prometheus("prometheus", { namespace, projects, storageClass, storageGiB: 10, retentionDays: 15, images, scrapes, generation: 1 });
 * ```
 */
export class Prometheus extends pulumi.ComponentResource {
  /** In the cluster. */
  readonly url: pulumi.Output<string>;
  readonly adminUser = adminUser;
  readonly adminPassword: pulumi.Output<string>;

  constructor(name: string, args: PrometheusArgs, opts?: pulumi.ComponentResourceOptions) {
    super("mlops:prometheus:Prometheus", name, {}, opts);
    const { namespace, projects, images, generation, scrapes, webhook } = args;
    const child = { parent: this };
    const metadata = (role: string) => ({ name: `${name}-${role}`, namespace, labels: labels(name) });
    const { password, bcryptHash } = generatedPassword(`${name}-admin`, { generation }, child);
    this.adminPassword = password;
    this.url = pulumi.interpolate`http://${name}.${namespace}.svc:${prometheusPort}`;
    const webConfig = bcryptHash.apply((hash) => stringify({ basic_auth_users: { [adminUser]: hash } }));

    const later = { ...child, dependsOn: args.after ?? [] };
    new KubeStateMetrics("kube-state-metrics", { namespace, projects, images }, later);
    const { usesProxy = false } = args;
    const receiver = { usesProxy, ...(webhook === undefined ? {} : { webhook }) };
    new Alertmanager("alertmanager", { namespace, images, generation, webConfig, ...receiver }, later);

    const configMapOf = (role: string, data: Record<string, pulumi.Input<string>>): pulumi.Output<string> =>
      new k8s.core.v1.ConfigMap(`${name}-${role}`, { metadata: metadata(role), data }, child).metadata.name;
    const secretOf = (role: string, stringData: Record<string, pulumi.Input<string>>): pulumi.Output<string> =>
      new k8s.core.v1.Secret(`${name}-${role}`, { metadata: metadata(role), stringData }, child).metadata.name;
    const config = pulumi
      .output({ namespace, projectNamespaces: projects.map((project) => project.namespace) })
      .apply((namespaces) => prometheusConfig({ ...namespaces, scrapes }));
    const rules = dataFiles("alerts", ".yaml");
    const claim = { ...args, name: `${name}-data`, component: name };
    const files = {
      serviceAccount: nodeReader(name, namespace, child),
      config: configMapOf("config", { "prometheus.yml": config, "probe.yml": probeConfig }),
      rules: configMapOf("rules", rules),
      web: secretOf("web", { "web.yml": webConfig }),
      credentials: secretOf("credentials", passwordFiles(scrapes, this.adminPassword)),
      claim: new k8s.core.v1.PersistentVolumeClaim(`${name}-data`, volumeClaim(claim), child).metadata.name,
    };
    new k8s.core.v1.Service(name, clusterService(name, namespace, { http: prometheusPort }), child);
    const text = pulumi.interpolate`${config}${probeConfig}${JSON.stringify(rules)}`;
    const { storageGiB, retentionDays } = args;
    const pod = prometheusPod({ image: images.public("prometheus"), storageGiB, retentionDays, ...files });
    const annotations = rolloutAnnotations(generation, text);
    new k8s.apps.v1.StatefulSet(name, statefulServer(name, { namespace, annotations, pod }), later);
    const { url, adminPassword } = this;
    this.registerOutputs({ url, adminUser, adminPassword });
  }
}

/**
 * A service account that finds the nodes and reads their metrics, and has no other right.
 *
 * Nodes do not belong to a namespace, so these permissions apply to the whole cluster; their names carry the
 * namespace, since another stack on the same cluster has its own.
 */
function nodeReader(
  name: string,
  namespace: pulumi.Input<string>,
  child: pulumi.CustomResourceOptions,
): pulumi.Output<string> {
  const metadata = { name, namespace, labels: labels(name) };
  const account = new k8s.core.v1.ServiceAccount(name, { metadata, automountServiceAccountToken: false }, child);
  const clusterWide = { name: pulumi.interpolate`${namespace}-${name}-nodes`, labels: labels(name) };
  const rules = [
    { apiGroups: [""], resources: ["nodes"], verbs: ["get", "list", "watch"] },
    { apiGroups: [""], resources: ["nodes/metrics"], verbs: ["get"] },
  ];
  const role = new k8s.rbac.v1.ClusterRole(`${name}-nodes`, { metadata: clusterWide, rules }, child);
  const roleRef = { apiGroup: "rbac.authorization.k8s.io", kind: "ClusterRole", name: role.metadata.name };
  const subjects = [{ kind: "ServiceAccount", name: account.metadata.name, namespace }];
  new k8s.rbac.v1.ClusterRoleBinding(`${name}-nodes`, { metadata: clusterWide, roleRef, subjects }, child);
  return account.metadata.name;
}
