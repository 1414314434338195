import * as pulumi from "@pulumi/pulumi";
import type { Config } from "../../config.ts";
import { registrySecret } from "./description.ts";

/** Every Secret that a pod of the stack pulls its images with. */
export function pullSecrets({ imagePullSecrets, secrets }: Pick<Config, "imagePullSecrets" | "secrets">): string[] {
  const own = Object.keys(secrets.registries).length === 0 ? [] : [registrySecret];
  return [...new Set([...imagePullSecrets, ...own])];
}

/** The text of `.dockerconfigjson`; undefined: no registry has a login. */
export function dockerConfig({ registries }: Pick<Config["secrets"], "registries">): pulumi.Output<string> | undefined {
  if (Object.keys(registries).length === 0) return undefined;
  return pulumi.secret(registries).apply((logins) =>
    JSON.stringify({
      auths: Object.fromEntries(
        Object.entries(logins).map(([host, { username, password }]) => [
          serverOf(host),
          { username, password, auth: Buffer.from(`${username}:${password}`).toString("base64") },
        ]),
      ),
    }),
  );
}

/** Docker Hub's login has a name of its own. Source: https://kubernetes.io/docs/concepts/containers/images/#config-json */
function serverOf(host: string): string {
  return host === "docker.io" ? "https://index.docker.io/v1/" : host;
}
