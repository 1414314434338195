import * as gcp from "@pulumi/gcp";
import * as pulumi from "@pulumi/pulumi";

export interface GkeNodeAccountArgs {
  /** Beginning of the account's id. */
  prefix: string;
  project: string;
}

/**
 * What nodes run as, in place of Compute Engine's default account, which may edit the whole project.
 *
 * Its one role on the project writes logs and metrics.
 * Source: https://cloud.google.com/kubernetes-engine/docs/how-to/hardening-your-cluster#use_least_privilege_sa
 */
export class GkeNodeAccount extends pulumi.ComponentResource {
  readonly email: pulumi.Output<string>;
  /** `serviceAccount:<email>`. */
  readonly member: pulumi.Output<string>;
  /** Resources that must exist before the first node starts. */
  readonly ready: pulumi.Resource[];

  constructor(name: string, { prefix, project }: GkeNodeAccountArgs, opts?: pulumi.ComponentResourceOptions) {
    super("mlops:gke-node-account:GkeNodeAccount", name, {}, opts);
    const account = new gcp.serviceaccount.Account(
      name,
      { accountId: `${prefix}-nodes`, project, displayName: `${prefix}: nodes` },
      { parent: this },
    );
    this.email = account.email;
    this.member = pulumi.interpolate`serviceAccount:${account.email}`;
    const role = new gcp.projects.IAMMember(
      name,
      { project, role: "roles/container.defaultNodeServiceAccount", member: this.member },
      { parent: this },
    );
    this.ready = [role];
    this.registerOutputs({ email: this.email, member: this.member, ready: this.ready });
  }
}
