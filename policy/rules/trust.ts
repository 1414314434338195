import { cloudProblems } from "../clouds.ts";
import type { Rule } from "../rule.ts";

export const trustNamesSubjectAndAudience: Rule = {
  id: "trust-names-subject-and-audience",
  severity: "critical",
  enforcement: "mandatory",
  description: "A role's trust policy requires the token's subject and audience.",
  remediation:
    "Compare `<issuer>:sub` with the service account and `<issuer>:aud` with sts.amazonaws.com, with StringEquals.",
  evaluate: (resource) => cloudProblems("trust-names-subject-and-audience", resource),
};
