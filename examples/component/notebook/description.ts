import { named, type PartDescription } from "../description.ts";
import { trackingServer } from "../mlflow/description.ts";

export const notebookPort = 8080;

export const notebook = {
  picture: { title: "Notebook", x: 440, y: 346, width: 96, height: 86 },
  pods: {
    notebook: {
      labels: named("notebook"),
      diagramLabel: "server",
      resources: { requests: { cpu: "100m", memory: "512Mi" }, limits: { cpu: "2", memory: "2Gi" } },
      ports: { http: notebookPort },
      withoutLogin: { http: "its version and its metrics; everything else requires the password" },
      reaches: [trackingServer],
      metrics: [{ job: "notebook", port: notebookPort }],
      singleReplica: { kind: "Deployment", reason: "notebooks are files on one volume, which one pod mounts" },
    },
  },
  ui: {
    title: "Notebook",
    output: "notebookUrl",
    pods: "notebook",
    port: notebookPort,
    healthPath: "/api/version",
    nodePort: 30070,
    administrator: { secret: "notebook", passwordKey: "password" },
    login: { kind: "basic", path: "/api/security/ticket" },
  },
  secrets: [
    { names: ["notebook"], holds: "administrator's password", readBy: "the server", renewedWith: "`rotation.admin`" },
  ],
  volumes: { "notebook-data": { key: "layers", value: "[platform]" } },
} as const satisfies PartDescription;
