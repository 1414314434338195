/** A public image: where it is, and which one. */
interface PublicImage {
  repository: string;
  /** Exact tag. */
  tag: string;
}

/** Every public image that the platform runs; the one place where their versions stand. */
export const publicImages = {
  airflow: { repository: "docker.io/apache/airflow", tag: "3.3.2" },
  alertmanager: { repository: "quay.io/prometheus/alertmanager", tag: "v0.34.1" },
  awsLoadBalancerController: { repository: "public.ecr.aws/eks/aws-load-balancer-controller", tag: "v3.5.0" },
  clusterAutoscaler: { repository: "registry.k8s.io/autoscaling/cluster-autoscaler", tag: "v1.35.2" },
  gitSync: { repository: "registry.k8s.io/git-sync/git-sync", tag: "v4.4.3" },
  grafana: { repository: "docker.io/grafana/grafana", tag: "13.0.10" },
  kubeStateMetrics: { repository: "registry.k8s.io/kube-state-metrics/kube-state-metrics", tag: "v2.15.0" },
  postgres: { repository: "docker.io/library/postgres", tag: "18.6-bookworm" },
  postgresExporter: { repository: "quay.io/prometheuscommunity/postgres-exporter", tag: "v0.18.1" },
  prometheus: { repository: "quay.io/prometheus/prometheus", tag: "v3.15.0" },
  redis: { repository: "docker.io/library/redis", tag: "7.4.11-bookworm" },
  statsdExporter: { repository: "quay.io/prometheus/statsd-exporter", tag: "v0.28.0" },
} as const satisfies Record<string, PublicImage>;

/** The platform's own images, one folder of `images/` each. */
export const ownImages = [
  "airflow",
  "backup",
  "geopandas",
  "minio",
  "mlflow",
  "pageviews",
  "pandas-basic",
  "papermill",
  "provision",
  "scikit-learn",
] as const;

export type PublicImageName = keyof typeof publicImages;
export type OwnImageName = (typeof ownImages)[number];

/** Full references of all images for one stack. */
export interface Images {
  /** Repository without the tag, through the mirror where there is one. */
  repository: (name: PublicImageName) => string;
  public: (name: PublicImageName) => string;
  own: (name: OwnImageName) => string;
}

/**
 * Resolves image names for a stack.
 *
 * @param registry registry and path of the own images
 * @param tag tag of the own images
 * @param mirror prefix that replaces each public registry's host; empty: none
 */
export function createImages(registry: string, tag: string, mirror: string): Images {
  const repository = (name: PublicImageName): string => {
    const original = publicImages[name].repository;
    return mirror === "" ? original : `${mirror}/${original.slice(original.indexOf("/") + 1)}`;
  };
  return {
    repository,
    public: (name) => `${repository(name)}:${publicImages[name].tag}`,
    own: (name) => `${registry}/${name}:${tag}`,
  };
}
