import type * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import { minikubeKind } from "./data/kind.ts";
import type { MinikubeConfig } from "./data/schema.ts";
import type { ClusterAccess } from "../../../lib/kubernetes/kubectl.ts";
import { type Cluster, type ClusterCapabilities, plainCapabilities } from "../cluster.ts";
import { contextProvider } from "../context-provider.ts";
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
  readonly capabilities: ClusterCapabilities;
  readonly provider: k8s.Provider;
  readonly access: ClusterAccess;
  readonly objectStorage = undefined;
  readonly managedPostgres = undefined;
  readonly kubeconfig = undefined;
  readonly registry = undefined;

  constructor(name: string, args: MinikubeConfig, opts?: pulumi.ComponentResourceOptions) {
    super("mlops:minikube:MinikubeCluster", name, {}, opts);
    const { context, kubeconfig, dataFolder } = args;
    const nodeAddress = args.nodeAddress ?? addressOf(apiServerHost(context, kubeconfig) ?? defaultNodeAddress);
    this.capabilities = { ...plainCapabilities, storageClass: minikubeKind.storageClass, nodeAddress, dataFolder };
    this.access = { context, kubeconfig };
    this.provider = contextProvider(name, { context, kubeconfig }, { parent: this });
    this.registerOutputs({ provider: this.provider });
  }
}

/**
 * Where node ports are, by the API server's host; undefined: nowhere. The Docker driver on macOS, Windows and WSL
 * forwards the API server to this machine, and no node port.
 */
function addressOf(host: string): string | undefined {
  return /^(localhost|127\.|\[?::1\]?$)/.test(host) ? undefined : host;
}
