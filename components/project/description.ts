import type { PartDescription } from "../description.ts";
import { objectStore } from "../minio/description.ts";
import { trackingServer } from "../mlflow/description.ts";
import { postgresServer } from "../postgres/description.ts";

export const projects = {
  picture: { title: "A namespace per project", x: 16, y: 528, width: 816, height: 54 },
  pods: {
    tasks: {
      labels: {},
      diagramLabel: "task pods",
      namespace: "projects",
      isDeployed: (stack) => stack.projects.length > 0,
      reaches: [postgresServer, objectStore, trackingServer],
      outside: () => ["identity"],
    },
  },
  secrets: [
    {
      names: ["<project>"],
      holds: "its logins for Postgres, MLflow and MinIO or your S3; its own values",
      readBy: "its task pods, as environment",
      renewedWith:
        "`rotation.database`, `rotation.mlflow`, `rotation.minio`; your own: `secrets.postgres.logins`, `secrets.s3`, `make secrets PROJECT=name ENV_FILE=.env`",
    },
  ],
} as const satisfies PartDescription;
