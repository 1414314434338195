import type * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import type { ExistingConfig } from "./schema.ts";
import type { ClusterAccess } from "../access.ts";
import { type Cluster, type ClusterCapabilities, plainCapabilities } from "../cluster.ts";
import { contextProvider } from "../context-provider.ts";
import { type IdentityArgs, identityStorage } from "../identity.ts";

export interface ExistingArgs extends ExistingConfig, Omit<IdentityArgs, "identity"> {}

/**
 * Any cluster that a kubeconfig reaches; of the cluster itself the program makes nothing.
 *
 * Where it is a cloud's, and its identity is given, its service accounts get a bucket there.
 *
 * ```ts
 * const cluster = new ExistingCluster("existing", { kind: "existing", context: "team", clients, labels });
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
    const { context, kubeconfig, storageClass, nodeAddress, identity, clients, labels } = args;
    const found = identityStorage(name, { identity, clients, labels }, { parent: this });
    this.capabilities = { ...plainCapabilities, ...found?.capabilities, storageClass, nodeAddress };
    this.objectStorage = found?.objectStorage;
    this.access = { context, kubeconfig };
    this.provider = contextProvider(name, { context, kubeconfig }, { parent: this });
    this.registerOutputs({ provider: this.provider });
  }
}
