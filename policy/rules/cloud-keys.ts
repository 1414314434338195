import { clouds, resourceOf } from "../../components/cluster/kinds.ts";
import type { Rule } from "../rule.ts";
import { textsIn } from "../../lib/resource.ts";

/** How the clouds' long-lived keys look, by what a message calls them. */
const keyForms = clouds.flatMap(({ policy }) => Object.entries(policy.keyForms));

export const noStaticCloudKeys: Rule = {
  id: "no-static-cloud-keys",
  severity: "critical",
  enforcement: "mandatory",
  description: "No cloud key is created, stored or given to a pod.",
  remediation: "Give the service account an identity (Workload Identity, IRSA) and remove the key.",
  evaluate: ({ type, inputs }) => {
    if (resourceOf({ type })?.isStaticKey) return ["is a key that never expires"];
    return [...textsIn(inputs)].flatMap(({ path, text }) =>
      keyForms
        .filter(([, form]) => form.test(text) || isEncoded(type, path, text, form))
        .map(([what]) => `holds ${what} in ${path}`),
    );
  },
};

/** The values of a Secret's `data` are base64. */
function isEncoded(type: string, path: string, text: string, form: RegExp): boolean {
  return (
    type.endsWith(":Secret") && path.startsWith("data.") && form.test(Buffer.from(text, "base64").toString("latin1"))
  );
}
