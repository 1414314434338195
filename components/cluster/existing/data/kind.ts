import type { z } from "zod";
import type { ClusterKind } from "../../kind.ts";
import { localRegistry } from "../../shared-schema.ts";
import { existingRules, existingWarnings } from "./rules.ts";
import { existing } from "./schema.ts";

/**
 * Any other cluster that runs already.
 *
 * @param identities what each cloud asks for to give service accounts an identity
 */
export function existingKind<Identity extends z.core.$ZodTypeDiscriminable>(identities: readonly Identity[]) {
  return {
    schema: existing(identities),
    rules: existingRules,
    warnings: existingWarnings,
    isLocal: false,
    defaults: { exposure: "portForward", postgres: "cluster", imageRegistry: localRegistry },
  } satisfies ClusterKind;
}
