import * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import { labels } from "./labels.ts";
import { skipAwait } from "./rollout.ts";

export interface HostFolderArgs {
  /** Namespace of the claim. */
  namespace: pulumi.Input<string>;
  /** Name of the claim. */
  claim: string;
  /** Absolute path on the node. */
  path: string;
  /** Whether pods may only read it. */
  readOnly: boolean;
}

/**
 * A folder of a single-node cluster as a claim in one namespace.
 *
 * Pods mount the claim: a hostPath volume of their own is what the `restricted`
 * level forbids. The folder is kept when the stack is destroyed.
 */
export class HostFolder extends pulumi.ComponentResource {
  /** Name of the claim that pods mount. */
  readonly claimName: pulumi.Output<string>;

  constructor(name: string, args: HostFolderArgs, opts?: pulumi.ComponentResourceOptions) {
    super("mlops:host-folder:HostFolder", name, {}, opts);
    const { namespace, claim, path } = args;
    const accessModes = [args.readOnly ? "ReadOnlyMany" : "ReadWriteMany"];
    // Kubernetes does not enforce the size of a folder, but a claim must request one.
    const storage = "1Gi";
    const volume = new k8s.core.v1.PersistentVolume(
      name,
      {
        metadata: { name: pulumi.interpolate`${namespace}-${claim}`, labels: labels(claim) },
        spec: {
          accessModes,
          capacity: { storage },
          hostPath: { path, type: "DirectoryOrCreate" },
          claimRef: { namespace, name: claim },
          persistentVolumeReclaimPolicy: "Retain",
          storageClassName: "",
        },
      },
      { parent: this },
    );
    const bound = new k8s.core.v1.PersistentVolumeClaim(
      name,
      {
        // Volume and claim name each other: nothing can be missing, and the cluster binds them in its own time.
        metadata: { name: claim, namespace, labels: labels(claim), annotations: skipAwait },
        spec: {
          accessModes,
          resources: { requests: { storage } },
          storageClassName: "",
          volumeName: volume.metadata.name,
        },
      },
      { parent: this },
    );
    this.claimName = bound.metadata.name;
    this.registerOutputs({ claimName: this.claimName });
  }
}
