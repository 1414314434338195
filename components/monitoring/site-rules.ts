import { parse } from "yaml";
import { metricsOf } from "../../lib/promql.ts";
import { dataFiles } from "../objects/data-files.ts";
import { alertLabel, isOfNode, type Scope, scopedQuery } from "./scoped-queries.ts";

interface AlertRule {
  alert: string;
  expr: string;
  labels: Record<string, string>;
  [key: string]: unknown;
}

interface RuleGroup {
  name: string;
  rules: AlertRule[];
}

/**
 * What the PrometheusRule says: the alerts of `alerts/` for a Prometheus that sees the whole cluster.
 *
 * @param jobs those whose metrics are collected; `absent` are the others, whose rules are left out
 */
export function siteRules(scope: Scope, { jobs, absent }: Jobs): { groups: RuleGroup[] } {
  const files = Object.entries(dataFiles("alerts", ".yaml")).filter(
    ([file]) => !absent.some((job) => file === `${job}.yaml`),
  );
  const groups = files.flatMap(([, text]) => (parse(text) as { groups: RuleGroup[] }).groups);
  return {
    groups: groups
      .map(({ name, rules }) => ({
        name: `${scope.platform}-${name}`,
        rules: rules.filter(isOfPlatform).map((rule) => ({
          ...rule,
          expr: isAboutTargets(rule) ? withAbsent(rule.expr, scope, jobs) : scopedQuery(rule.expr, scope),
          labels: { ...rule.labels, [alertLabel]: scope.platform },
        })),
      }))
      .filter(({ rules }) => rules.length > 0),
  };
}

export interface Jobs {
  jobs: readonly string[];
  absent: readonly string[];
}

/** Those who run the cluster watch its nodes and its Alertmanager by rules of their own. */
function isOfPlatform({ expr }: AlertRule): boolean {
  return !isOfNode(expr) && !metricsOf(expr).some((metric) => metric.startsWith("alertmanager_"));
}

function isAboutTargets({ expr }: AlertRule): boolean {
  return expr.trim() === "up == 0";
}

/** A Service is a target even without pods; without a pod, a monitor has no target that could be down. */
function withAbsent(expr: string, scope: Scope, jobs: readonly string[]): string {
  const absent = jobs.map((job) => `absent(up{namespace="${scope.platform}", job="${job}"})`);
  return [scopedQuery(expr.trim(), scope), ...absent].join("\n  or ");
}
