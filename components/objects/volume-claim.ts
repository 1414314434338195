import type * as k8s from "@pulumi/kubernetes";
import type * as pulumi from "@pulumi/pulumi";
import { labels } from "./labels.ts";
import { skipAwait } from "./rollout.ts";

interface VolumeClaimArgs {
  /** Name of the claim. */
  name: string;
  /** Component that keeps its data there. */
  component: string;
  namespace: pulumi.Input<string>;
  /** Undefined: the cluster's default class. */
  storageClass: string | undefined;
  storageGiB: number;
}

/** A volume for one pod, which the program owns: a StatefulSet's claim templates would outlive a destroy. */
export function volumeClaim(args: VolumeClaimArgs): k8s.core.v1.PersistentVolumeClaimArgs {
  return {
    metadata: {
      name: args.name,
      namespace: args.namespace,
      labels: labels(args.component),
      // A class that waits for the first consumer binds no claim before there is a pod, and the pod is made after it.
      annotations: skipAwait,
    },
    spec: {
      accessModes: ["ReadWriteOnce"],
      resources: { requests: { storage: `${args.storageGiB}Gi` } },
      ...(args.storageClass === undefined ? {} : { storageClassName: args.storageClass }),
    },
  };
}
