import { isObject, listAt, textAt } from "../../../../../lib/json.ts";
import type { LoadBalancerAnnotations } from "../../../cloud-policy.ts";
import { byType } from "../../../demands.ts";
import { openPortProblems } from "../../../open-ports.ts";

export const annotations: LoadBalancerAnnotations = {
  privateService: {
    "networking.gke.io/load-balancer-type": /^internal$/i,
    "cloud.google.com/load-balancer-type": /^internal$/i,
  },
  privateIngress: { "kubernetes.io/ingress.class": /^gce-internal$/ },
  certificates: ["ingress.gcp.kubernetes.io/pre-shared-cert", "networking.gke.io/managed-certificates"],
  answersPlainHttp: (all) => {
    const isOwn = Object.keys(all).some((key) => key.includes("gke.io/") || key.includes("gcp."));
    const redirects = all["networking.gke.io/v1beta1.FrontendConfig"] !== undefined;
    return isOwn && !redirects && all["kubernetes.io/ingress.allow-http"] !== "false";
  },
};

const encryptedOnly = ["ENCRYPTED_ONLY", "TRUSTED_CLIENT_CERTIFICATE_REQUIRED"];

/** Firewalls and databases that let plain connections in. */
export const plaintextProblems = byType({
  "gcp:compute/firewall:Firewall": ({ inputs }) => {
    if (inputs.direction === "EGRESS") return [];
    const sources = listAt(inputs, "sourceRanges");
    const ports = listAt(inputs, "allows").flatMap((allow) => {
      const named = listAt(allow, "ports");
      return named.length === 0 && isObject(allow) ? ["any"] : named;
    });
    return ports.flatMap((port) => openPortProblems(port, sources));
  },
  "gcp:sql/databaseInstance:DatabaseInstance": ({ inputs }) =>
    encryptedOnly.includes(textAt(inputs, "settings.ipConfiguration.sslMode") ?? "")
      ? []
      : ["accepts connections without TLS (settings.ipConfiguration.sslMode)"],
});
