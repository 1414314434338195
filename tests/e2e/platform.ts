import type { KubernetesObject } from "../../lib/kubernetes/objects.ts";

/** Values of the stack that replace those of the suite, by key of the project. */
export type Changes = Record<string, unknown>;

/** A platform on the cluster of the tests, and whatever deploys it. */
export interface Platform {
  kubeconfig: string;
  namespace: string;
  /** Names of the projects, each a namespace. */
  projects: string[];
  /** What deploys it, in a few words. */
  deployer: string;
  /** What no node holds the image of, by name. */
  leftOut: string[];
  /** Whether the chart's Airflow runs in the cluster. */
  hasChart: boolean;
  /** Deploys the configuration with changes, and waits until everything is ready. */
  apply: (changes?: Changes) => Promise<void>;
  /** Deploys the same once more, and brings back what somebody has taken away. */
  repair: () => Promise<void>;
  /** Starts to deploy the configuration, ends in the middle, and leaves what it has done. */
  interrupt: () => Promise<void>;
  /** The configuration's own objects, as the preview renders them with the secrets of this platform. */
  objects: (changes?: Changes) => Promise<KubernetesObject[]>;
  /** Values of the chart. */
  chartValues: (changes?: Changes) => Promise<Record<string, unknown>>;
  /** Removes everything but the data, as `make destroy KEEP_DATA=1`; undefined where no engine has a state. */
  destroyKeepingData?: () => Promise<void>;
  /** The state as the engine exports it; undefined where there is none. */
  checkpoint?: () => Promise<string>;
  /** Removes everything that it has deployed. */
  destroy: () => Promise<void>;
}
