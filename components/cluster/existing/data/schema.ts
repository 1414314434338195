import { z } from "zod";
import { imageDigests, kubeconfig } from "../../shared-schema.ts";

/** What users call clusters for which the program has no kind of its own. */
const alsoCalled = [
  ...["kind", "k3s", "k3d", "k0s", "microk8s", "docker-desktop", "docker", "rancher-desktop", "colima", "orbstack"],
  ...[
    "aks",
    "openshift",
    "okd",
    "rke",
    "rke2",
    "rancher",
    "talos",
    "kubeadm",
    "kubernetes",
    "k8s",
    "onprem",
    "on-prem",
  ],
];

/** Any other cluster that runs already, in one of the clouds that have these identities or elsewhere. */
export const existing = <Identity extends z.core.$ZodTypeDiscriminable>(identities: readonly Identity[]) =>
  z.strictObject({
    kind: z.literal("existing").meta({ alsoCalled }),
    context: z.string().min(1).describe("Context of the kubeconfig."),
    kubeconfig,
    nodeAddress: z
      .string()
      .min(1)
      .optional()
      .describe("Host of the node ports' URLs. @default - none, node ports cannot be used"),
    imageDigests: imageDigests.default(true),
    storageClass: z
      .string()
      .min(1)
      .optional()
      .describe("Storage class of the volumes. @default - the cluster's own default class"),
    identity: z
      .discriminatedUnion("kind", identities as readonly [Identity, ...Identity[]])
      .optional()
      .describe("How service accounts get a cloud identity on a GKE or EKS cluster. @default - none, data is in MinIO"),
  });
