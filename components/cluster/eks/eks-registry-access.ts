import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import type { RegistryAccess } from "../cluster.ts";
import { ownRegistry } from "./data/registry.ts";

/** How the provider's own identity pushes to ECR. */
export function eksRegistryAccess(
  cluster: { region: string; name: string },
  opts: { provider: aws.Provider },
): RegistryAccess {
  return {
    plannedAddress: async () => {
      const { accountId } = await aws.getCallerIdentity({}, opts);
      return ownRegistry(cluster).replace("*", accountId);
    },
    // Source: https://docs.aws.amazon.com/AmazonECR/latest/userguide/registry_auth.html
    login: () => {
      const { userName, password } = aws.ecr.getAuthorizationTokenOutput({}, opts);
      return pulumi.secret({ username: userName, password });
    },
  };
}
