import type { Config } from "../config.ts";
import { serviceAccounts, taskAccount } from "./airflow/names.ts";
import { hasBucket } from "./cluster/kinds.ts";
import { hasDatabase, type PlatformClient, platformClientsOf } from "../config/postgres/clients.ts";
import { projectNamespace } from "../config/project-namespace.ts";
import { storageClientNames } from "../config/storage-clients.ts";
import {
  airflowConnections,
  grafanaConnections,
  mlflowConnections,
  projectConnections,
} from "./postgres/connection-limits.ts";

/** A Kubernetes service account. */
export interface ServiceAccountRef {
  namespace: string;
  name: string;
}

/** A client of object storage: it has one prefix and one identity, and may read and write. */
export interface StorageClient {
  /** Names the identity, e.g. the MinIO user or the cloud's role. */
  name: string;
  /** Everything that the client may reach, without slashes at the ends, e.g. `airflow/logs`. */
  prefix: string;
  serviceAccounts: ServiceAccountRef[];
}

/** A client of Postgres: it has one role and one database of the same name. */
export interface DatabaseClient {
  /** Names the connection. */
  name: string;
  /** Role and database. */
  role: string;
  /** Connections that its login may hold at once. */
  connections: number;
}

/** The prefix of each part of the platform in object storage. */
export const storagePrefixes = { airflow: "airflow/logs", backup: "backups", mlflow: "mlflow/artifacts" } as const;

/** The prefix of a project in object storage. */
export const projectPrefix = (project: string): string => `projects/${project}`;

/** Service accounts of the parts of Airflow that read or write task logs. */
function airflowLogAccounts({ executor }: Config["airflow"]): string[] {
  return [taskAccount(executor), serviceAccounts.apiServer, serviceAccounts.triggerer];
}

/** The clients of object storage by the store that keeps their data; a site's S3 keeps everything. */
export function clientsByStore(config: Config): Record<"cloud" | "minio" | "site", StorageClient[]> {
  const clients = storageClients(config);
  if (config.s3 !== undefined) return { cloud: [], minio: [], site: clients };
  if (!hasBucket(config.cluster)) return { cloud: [], minio: clients, site: [] };
  const isOnMinio = ({ name }: StorageClient) => name === "mlflow" && config.mlflow.artifactStore === "minio";
  return { cloud: clients.filter((client) => !isOnMinio(client)), minio: clients.filter(isOnMinio), site: [] };
}

/** The clients of object storage, least privilege each; data, so that every store is made in one go. */
function storageClients(config: Config): StorageClient[] {
  const { namespace, projectNamespacePrefix, airflow } = config;
  const inPlatform = (name: string): ServiceAccountRef => ({ namespace, name });
  const ofPlatform: Record<string, Omit<StorageClient, "name">> = {
    airflow: { prefix: storagePrefixes.airflow, serviceAccounts: airflowLogAccounts(airflow).map(inPlatform) },
    backup: { prefix: storagePrefixes.backup, serviceAccounts: [inPlatform("backup")] },
    mlflow: { prefix: storagePrefixes.mlflow, serviceAccounts: [inPlatform("mlflow")] },
  };
  const ofProject = (name: string): Omit<StorageClient, "name"> => ({
    prefix: projectPrefix(name),
    serviceAccounts: [{ namespace: projectNamespace(projectNamespacePrefix, name), name }],
  });
  return storageClientNames(config).map((name) => ({ name, ...(ofPlatform[name] ?? ofProject(name)) }));
}

/** The clients of Postgres; see `databaseClientNames`. */
export function databaseClients({
  projects,
  airflow,
  monitoring,
  postgres,
}: Pick<Config, "airflow" | "monitoring" | "postgres" | "projects">): DatabaseClient[] {
  const client = (name: string, connections: number) => ({ name, role: `${postgres.prefix}${name}`, connections });
  const connections: Record<PlatformClient, number> = {
    airflow: airflowConnections(airflow),
    mlflow: mlflowConnections.server,
    "mlflow-auth": mlflowConnections.accounts,
    grafana: grafanaConnections.limit,
  };
  return [
    ...platformClientsOf({ monitoring }).map((name) => client(name, connections[name])),
    ...projects.filter(hasDatabase).map((each) => client(each.name, projectConnections(each))),
  ];
}
