/** One call of AWS's API, as IAM sees it. */
export interface Call {
  action: string;
  /** `*` where the action knows no resource. */
  resource: string;
  /** Keys that conditions may read. */
  context: Readonly<Record<string, string>>;
}

export type Calls = readonly Call[];

export const here = (service: string, resource: string) => `arn:aws:${service}:us-east-1:111122223333:${resource}`;

/** Calls of some actions of a service on one resource; the region is known of every call. */
export const on =
  (service: string, resource: string, context: Record<string, string> = {}) =>
  (...actions: string[]): Calls =>
    actions.map((action) => ({
      action: `${service}:${action}`,
      resource,
      context: { "aws:RequestedRegion": "us-east-1", ...context },
    }));

export const all = (service: string) => on(service, "*");
export const ec2 = (kind: string) => on("ec2", here("ec2", `${kind}/x`));
export const tagged = (kind: string) => ec2(kind)("CreateTags", "DeleteTags");
