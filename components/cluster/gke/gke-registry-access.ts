import * as gcp from "@pulumi/gcp";
import * as pulumi from "@pulumi/pulumi";
import type { RegistryAccess } from "../cluster.ts";
import { ownRegistry } from "./data/registry.ts";

/** How the provider's own identity pushes to Artifact Registry. */
export function gkeRegistryAccess(
  cluster: { project: string; region: string; name: string },
  opts: { provider: gcp.Provider },
): RegistryAccess {
  return {
    plannedAddress: () => Promise.resolve(ownRegistry(cluster)),
    // Source: https://cloud.google.com/artifact-registry/docs/docker/authentication#token
    login: () => {
      const { accessToken } = gcp.organizations.getClientConfigOutput(opts);
      return pulumi.secret({ username: "oauth2accesstoken", password: accessToken });
    },
  };
}
