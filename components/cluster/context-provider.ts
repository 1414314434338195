import * as k8s from "@pulumi/kubernetes";
import type * as pulumi from "@pulumi/pulumi";
import { inPlace } from "./in-place.ts";

/** Where a user's own kubeconfig leads. */
interface KubeconfigContext {
  context: string;
  /** Path of the kubeconfig. @default - $KUBECONFIG, else ~/.kube/config */
  kubeconfig?: string | undefined;
}

/** A provider for a context of the user's kubeconfig; its identifier is the context, whatever the file then says. */
export function contextProvider(
  name: string,
  { context, kubeconfig }: KubeconfigContext,
  opts: pulumi.CustomResourceOptions,
): k8s.Provider {
  const file = kubeconfig === undefined ? {} : { kubeconfig };
  return new k8s.Provider(name, { context, clusterIdentifier: context, ...file, ...inPlace }, opts);
}
