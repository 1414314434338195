import { hasBundledMonitoring } from "../../components/description.ts";

interface Stack {
  monitoring: { kind: string };
  projects: readonly { name: string; database: boolean; removed: boolean }[];
}

/** The client that reads statistics of the server for the metrics. */
export const exporterClient = "exporter";

/** The platform's own clients. MLflow's accounts have a database of their own, as its server wants it. */
export const platformClients = ["airflow", "mlflow", "mlflow-auth", "grafana"] as const;

export type PlatformClient = (typeof platformClients)[number];

/** Those of the platform's clients that a stack has. */
export function platformClientsOf(stack: Pick<Stack, "monitoring">): PlatformClient[] {
  return platformClients.filter((name) => name !== "grafana" || hasBundledMonitoring(stack));
}

/** Whether a project is a client. */
export function hasDatabase({ database, removed }: Stack["projects"][number]): boolean {
  return database && !removed;
}

/** Names of those who have a database each. */
export function databaseClientNames({ projects, ...stack }: Stack): string[] {
  return [...platformClientsOf(stack), ...projects.filter(hasDatabase).map(({ name }) => name)];
}
