import type { SecretDescription } from "../description.ts";

/** The Secret with the logins of `secrets.registries`. */
export const registrySecret = "registry-logins";

/** The Secret with the proxy's URLs, which hold its login. */
export const proxySecret = "proxy-urls";

/** The ConfigMap with the public certificate authorities and the site's. */
export const caConfigMap = "ca-certificates";

/** Secrets that are in each namespace with pods of the stack. */
export const siteSecrets: readonly SecretDescription[] = [
  {
    names: [registrySecret],
    holds: "your logins for image registries",
    readBy: "the nodes, when they pull an image; one in each namespace",
    renewedWith: "your own: `make secrets REGISTRY=host REGISTRY_USER=name`",
  },
  {
    names: [proxySecret],
    holds: "your proxy's URLs with your login",
    readBy: "every pod that connects to the outside, as environment; one in each namespace",
    renewedWith: "your own: `make secrets PROXY_USER=name`",
  },
];
