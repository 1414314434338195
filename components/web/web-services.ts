/** A web UI's name in configuration, hosts and outputs. */
export type WebInterfaceName = "airflow" | "mlflow" | "minio" | "grafana" | "prometheus";

export interface WebService {
  /** ClusterIP Service that a port-forward goes to. */
  service: string;
  /** Port of the Service, and of its pods. */
  port: number;
}

/** The ClusterIP Service of each UI. Operators' commands read it too, so that this file loads no part of Pulumi. */
export const webServices: Record<WebInterfaceName, WebService> = {
  airflow: { service: "airflow-api-server", port: 8080 },
  mlflow: { service: "mlflow", port: 5000 },
  minio: { service: "minio", port: 9001 },
  grafana: { service: "grafana", port: 3000 },
  prometheus: { service: "prometheus", port: 9090 },
};
