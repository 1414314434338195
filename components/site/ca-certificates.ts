import { rootCertificates } from "node:tls";
import type { Config } from "../../config.ts";
import { certificatesIn } from "../../config/site/certificates.ts";
import { sha256 } from "../objects/rollout.ts";
import { caConfigMap } from "./description.ts";
import { noFit, type PodFit } from "./pod-fit.ts";

const folder = "/etc/ca-certificates-bundle";
const file = "ca-certificates.crt";

/**
 * Where clients look for authorities. None of them adds to its own list, so that the file has the public ones, too.
 *
 * OpenSSL and Go, Python's requests, AWS's SDKs and CLI, curl, git, pip, Node and gRPC.
 */
const variables = [
  "SSL_CERT_FILE",
  "REQUESTS_CA_BUNDLE",
  "AWS_CA_BUNDLE",
  "CURL_CA_BUNDLE",
  "GIT_SSL_CAINFO",
  "PIP_CERT",
  "NODE_EXTRA_CA_CERTS",
  "GRPC_DEFAULT_SSL_ROOTS_FILE_PATH",
];

/**
 * Content of the ConfigMap: the public authorities and the site's; undefined where the site has none.
 *
 * The public ones are Mozilla's as Node has them: the program runs on Node, needs no network for them, and an update of
 * Node renews them. Each image's own list would differ from image to image, and its place does, too.
 */
export function caBundle({ caCertificates }: Pick<Config, "caCertificates">): Record<string, string> | undefined {
  const own = certificatesIn(caCertificates);
  return own.length === 0 ? undefined : { [file]: `${[...own, ...rootCertificates].join("\n")}\n` };
}

/** What makes a pod trust the site's authorities; a change of theirs restarts it, one of the public ones does not. */
export function caFit({ caCertificates }: Pick<Config, "caCertificates">): PodFit {
  const own = certificatesIn(caCertificates);
  if (own.length === 0) return noFit;
  return {
    pod: { volumes: [{ name: caConfigMap, configMap: { name: caConfigMap } }] },
    container: {
      env: variables.map((name) => ({ name, value: `${folder}/${file}` })),
      volumeMounts: [{ name: caConfigMap, mountPath: folder, readOnly: true }],
    },
    annotations: { "mlops/ca-certificates-hash": sha256(own.join("\n")) },
  };
}
