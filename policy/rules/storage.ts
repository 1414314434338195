import { cloudProblems, cloudViolations } from "../clouds.ts";
import type { Rule } from "../rule.ts";

export const storageEncrypted: Rule = {
  id: "storage-encrypted",
  severity: "high",
  enforcement: "mandatory",
  description: "Buckets, disks, databases, volumes and a cluster's Secrets are encrypted.",
  remediation: "Enable the encryption that the message names, with a KMS key if it accepts one.",
  evaluate: (resource) => cloudProblems("storage-encrypted", resource),
  evaluateStack: (resources) => cloudViolations("storage-encrypted", resources),
};

export const storageVersioned: Rule = {
  id: "storage-versioned",
  severity: "medium",
  enforcement: "mandatory",
  description: "Buckets keep earlier versions, and databases keep backups.",
  remediation: "Enable versioning of the bucket, or backups with point-in-time recovery of the database.",
  evaluate: (resource) => cloudProblems("storage-versioned", resource),
  evaluateStack: (resources) => cloudViolations("storage-versioned", resources),
};

export const storageNotPublic: Rule = {
  id: "storage-not-public",
  severity: "critical",
  enforcement: "mandatory",
  description: "No bucket or database is public.",
  remediation: "Block public access to the bucket, or give the database only private addresses.",
  evaluate: (resource) => cloudProblems("storage-not-public", resource),
  evaluateStack: (resources) => cloudViolations("storage-not-public", resources),
};
