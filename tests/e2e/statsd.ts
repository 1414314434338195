import { publicImages } from "../../components/images.ts";
import type { KubernetesObject } from "../../lib/kubernetes/objects.ts";

/** What the chart would run for Airflow's metrics, under the same names, for an Airflow beside the cluster. */
export function statsd(namespace: string): KubernetesObject[] {
  const labels = { release: "airflow", component: "statsd", tier: "airflow" };
  const metadata = { name: "airflow-statsd", namespace, labels };
  const { repository, tag } = publicImages.statsdExporter;
  return [
    {
      apiVersion: "apps/v1",
      kind: "Deployment",
      metadata,
      spec: {
        selector: { matchLabels: labels },
        template: { metadata: { labels }, spec: pod(`${repository}:${tag}`) },
      },
    },
    {
      apiVersion: "v1",
      kind: "Service",
      metadata,
      spec: {
        selector: labels,
        ports: [
          { name: "statsd-ingest", port: 9125, protocol: "UDP" },
          { name: "statsd-scrape", port: 9102 },
        ],
      },
    },
  ];
}

function pod(image: string): object {
  return {
    automountServiceAccountToken: false,
    securityContext: { runAsNonRoot: true, runAsUser: 65534, seccompProfile: { type: "RuntimeDefault" } },
    containers: [
      {
        name: "statsd",
        image,
        imagePullPolicy: "IfNotPresent",
        ports: [{ containerPort: 9125, protocol: "UDP" }, { containerPort: 9102 }],
        readinessProbe: { httpGet: { path: "/metrics", port: 9102 }, periodSeconds: 2 },
        resources: { requests: { cpu: "10m", memory: "32Mi" }, limits: { cpu: "200m", memory: "128Mi" } },
        securityContext: {
          allowPrivilegeEscalation: false,
          capabilities: { drop: ["ALL"] },
          readOnlyRootFilesystem: true,
        },
      },
    ],
  };
}
