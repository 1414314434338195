interface Stack {
  projects: readonly { name: string; database: boolean; removed: boolean }[];
}

/** The client that reads statistics of the server for the metrics. */
export const exporterClient = "exporter";

/** The platform's own clients. MLflow's accounts have a database of their own, as its server wants it. */
export const platformClients: readonly string[] = ["airflow", "mlflow", "mlflow-auth"];

/** Names of those who have a database each. */
export function databaseClientNames({ projects }: Stack): string[] {
  const ofProjects = projects.filter(({ database, removed }) => database && !removed);
  return [...platformClients, ...ofProjects.map(({ name }) => name)];
}
