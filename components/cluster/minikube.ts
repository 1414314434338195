import * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import type { MinikubeConfig } from "../../config/cluster.ts";
import type { Cluster } from "./cluster.ts";
import { apiServerHost } from "./kubeconfig.ts";

/** Address of a minikube node with the Docker driver, where no kubeconfig says another. */
const defaultNodeAddress = "192.168.49.2";

/**
 * An existing minikube, or any single node that has its storage class and node ports.
 *
 * ```ts
 * const cluster = new MinikubeCluster("minikube", { kind: "minikube", context: "minikube" });
 * ```
 */
export class MinikubeCluster extends pulumi.ComponentResource implements Cluster {
  readonly provider: k8s.Provider;
  readonly storageClass = "standard";
  readonly nodeAddress: string;
  readonly dataFolder: string | undefined;
  readonly objectStorage = undefined;
  readonly managedPostgres = undefined;
  readonly identityEndpoints = [];
  readonly exposureAnnotations = { ingress: {}, service: {} };
  readonly kubeconfig = undefined;

  constructor(name: string, args: MinikubeConfig, opts?: pulumi.ComponentResourceOptions) {
    super("mlops:minikube:MinikubeCluster", name, {}, opts);
    this.nodeAddress = args.nodeAddress ?? apiServerHost(args.context, args.kubeconfig) ?? defaultNodeAddress;
    this.dataFolder = args.dataFolder;
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
