import { bucket } from "../../../components/minio/minio-users.ts";
import { failed, ok, type Outcome, skipped } from "../check.ts";
import { withMlflow } from "../mlflow.ts";
import { type Platform, runs } from "../platform.ts";
import { mark } from "./plan.ts";

/**
 * MLflow signs no URL of the object store, its administrator included.
 *
 * Such a URL carries MLflow's own rights, and headers that its signature does not cover would go with it.
 */
export async function signedUrls(platform: Platform): Promise<Outcome> {
  if (!runs(platform, "mlflow")) return skipped("the platform has no MLflow");
  return withMlflow(platform, async (request) => {
    // Below a name that the forged requests' check removes: a server that signs has begun an upload there.
    const path = `mlflow-artifacts/mpu/create/${mark}url`;
    const { status } = await request(path, { path: "file", num_parts: 1 });
    return signedUrlVerdict(status);
  });
}

export function signedUrlVerdict(status: number): Outcome {
  if (status === 501) return ok(`MLflow signs no URL of ${bucket} and answers ${status}`);
  const fix = "build the image of MLflow from this commit and deploy it: make images, make up";
  if (status < 300) return failed("MLflow signs URLs of the object store with its own credentials", fix);
  return failed(`MLflow answers a request for a signed URL with ${status}`, `kubectl logs deployment/mlflow; ${fix}`);
}
