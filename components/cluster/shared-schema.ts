import { z } from "zod";

/** Where the credentials of a cluster that exists already are. */
export const kubeconfig = z
  .string()
  .min(1)
  .optional()
  .describe("Path of the kubeconfig file. @default - $KUBECONFIG, otherwise ~/.kube/config");

/** Whether images are pulled by digest; a kind of cluster says its default. */
export const imageDigests = z
  .boolean()
  .describe(
    "Pull public images by the digests of images.lock.json. Manually loaded images have no digest: set false for them.",
  );
