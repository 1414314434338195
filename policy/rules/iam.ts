import { listAt } from "../../lib/json.ts";
import { kubernetesObject, type Resource } from "../../lib/resource.ts";
import { cloudProblems } from "../clouds.ts";
import type { Rule } from "../rule.ts";

export const noIamWildcards: Rule = {
  id: "no-iam-wildcards",
  severity: "critical",
  enforcement: "mandatory",
  description:
    "No permission has a wildcard action, a wildcard resource, a role that spans all services, or a grant to everyone.",
  remediation:
    "Name the actions and the ARN. List an action without resource-level permissions in `components/cluster/<kind>/data/policy/allow-lists.ts`.",
  evaluate: (resource) => [...cloudProblems("no-iam-wildcards", resource), ...kubernetesProblems(resource)],
};

function kubernetesProblems(resource: Resource): string[] {
  const object = kubernetesObject(resource);
  if (object?.kind !== "Role" && object?.kind !== "ClusterRole") return [];
  return listAt(object, "rules").flatMap((rule) =>
    ["verbs", "resources", "nonResourceURLs"]
      .filter((key) => listAt(rule, key).includes("*"))
      .map((key) => `allows all ${key}`),
  );
}
