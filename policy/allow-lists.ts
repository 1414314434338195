/** Where public images come from; a stack's own registry and mirror are allowed beside these. */
export const allowedRegistries: readonly { prefix: string; reason: string }[] = [
  { prefix: "docker.io/apache/", reason: "releases of the Apache Software Foundation" },
  { prefix: "docker.io/grafana/", reason: "releases of Grafana Labs" },
  { prefix: "docker.io/library/", reason: "Docker's official images, here Postgres and Redis" },
  { prefix: "docker.io/pgsty/", reason: "releases of Silo, the maintained fork of MinIO" },
  { prefix: "quay.io/prometheus/", reason: "releases of the Prometheus project" },
  { prefix: "quay.io/prometheuscommunity/", reason: "releases of the Prometheus community" },
  { prefix: "registry.k8s.io/", reason: "releases of the Kubernetes project" },
];
