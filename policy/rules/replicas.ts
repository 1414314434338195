import { at } from "../../lib/json.ts";
import type { Rule } from "../rule.ts";
import { kubernetesObject } from "../resource.ts";

export const singleReplicasNamed: Rule = {
  id: "single-replica-has-reason",
  severity: "low",
  enforcement: "mandatory",
  description: "A Deployment or StatefulSet of one pod is named in the exceptions, with the reason.",
  remediation: "Run two replicas, or say in policy/exceptions.ts why one is enough.",
  judge: (resource) => {
    const object = kubernetesObject(resource);
    const isScaled = object?.kind === "Deployment" || object?.kind === "StatefulSet";
    return isScaled && (at(object, "spec.replicas") ?? 1) === 1 ? ["has one replica and no reason for it"] : [];
  },
};
