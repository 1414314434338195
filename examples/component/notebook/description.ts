import { named, type PartDescription } from "../description.ts";
import { trackingServer } from "../mlflow/description.ts";

export const notebookPort = 8080;

export const notebook = {
  picture: { title: "Notebook", x: 440, y: 346, width: 96, height: 86 },
  pods: {
    notebook: {
      labels: named("notebook"),
      drawnAs: "server",
      ports: { http: notebookPort },
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
  volumes: { "notebook-data": { key: "layers", value: "[platform]" } },
} as const satisfies PartDescription;
