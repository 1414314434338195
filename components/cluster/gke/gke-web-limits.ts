import type * as gcp from "@pulumi/gcp";

type Rule = gcp.types.input.compute.SecurityPolicyRule;

/**
 * Requests that one address may send in a minute: a browser sends some hundred, and an office shares an address.
 *
 * Google counts in each of its regions by itself.
 */
const mostRequests = { count: 3000, intervalSec: 60 };

/** Ranges that a rule takes at most. Source: https://cloud.google.com/armor/quotas */
const rangesPerRule = 10;

/** The rule that holds where no other does. */
const lastPriority = 2_147_483_647;

/**
 * Who may send requests through a load balancer, and how many.
 *
 * Source: https://cloud.google.com/armor/docs/rate-limiting-overview
 *
 * @param sourceRanges undefined: everyone may
 */
export function webLimits(sourceRanges: readonly string[] | undefined): Rule[] {
  const ranges = sourceRanges ?? ["*"];
  const groups = Array.from({ length: Math.ceil(ranges.length / rangesPerRule) }, (_, i) =>
    ranges.slice(i * rangesPerRule, (i + 1) * rangesPerRule),
  );
  const limits = groups.map((group, i) => ({
    ...from(group),
    description: "At most 3000 requests a minute for each address",
    priority: 1000 + 10 * i,
    action: "throttle",
    rateLimitOptions: {
      rateLimitThreshold: mostRequests,
      conformAction: "allow",
      exceedAction: "deny(429)",
      enforceOnKey: "IP",
    },
  }));
  const last = { ...from(["*"]), description: "Everyone else", priority: lastPriority };
  return [...limits, { ...last, action: sourceRanges === undefined ? "allow" : "deny(403)" }];
}

function from(ranges: string[]): Pick<Rule, "match"> {
  return { match: { versionedExpr: "SRC_IPS_V1", config: { srcIpRanges: ranges } } };
}
