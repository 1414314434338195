import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { KubernetesObject } from "../../lib/kubernetes/objects.ts";
import { folder } from "../program/program-cases.ts";

export const wikimediaNamespace = "e2e-wikimedia";

const labels = { app: "wikimedia" };
const metadata = { name: "wikimedia", namespace: wikimediaNamespace };

const file = (path: string) => readFileSync(join(folder, path), "utf8");

/** Wikimedia's API with generated views, as a Service in a namespace of its own: nothing here reaches the real one. */
export function wikimedia(): KubernetesObject[] {
  return [
    { apiVersion: "v1", kind: "Namespace", metadata: { name: wikimediaNamespace } },
    {
      apiVersion: "v1",
      kind: "ConfigMap",
      metadata,
      data: {
        "serve.py": file("tests/e2e/wikimedia/serve.py"),
        "wikimedia_server.py": file("images/pageviews/tests/wikimedia_server.py"),
      },
    },
    {
      apiVersion: "apps/v1",
      kind: "Deployment",
      metadata,
      spec: {
        selector: { matchLabels: labels },
        template: { metadata: { labels }, spec: pod },
      },
    },
    { apiVersion: "v1", kind: "Service", metadata, spec: { selector: labels, ports: [{ port: 443 }] } },
  ];
}

const pod = {
  // The only port outside the platform that projects may reach is 443, which takes root.
  securityContext: { runAsUser: 0 },
  containers: [
    {
      name: "server",
      image: "localhost/mlops/pageviews:0.1.0",
      imagePullPolicy: "IfNotPresent",
      command: ["python", "/srv/serve.py"],
      readinessProbe: { tcpSocket: { port: 443 }, periodSeconds: 2 },
      resources: { requests: { cpu: "10m", memory: "128Mi" } },
      volumeMounts: [{ name: "server", mountPath: "/srv" }],
    },
  ],
  volumes: [{ name: "server", configMap: { name: "wikimedia" } }],
};
