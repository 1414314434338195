import { alertmanagerPort as port, prometheus } from "./description.ts";
import * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import { stringify } from "yaml";
import { clusterService } from "../objects/cluster-service.ts";
import type { Images } from "../images.ts";
import { labels, selectorLabels } from "../objects/labels.ts";
import { nobodyUser } from "./prometheus-pod.ts";
import { type AlertWebhook, type ReceiverKind, receiverSection } from "./alert-receiver.ts";
import { restrictedPodSpec } from "../objects/restricted.ts";
import { rolloutAnnotations } from "../objects/rollout.ts";

export interface AlertmanagerArgs {
  namespace: pulumi.Input<string>;
  images: Images;
  /** web.yml with the user and the password's hash. */
  webConfig: pulumi.Output<string>;
  /** Generation of the password. */
  generation: number;
  /** Where alerts are sent. @default - nowhere */
  webhook?: AlertWebhook;
  /** Whether its environment names a proxy for them. @default false */
  usesProxy?: boolean;
}

const configFolder = "/etc/alertmanager/config";
const secretFolder = "/etc/alertmanager/secret";
const webhookUrlFile = `${secretFolder}/webhook-url`;

/**
 * One Alertmanager that groups alerts and sends them to a webhook, if there is one.
 *
 * Silences are kept in the pod and end with it: what must last is a change of the rule. It requests 10m CPU and
 * 32 MiB of memory.
 *
 * ```ts
 * new Alertmanager("alertmanager", { namespace, images, webConfig, generation: 1, webhook: { kind: "slack", url } });
 * ```
 */
export class Alertmanager extends pulumi.ComponentResource {
  constructor(name: string, args: AlertmanagerArgs, opts?: pulumi.ComponentResourceOptions) {
    super("mlops:alertmanager:Alertmanager", name, {}, opts);
    const { namespace, webConfig, webhook } = args;
    const child = { parent: this };
    const metadata = { name, namespace, labels: labels(name) };
    const config = alertmanagerConfig(webhook?.kind, args.usesProxy ?? false);
    const stringData = { "web.yml": webConfig, ...(webhook === undefined ? {} : { "webhook-url": webhook.url }) };
    const files = {
      config: new k8s.core.v1.ConfigMap(name, { metadata, data: { "alertmanager.yml": config } }, child).metadata.name,
      secret: new k8s.core.v1.Secret(name, { metadata, stringData }, child).metadata.name,
    };
    new k8s.core.v1.Service(name, clusterService(name, namespace, { http: port }), child);
    const template = {
      metadata: { labels: labels(name), annotations: rolloutAnnotations(args.generation, config) },
      spec: podSpec(args.images.public("alertmanager"), files),
    };
    // Two of them would not know of each other's silences.
    const strategy = { type: "Recreate" };
    const spec = { replicas: 1, strategy, selector: { matchLabels: selectorLabels(name) }, template };
    new k8s.apps.v1.Deployment(name, { metadata, spec }, child);
    this.registerOutputs({});
  }
}

/**
 * alertmanager.yml.
 *
 * The webhook's URL, which may contain a token, is in a file of the Secret.
 *
 * @param kind of the webhook; undefined: alerts are sent nowhere
 * @param usesProxy whether it sends them by the proxy that its environment names
 */
export function alertmanagerConfig(kind: ReceiverKind | undefined, usesProxy = false): string {
  const receiver = kind ?? "none";
  return stringify({
    // Unlike other programs it ignores the environment's proxy unless told.
    ...(usesProxy ? { global: { http_config: { proxy_from_environment: true } } } : {}),
    route: {
      receiver,
      group_by: ["alertname", "namespace"],
      group_wait: "30s",
      group_interval: "5m",
      repeat_interval: "12h",
    },
    receivers: [{ name: receiver, ...(kind === undefined ? {} : receiverSection(kind, webhookUrlFile)) }],
  });
}

interface Files {
  config: pulumi.Input<string>;
  secret: pulumi.Input<string>;
}

function podSpec(image: string, files: Files): k8s.types.input.core.v1.PodSpec {
  return restrictedPodSpec(nobodyUser, {
    containers: [container(image)],
    volumes: [
      { name: "data", emptyDir: { sizeLimit: "64Mi" } },
      { name: "config", configMap: { name: files.config } },
      { name: "secret", secret: { secretName: files.secret, defaultMode: 0o440 } },
    ],
  });
}

function container(image: string): k8s.types.input.core.v1.Container {
  return {
    name: "alertmanager",
    image,
    args: [
      `--config.file=${configFolder}/alertmanager.yml`,
      `--web.config.file=${secretFolder}/web.yml`,
      `--web.listen-address=:${port}`,
      "--storage.path=/alertmanager",
      // A single Alertmanager has no peers.
      "--cluster.listen-address=",
    ],
    ports: [{ name: "http", containerPort: port }],
    // The password covers the health paths too, and it listens only when it is ready.
    readinessProbe: { tcpSocket: { port: "http" }, periodSeconds: 10, timeoutSeconds: 5 },
    livenessProbe: { tcpSocket: { port: "http" }, periodSeconds: 20, timeoutSeconds: 10, failureThreshold: 6 },
    resources: prometheus.pods.alertmanager.resources,
    volumeMounts: [
      { name: "data", mountPath: "/alertmanager" },
      { name: "config", mountPath: configFolder, readOnly: true },
      { name: "secret", mountPath: secretFolder, readOnly: true },
    ],
  };
}
