import { isCloudResource } from "../../components/cluster/kinds.ts";
import { at } from "../../lib/json.ts";
import type { Rule } from "../rule.ts";
import { type Resource, textsAt } from "../resource.ts";
import type { Settings } from "../settings.ts";
import { tagsOf } from "./cost-labels.ts";

/** The inputs that keep a cloud from deleting what holds data; undefined: what it does when nothing is said. */
interface Protection {
  path: string;
  holds: (value: unknown) => boolean;
}

const on = (path: string): Protection => ({ path, holds: (value) => value === true });
const notOff = (path: string): Protection => ({ path, holds: (value) => value !== false });
const notOn = (path: string): Protection => ({ path, holds: (value) => value !== true });

/** What holds data, or what nothing can be read without. */
const stateful: Record<string, Protection[]> = {
  "aws:ebs/volume:Volume": [],
  "aws:eks/cluster:Cluster": [on("deletionProtection")],
  "aws:kms/key:Key": [],
  "aws:rds/cluster:Cluster": [on("deletionProtection"), notOn("skipFinalSnapshot")],
  "aws:rds/instance:Instance": [on("deletionProtection"), notOn("skipFinalSnapshot")],
  "aws:s3/bucket:Bucket": [notOn("forceDestroy")],
  "gcp:container/cluster:Cluster": [notOff("deletionProtection")],
  "gcp:kms/cryptoKey:CryptoKey": [],
  "gcp:sql/databaseInstance:DatabaseInstance": [notOff("deletionProtection"), on("settings.deletionProtectionEnabled")],
  "gcp:storage/bucket:Bucket": [notOn("forceDestroy")],
};

/**
 * Whether a resource serves production: what its label `environment` says, or else its stack's; without either a
 * cloud's resource does and an object of a cluster does not.
 */
function isProduction(resource: Resource, { environment }: Settings): boolean {
  const label = textsAt(resource.inputs, "metadata.labels").environment ?? tagsOf(resource).environment ?? environment;
  return label === undefined ? isCloudResource(resource) : label === "production";
}

export const deletionProtected: Rule = {
  id: "stateful-deletion-protection",
  severity: "high",
  enforcement: "mandatory",
  description: "In production, the cloud refuses to delete resources that hold data.",
  remediation: "Set cluster.deletionProtection to true, or labels.environment to a value other than production.",
  judge: (resource, settings) =>
    (isProduction(resource, settings) ? (stateful[resource.type] ?? []) : [])
      .filter(({ path, holds }) => !holds(at(resource.inputs, path)))
      .map(({ path }) => `can be deleted (${path})`),
};

export const protectedInProduction: Rule = {
  id: "stateful-protect",
  severity: "high",
  enforcement: "mandatory",
  description: "In production, Pulumi refuses to delete resources that hold data.",
  remediation: "Set the option protect of the resource, or labels.environment to a value other than production.",
  judge: (resource, settings) =>
    stateful[resource.type] !== undefined && isProduction(resource, settings) && !resource.protect
      ? ["lacks the option protect"]
      : [],
};
