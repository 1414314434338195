import { named, type PartDescription } from "../description.ts";
import { objectStore } from "../minio/description.ts";
import { postgresServer } from "../postgres/description.ts";

export const backup = {
  picture: { title: "Backup", x: 232, y: 264, width: 196, height: 54 },
  pods: {
    backup: {
      labels: named("backup"),
      diagramLabel: "CronJob",
      resources: { requests: { cpu: "100m", memory: "128Mi" }, limits: { cpu: "1", memory: "512Mi" } },
      isDeployed: (stack) => stack.backup.enabled,
      reaches: [postgresServer, objectStore],
      outside: () => ["identity"],
    },
  },
  secrets: [
    {
      names: ["backup", "backup-logins"],
      holds: "the server's administrator or the logins of a DBA, keys of MinIO or of your S3 for `backups/`",
      readBy: "the backup's pods",
      renewedWith: "`rotation.admin`, `rotation.minio`; your own: `secrets.postgres.logins`, `secrets.s3`",
    },
  ],
} as const satisfies PartDescription;
