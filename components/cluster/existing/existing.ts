import type * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import type { ClusterAccess } from "../../../lib/kubernetes/kubectl.ts";
import { type Cluster, type ClusterCapabilities, plainCapabilities } from "../cluster.ts";
import { contextProvider } from "../context-provider.ts";
import type { IdentityStorage } from "../constructor.ts";
import type { ConfigOf } from "../kinds.ts";

export interface ExistingArgs extends Omit<ConfigOf<"existing">, "identity"> {
  /** Makes a bucket by the identity that the cluster's cloud gives service accounts; undefined: it has none. */
  identityStorage: ((name: string, opts: pulumi.ComponentResourceOptions) => IdentityStorage) | undefined;
}

/**
 * Any cluster that a kubeconfig reaches; of the cluster itself the program makes nothing.
 *
 * Where it is a cloud's, and its identity is given, its service accounts get a bucket there.
 *
 * ```ts
 * const cluster = new ExistingCluster("existing", { kind: "existing", context: "team", identityStorage: undefined });
 * ```
 */
export class ExistingCluster extends pulumi.ComponentResource implements Cluster {
  readonly capabilities: ClusterCapabilities;
  readonly provider: k8s.Provider;
  readonly access: ClusterAccess;
  readonly objectStorage: Cluster["objectStorage"];
  readonly managedPostgres = undefined;
  readonly kubeconfig = undefined;
  readonly registry = undefined;

  constructor(name: string, args: ExistingArgs, opts?: pulumi.ComponentResourceOptions) {
    super("mlops:existing:ExistingCluster", name, {}, opts);
    const { context, kubeconfig, storageClass, nodeAddress } = args;
    const found = args.identityStorage?.(name, { parent: this });
    this.capabilities = { ...plainCapabilities, ...found?.capabilities, storageClass, nodeAddress };
    this.objectStorage = found?.objectStorage;
    this.access = { context, kubeconfig };
    this.provider = contextProvider(name, { context, kubeconfig }, { parent: this });
    this.registerOutputs({ provider: this.provider });
  }
}
