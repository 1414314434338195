/** Where a section measures. */
export interface Place {
  kubeconfig: string;
  /** The folder that Airflow reads its DAGs from. */
  dags: string;
}
