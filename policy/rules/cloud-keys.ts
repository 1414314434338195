import { resourceOf } from "../../components/cluster/kinds.ts";
import type { Rule } from "../rule.ts";
import { textsIn } from "../resource.ts";

/**
 * How the clouds' long-lived keys begin.
 *
 * Sources: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_identifiers.html#identifiers-unique-ids,
 * https://cloud.google.com/iam/docs/keys-create-delete, https://cloud.google.com/docs/authentication/api-keys
 */
const keyForms: Record<string, RegExp> = {
  "an AWS access key": /\b(AKIA|ASIA)[A-Z0-9]{16}\b/,
  "a key of a Google service account": /"private_key"\s*:\s*"-----BEGIN/,
  "a Google API key": /\bAIza[\w-]{35}\b/,
};

export const noStaticCloudKeys: Rule = {
  id: "no-static-cloud-keys",
  severity: "critical",
  enforcement: "mandatory",
  description: "No cloud key is created, stored or given to a pod.",
  remediation: "Give the service account an identity (Workload Identity, IRSA) and remove the key.",
  evaluate: ({ type, inputs }) => {
    if (resourceOf({ type })?.isStaticKey) return ["is a key that never expires"];
    return [...textsIn(inputs)].flatMap(({ path, text }) =>
      Object.entries(keyForms)
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
