import * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import { createHash } from "node:crypto";
import type { Config } from "../../config.ts";
import { HostFolder } from "../objects/host-folder.ts";
import { labels } from "../objects/labels.ts";
import { skipAwait } from "../objects/rollout.ts";
import { volumeClaim } from "../objects/volume-claim.ts";
import { usesCelery } from "./executor.ts";
import { claims, release } from "./names.ts";

export interface AirflowVolumesArgs {
  namespace: string;
  config: Pick<Config["airflow"], "executor" | "dags" | "logs">;
  /** Undefined: the cluster's default class. */
  storageClass: string | undefined;
}

/** The claims of Airflow that the configuration requires: logs, Redis and the folder with the DAGs. */
export class AirflowVolumes extends pulumi.ComponentResource {
  constructor(name: string, args: AirflowVolumesArgs, opts?: pulumi.ComponentResourceOptions) {
    super("mlops:volumes:AirflowVolumes", name, {}, opts);
    const { namespace, storageClass } = args;
    const { executor, dags, logs } = args.config;
    const child = { parent: this };
    if (logs.kind === "volume") {
      const claim = logsClaim(namespace, logs.storageGiB, logs.storageClass ?? storageClass);
      new k8s.core.v1.PersistentVolumeClaim(claims.logs, claim, child);
    }
    if (usesCelery(executor)) {
      const claim = volumeClaim({ name: claims.redis, component: release, namespace, storageClass, storageGiB: 1 });
      new k8s.core.v1.PersistentVolumeClaim(claims.redis, claim, child);
    }
    if (dags.kind === "hostPath") {
      const claim = dagsClaimName(dags.path);
      new HostFolder("airflow-dags", { namespace, claim, path: dags.path, readOnly: true }, child);
    }
    this.registerOutputs({});
  }
}

/**
 * Name of the claim of a DAG folder, one a path.
 *
 * A claim in use cannot be replaced under its own name: its deletion waits for pods that wait for its successor.
 */
export function dagsClaimName(path: string): string {
  return `airflow-dags-${createHash("sha256").update(path).digest("hex").slice(0, 8)}`;
}

/** Every pod writes its own logs, and the API server reads them all. */
function logsClaim(
  namespace: string,
  storageGiB: number,
  storageClass: string | undefined,
): k8s.core.v1.PersistentVolumeClaimArgs {
  return {
    metadata: {
      name: claims.logs,
      namespace,
      labels: labels(release, "logs"),
      // A class that waits for the first consumer binds no claim before there is a pod.
      annotations: skipAwait,
    },
    spec: {
      accessModes: ["ReadWriteMany"],
      resources: { requests: { storage: `${storageGiB}Gi` } },
      ...(storageClass === undefined ? {} : { storageClassName: storageClass }),
    },
  };
}
