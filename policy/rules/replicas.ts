import { at } from "../../lib/json.ts";
import type { Rule } from "../rule.ts";
import { kubernetesObject } from "../../lib/resource.ts";

export const singleReplicasNamed: Rule = {
  id: "single-replica-has-reason",
  severity: "low",
  enforcement: "mandatory",
  description: "The exceptions name each Deployment or StatefulSet with one pod, with a reason.",
  remediation: "Run two replicas, or give a reason for one.",
  evaluate: (resource) => {
    const object = kubernetesObject(resource);
    const isScaled = object?.kind === "Deployment" || object?.kind === "StatefulSet";
    return isScaled && (at(object, "spec.replicas") ?? 1) === 1 ? ["has one replica without a reason"] : [];
  },
};
