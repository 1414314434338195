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
  // One for each minor version of Kubernetes that EKS offers.
  "clusterAutoscaler-1.34": { repository: "registry.k8s.io/autoscaling/cluster-autoscaler", tag: "v1.34.4" },
  "clusterAutoscaler-1.35": { repository: "registry.k8s.io/autoscaling/cluster-autoscaler", tag: "v1.35.2" },
  "clusterAutoscaler-1.36": { repository: "registry.k8s.io/autoscaling/cluster-autoscaler", tag: "v1.36.1" },
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

/** The registries of the public images, in the order of the alphabet. */
export const publicRegistries = ["docker.io", "public.ecr.aws", "quay.io", "registry.k8s.io"] as const;

export type PublicImageName = keyof typeof publicImages;
export type OwnImageName = (typeof ownImages)[number];

/** Full references of all images for one stack. */
export interface Images {
  /** `repository:tag`, with the lock's digest behind it where there is one. */
  public: (name: PublicImageName) => string;
  own: (name: OwnImageName) => string;
  /** The own images that are there: a stack that builds them builds those that it uses. */
  ownNames: readonly OwnImageName[];
  /** A public image for a chart, which joins `repository` and `tag`: the digest is the end of the tag. */
  inChart: (name: PublicImageName) => PublicImage;
}

/** Where images come from instead of their public registries. */
export interface Mirrors {
  /** Prefix that replaces each public registry's host; empty: none. */
  all: string;
  /** The same for single registries, by their hosts. */
  of: Record<string, string>;
}

/** What of a configuration says where images are. */
export interface ImagesConfig {
  cluster: { imageDigests: boolean };
  imageRegistry: string;
  imageTag: string;
  imageMirror: string;
  imageMirrors: Mirrors["of"];
}

/** Own images that the program has built. */
export interface BuiltImages {
  /** Registry and path that they were pushed to. */
  registry: string;
  /** Full references by the images' names. */
  references: Readonly<Record<string, string>>;
}

/**
 * The images of a stack by its configuration.
 *
 * @param built the own ones. @default - those that were published in the configuration's registry
 */
export function imagesOf(config: ImagesConfig, built?: BuiltImages): Images {
  const { cluster, imageRegistry, imageTag, imageMirror, imageMirrors } = config;
  const mirrors = { all: imageMirror, of: imageMirrors };
  const images = createImages(imageRegistry, imageTag, mirrors, cluster.imageDigests ? readLock() : {});
  if (built === undefined) return images;
  const { references, registry } = built;
  return {
    ...images,
    own: (name) => references[name] ?? `${registry}/${name}:${imageTag}`,
    ownNames: ownImages.filter((name) => name in references),
  };
}

/** Of images that are pulled from where they are published. */
export const noMirrors: Mirrors = { all: "", of: {} };

/**
 * Resolves image names.
 *
 * @param registry registry and path of the own images
 * @param tag tag of the own images
 * @param mirrors where public images are pulled from. @default - where they are published
 * @param lock digests of public images; default: none
 */
export function createImages(registry: string, tag: string, mirrors = noMirrors, lock: ImageLock = {}): Images {
  const inChart = (name: PublicImageName): PublicImage => {
    const { repository, tag } = publicImages[name];
    const digest = lock[`${repository}:${tag}`]?.digest;
    return {
      repository: mirrored(repository, mirrors),
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
    ownNames: ownImages,
  };
}

/** A public image or repository as a site pulls it. */
export function mirrored(repository: string, { all, of }: Mirrors): string {
  const slash = repository.indexOf("/");
  const [host, path] = [repository.slice(0, slash), repository.slice(slash + 1)];
  const prefix = of[host] ?? all;
  return prefix === "" ? repository : `${prefix}/${path}`;
}
