interface Stack {
  projects: readonly { name: string; database: boolean; removed: boolean }[];
}

/** The client that reads statistics of the server for the metrics. */
export const exporterClient = "exporter";

/** The platform's own clients. MLflow's accounts have a database of their own, as its server wants it. */
export const platformClients = ["airflow", "mlflow", "mlflow-auth"] as const;

/** Whether a project is a client. */
export function hasDatabase({ database, removed }: Stack["projects"][number]): boolean {
  return database && !removed;
}

/** Names of those who have a database each. */
export function databaseClientNames({ projects }: Stack): string[] {
  return [...platformClients, ...projects.filter(hasDatabase).map(({ name }) => name)];
}
