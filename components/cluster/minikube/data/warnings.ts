import type { Rule } from "../../../../config/rule.ts";
import type { MinikubeConfig } from "./schema.ts";

/** Folders of a laptop by where its system, WSL or Docker has them. */
const laptopFolder = /^\/(home|Users|root|Volumes|media|host_mnt|mnt\/[a-z]|[a-z])\//;

type FolderRule = Rule<MinikubeConfig>;
type FolderOf = (config: Parameters<FolderRule["broken"]>[0]) => string | undefined;

/** Folders that minikube's node most likely does not have. */
export const minikubeWarnings: FolderRule[] = [
  ofLaptop("cluster.dataFolder", ({ cluster }) => cluster.dataFolder),
  ofLaptop("airflow.dags.path", ({ airflow: { dags } }) => (dags.kind === "hostPath" ? dags.path : undefined)),
];

function ofLaptop(key: string, folderOf: FolderOf): FolderRule {
  return {
    key,
    broken: (config) => laptopFolder.test(folderOf(config) ?? ""),
    allowed:
      "a folder of minikube's node, where folders of your machine are only if they are mounted: " +
      "without it, pods see an empty folder (docs/minikube.md)",
    fix: (_, config) => {
      const folder = folderOf(config) ?? "";
      return `minikube mount '${folder}:${folder}' in a second terminal, or minikube start --mount --mount-string '${folder}:${folder}'`;
    },
  };
}
