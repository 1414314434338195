interface Stack {
  airflow: { logs: { kind: string } };
  backup: { enabled: boolean };
  projects: readonly { name: string; removed: boolean }[];
}

/** Names of those who keep data in object storage: a prefix each, and keys or an identity. */
export function storageClientNames({ airflow, backup, projects }: Stack): string[] {
  return [
    ...(airflow.logs.kind === "objectStorage" ? ["airflow"] : []),
    ...(backup.enabled ? ["backup"] : []),
    "mlflow",
    ...projects.filter(({ removed }) => !removed).map(({ name }) => name),
  ];
}
