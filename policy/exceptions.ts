/** One resource that may break one rule. */
export interface Exception {
  /** Id of the rule. */
  rule: string;
  /** The resource: `Kind/name` of an object in any namespace, `type name` of others. */
  resource: string;
  /** Why that is right here. */
  reason: string;
}

/** Workloads of one pod, with the reason. */
const replicas: Record<string, string> = {
  "Deployment/airflow-api-server": "airflow.highAvailability makes it two, for which a laptop has no memory",
  "Deployment/airflow-dag-processor": "airflow.highAvailability makes it two, for which a laptop has no memory",
  "Deployment/airflow-scheduler": "airflow.highAvailability makes it two, for which a laptop has no memory",
  "Deployment/airflow-statsd": "it counts in memory; two would each know a part of the metrics",
  "Deployment/airflow-triggerer": "airflow.highAvailability makes it two, for which a laptop has no memory",
  "Deployment/airflow-worker": "airflow.celeryWorkers says how many, and tasks of a lost one are run again",
  "Deployment/alertmanager": "it holds no data but silences, and Prometheus sends again what it missed",
  "Deployment/cluster-autoscaler": "two would elect one of them; a new pod reads its state from the cluster",
  "Deployment/grafana": "dashboards are files, so that a new pod shows the same",
  "Deployment/kube-state-metrics": "it holds no data; two would count every object twice",
  "Deployment/mlflow": "runs and models are in Postgres and the bucket, and its clients try again",
  "Deployment/postgres-exporter": "it holds no data; two would count every query twice",
  "StatefulSet/airflow-redis": "a queue on one volume; what it loses the scheduler queues again",
  "StatefulSet/minio": "one server on one volume; a cloud's bucket takes its place where data must not wait",
  "StatefulSet/postgres": "one server on one volume; the managed Postgres of a cloud is the one with a standby",
  "StatefulSet/prometheus": "a second one would measure the same twice; a new pod goes on with the volume",
};

/** Every exception; each is a decision of somebody who can say why. */
export const exceptions: readonly Exception[] = [
  ...Object.entries(replicas).map(([resource, reason]) => ({ rule: "single-replica-has-reason", resource, reason })),
  {
    rule: "no-iam-wildcards",
    resource: "aws:iam/rolePolicy:RolePolicy aws-load-balancer-controller",
    reason: "it makes load balancers whose names nobody knows beforehand, of the kinds and the region that it names",
  },
  {
    rule: "workload-has-network-policy",
    resource: "Deployment/cluster-autoscaler",
    reason: "it runs in kube-system, which belongs to the cluster, and no Service leads to it",
  },
];
