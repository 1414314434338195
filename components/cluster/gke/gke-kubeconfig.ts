import { stringify } from "yaml";

/**
 * A kubeconfig without a token: Google's plugin requests one with the user's credentials.
 *
 * The DNS endpoint has a certificate of a public authority, and IAM decides who gets through.
 * Source: https://cloud.google.com/kubernetes-engine/docs/concepts/network-isolation#dns-endpoint
 *
 * @param context name of the cluster, the context and the user
 * @param endpoint DNS name of the control plane
 */
export function gkeKubeconfig(context: string, endpoint: string): string {
  const exec = {
    apiVersion: "client.authentication.k8s.io/v1beta1",
    command: "gke-gcloud-auth-plugin",
    installHint: "https://cloud.google.com/kubernetes-engine/docs/how-to/cluster-access-for-kubectl#install_plugin",
    provideClusterInfo: true,
    interactiveMode: "Never",
  };
  return stringify({
    apiVersion: "v1",
    kind: "Config",
    "current-context": context,
    clusters: [{ name: context, cluster: { server: `https://${endpoint}` } }],
    contexts: [{ name: context, context: { cluster: context, user: context } }],
    users: [{ name: context, user: { exec } }],
  });
}
