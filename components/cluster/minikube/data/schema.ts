import { z } from "zod";
import { imageDigests, kubeconfig } from "../../shared-schema.ts";

/** A minikube cluster that runs already. */
export const minikube = z.strictObject({
  kind: z.literal("minikube"),
  context: z.string().min(1).default("minikube").describe("Context of the kubeconfig."),
  kubeconfig,
  nodeAddress: z
    .string()
    .min(1)
    .optional()
    .describe(
      "Host of the node ports' URLs. @default - the host of the context's API server, otherwise 192.168.49.2; with an API server on 127.0.0.1, UIs are forwarded instead",
    ),
  imageDigests: imageDigests.default(false),
  dataFolder: z
    .string()
    .startsWith("/", "an absolute path on the node")
    .optional()
    .describe(
      "Folder on the node for each project's data, `<dataFolder>/<namespace>`, mounted at /data. @default - data is in MinIO",
    ),
});

export type MinikubeConfig = z.output<typeof minikube>;
