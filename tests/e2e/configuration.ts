import type { Changes } from "./platform.ts";

export const namespace = "e2e-platform";

/** Where the generated views of tests/e2e/wikimedia.ts are served; the port is the one that projects may reach. */
const wikimedia = {
  WIKIMEDIA_CONTACT: "ops@example.org",
  WIKIMEDIA_BASE_URL: "http://wikimedia.e2e-wikimedia.svc:443/api/rest_v1",
};

export const projects = [
  { name: "pageviews", config: wikimedia },
  { name: "verify", config: wikimedia },
];

/** Two generations of the Fernet key from the start: a destroy that keeps data has to keep each. */
export const firstRotation = { fernet: 2 };

/**
 * The stack that the suite deploys.
 *
 * @param recipient age's public key, which the backups' Fernet key is encrypted to
 */
export function configuration(recipient: string): Changes {
  return {
    cluster: { kind: "minikube" },
    namespace,
    exposure: { kind: "portForward" },
    projects,
    backup: { recipient },
    rotation: firstRotation,
  };
}

/** Values as a rendering takes them. */
export function asConfig(values: Changes): Record<string, string> {
  return Object.fromEntries(
    Object.entries(values).map(([key, value]) => [
      `mlops:${key}`,
      typeof value === "string" ? value : JSON.stringify(value),
    ]),
  );
}
