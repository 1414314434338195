import * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import type { ExistingConfig } from "../../config/cluster.ts";
import type { Cluster } from "./cluster.ts";

/**
 * Any cluster that a kubeconfig reaches; the program makes nothing of the cluster itself.
 *
 * ```ts
 * const cluster = new ExistingCluster("existing", { kind: "existing", context: "team" });
 * ```
 */
export class ExistingCluster extends pulumi.ComponentResource implements Cluster {
  readonly provider: k8s.Provider;
  readonly storageClass: string | undefined;
  readonly nodeAddress: string | undefined;
  readonly dataFolder = undefined;
  readonly objectStorage = undefined;
  readonly managedPostgres = undefined;
  readonly identityEndpoints = [];
  readonly exposureAnnotations = { ingress: {}, service: {} };
  readonly kubeconfig = undefined;

  constructor(name: string, args: ExistingConfig, opts?: pulumi.ComponentResourceOptions) {
    super("mlops:existing:ExistingCluster", name, {}, opts);
    this.storageClass = args.storageClass;
    this.nodeAddress = args.nodeAddress;
    this.provider = new k8s.Provider(
      name,
      {
        context: args.context,
        clusterIdentifier: args.context,
        ...(args.kubeconfig === undefined ? {} : { kubeconfig: args.kubeconfig }),
      },
      { parent: this },
    );
    this.registerOutputs({ provider: this.provider });
  }
}
