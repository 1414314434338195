import { z } from "zod";

/** Registry of own images that are loaded onto nodes and pulled from nowhere. */
export const localRegistry = "localhost/mlops";

/** Where the credentials of an existing cluster are. */
export const kubeconfig = z
  .string()
  .min(1)
  .optional()
  .describe("Path of the kubeconfig file. @default - $KUBECONFIG, otherwise ~/.kube/config");

/** Whether images are pulled by digest. Each cluster kind has its own default. */
export const imageDigests = z
  .boolean()
  .describe(
    "Pull public images by the digests of images.lock.json. Manually loaded images have no digest: set false for them.",
  );
