/** Where a section measures. */
export interface BenchTarget {
  kubeconfig: string;
  /** The folder that Airflow reads its DAGs from. */
  dags: string;
}
