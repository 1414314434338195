import type * as k8s from "@pulumi/kubernetes";
import type * as pulumi from "@pulumi/pulumi";
import { folders, retentionSize } from "./prometheus-config.ts";
import { restrictedPodSpec } from "../objects/restricted.ts";

import { prometheusPort, prometheus } from "./description.ts";

/** User `nobody` of the images of Prometheus and Alertmanager. */
export const nobodyUser = 65534;

interface PrometheusPodArgs {
  image: pulumi.Input<string>;
  serviceAccount: pulumi.Input<string>;
  /** ConfigMap with `prometheus.yml` and `probe.yml`. */
  config: pulumi.Input<string>;
  /** ConfigMap with the alert rules. */
  rules: pulumi.Input<string>;
  /** Secret with `web.yml`. */
  web: pulumi.Input<string>;
  /** Secret with the passwords of the scraped endpoints. */
  credentials: pulumi.Input<string>;
  /** Claim of the volume. */
  claim: pulumi.Input<string>;
  storageGiB: number;
  retentionDays: number;
}

/** The pod of one Prometheus: non-root, with a read-only root filesystem. */
export function prometheusPod(args: PrometheusPodArgs): k8s.types.input.core.v1.PodSpec {
  return restrictedPodSpec(nobodyUser, {
    serviceAccountName: args.serviceAccount,
    // It lists nodes and asks their kubelets with this token.
    automountServiceAccountToken: true,
    // A shutdown writes what is in memory.
    terminationGracePeriodSeconds: 120,
    containers: [container(args)],
    volumes: [
      { name: "data", persistentVolumeClaim: { claimName: args.claim } },
      { name: "config", configMap: { name: args.config } },
      { name: "rules", configMap: { name: args.rules } },
      { name: "web", secret: { secretName: args.web, defaultMode: 0o440 } },
      { name: "credentials", secret: { secretName: args.credentials, defaultMode: 0o440 } },
    ],
  });
}

function container(args: PrometheusPodArgs): k8s.types.input.core.v1.Container {
  return {
    name: "prometheus",
    image: args.image,
    args: [
      `--config.file=${folders.config}/prometheus.yml`,
      `--web.config.file=${folders.web}/web.yml`,
      `--web.listen-address=:${prometheusPort}`,
      `--storage.tsdb.path=${folders.data}`,
      `--storage.tsdb.retention.time=${args.retentionDays}d`,
      `--storage.tsdb.retention.size=${retentionSize(args.storageGiB)}`,
    ],
    ports: [{ name: "http", containerPort: prometheusPort }],
    ...probes,
    resources: prometheus.pods.prometheus.resources,
    volumeMounts: [
      { name: "data", mountPath: folders.volume },
      { name: "config", mountPath: folders.config, readOnly: true },
      { name: "rules", mountPath: folders.rules, readOnly: true },
      { name: "web", mountPath: folders.web, readOnly: true },
      { name: "credentials", mountPath: folders.credentials, readOnly: true },
    ],
  };
}

/**
 * The password covers the health paths too, so that a probe over HTTP would have to carry it in the manifest.
 * promtool reads it from a file and knows when the log of the newest samples is replayed, which an open port does not
 * tell; whether the server still answers at all, a connection tells at no cost.
 */
const probes: Pick<k8s.types.input.core.v1.Container, "startupProbe" | "readinessProbe" | "livenessProbe"> = {
  startupProbe: { exec: isReady(), periodSeconds: 5, timeoutSeconds: 10, failureThreshold: 180 },
  readinessProbe: { exec: isReady(), periodSeconds: 30, timeoutSeconds: 10 },
  livenessProbe: { tcpSocket: { port: "http" }, periodSeconds: 20, timeoutSeconds: 10, failureThreshold: 6 },
};

function isReady(): k8s.types.input.core.v1.ExecAction {
  const url = `http://localhost:${prometheusPort}`;
  return { command: ["promtool", "check", "ready", `--http.config.file=${folders.config}/probe.yml`, `--url=${url}`] };
}
