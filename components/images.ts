import type { Config } from "../config.ts";
import { type ImageLock, readLock } from "./image-lock.ts";

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
  minio: { repository: "docker.io/pgsty/silo", tag: "RELEASE.2026-09-16T00-00-00Z-distroless" },
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
  /** `repository:tag`, with the lock's digest behind it where there is one. */
  public: (name: PublicImageName) => string;
  own: (name: OwnImageName) => string;
  /** A public image for a chart, which joins `repository` and `tag`: the digest is the end of the tag. */
  inChart: (name: PublicImageName) => PublicImage;
}

/** The images of a stack by its configuration. */
export function imagesOf(config: Pick<Config, "cluster" | "imageRegistry" | "imageTag" | "imageMirror">): Images {
  const { cluster, imageRegistry, imageTag, imageMirror } = config;
  return createImages(imageRegistry, imageTag, imageMirror, cluster.imageDigests ? readLock() : {});
}

/**
 * Resolves image names.
 *
 * @param registry registry and path of the own images
 * @param tag tag of the own images
 * @param mirror prefix that replaces each public registry's host; empty: none
 * @param lock digests of public images; default: none
 */
export function createImages(registry: string, tag: string, mirror: string, lock: ImageLock = {}): Images {
  const inChart = (name: PublicImageName): PublicImage => {
    const { repository, tag } = publicImages[name];
    const digest = lock[`${repository}:${tag}`]?.digest;
    return {
      repository: mirror === "" ? repository : `${mirror}/${repository.slice(repository.indexOf("/") + 1)}`,
      tag: digest === undefined ? tag : `${tag}@${digest}`,
    };
  };
  return {
    inChart,
    public: (name) => {
      const image = inChart(name);
      return `${image.repository}:${image.tag}`;
    },
    own: (name) => `${registry}/${name}:${tag}`,
  };
}
