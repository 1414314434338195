import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { errorText } from "../../../lib/errors.ts";

/**
 * The log group of a control plane, with a retention, which EKS gives to none that it makes itself.
 *
 * EKS writes events for minutes after a cluster's deletion, and makes the group again by its service-linked role, which
 * no policy of the account denies. So a deployment after a destroy takes over a group that is there; the engine imports
 * it, and gives it the retention and the tags, in one update. Once the group is in the state, its id plans nothing.
 *
 * Source: https://github.com/terraform-aws-modules/terraform-aws-eks/issues/2763
 *
 * @returns a promise, since the id of an import is plain
 */
export async function eksLogGroup(
  name: string,
  clusterName: string,
  parent: pulumi.ComponentResource,
): Promise<aws.cloudwatch.LogGroup> {
  const group = `/aws/eks/${clusterName}/cluster`;
  const found = (await isThere(group, parent)) ? { import: group } : {};
  return new aws.cloudwatch.LogGroup(name, { name: group, retentionInDays: 30 }, { parent, ...found });
}

/** Whether a log group is there; one that the identity may not ask for counts as absent, so that a preview goes on. */
async function isThere(group: string, parent: pulumi.ComponentResource): Promise<boolean> {
  try {
    const { logGroupNames } = await aws.cloudwatch.getLogGroups({ logGroupNamePrefix: group }, { parent });
    return logGroupNames.includes(group);
  } catch (error) {
    const reason = errorText(error);
    if (!/AccessDenied|not authorized/i.test(reason)) throw error;
    await pulumi.log.warn(
      `cannot ask whether the log group ${group} is there, and plans to create it: ${reason}`,
      parent,
    );
    return false;
  }
}
