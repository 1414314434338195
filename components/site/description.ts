import type { SecretDescription } from "../description.ts";

/** The Secret with the logins of `secrets.registries`. */
export const registrySecret = "registry-logins";

/** Secrets that are in each namespace with pods of the stack. */
export const siteSecrets: readonly SecretDescription[] = [
  {
    names: [registrySecret],
    holds: "your logins for image registries",
    readBy: "the nodes, when they pull an image; one in each namespace",
    renewedWith: "your own: `make secrets REGISTRY=host REGISTRY_USER=name`",
  },
];
