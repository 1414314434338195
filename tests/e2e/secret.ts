import { kubectl } from "../cluster.ts";
import type { Platform } from "./platform.ts";

/** A value of a Secret of the platform. */
export async function secretValue(
  { kubeconfig, namespace }: Pick<Platform, "kubeconfig" | "namespace">,
  name: string,
  key: string,
): Promise<string> {
  const { stdout } = await kubectl(kubeconfig, ["get", "secret", name, "--namespace", namespace, "--output", "json"]);
  const { data } = JSON.parse(stdout) as { data: Record<string, string> };
  return Buffer.from(data[key] ?? "", "base64").toString("utf8");
}
