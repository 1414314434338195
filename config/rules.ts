import type { z } from "zod";
import { type ClusterConfig, cloudOf, kindOf } from "../components/cluster/kinds.ts";
import { textAt } from "../lib/json.ts";
import { keyOf, valueAt } from "../lib/key-path.ts";
import { optionWarnings } from "./airflow/option-warnings.ts";
import { airflowRules } from "./airflow/rules.ts";
import { accepted, whereAccepted } from "./rules/accepted.ts";
import { removeUnlessSecret, set } from "./fixes.ts";
import { clientKeyRules, objectStoreRules } from "./s3/rules.ts";
import { databaseRules, postgresRules } from "./postgres/rules.ts";
import { platformRules } from "./rules/platform-rules.ts";
import { resourceRules } from "./rules/resource-rules.ts";
import { projectRules, projectSecretRules } from "./rules/project-rules.ts";
import { type ConfigProblem, shown } from "./errors.ts";
import { exposedUiRules, exposureRules } from "./exposure/rules.ts";
import type { Rule } from "./rule.ts";
import type { StackConfig } from "./sections.ts";
import { valueRules, valueWarnings } from "./rules/value-rules.ts";

type Stack = StackConfig<ClusterConfig>;
type CustomIssue = Pick<z.core.$ZodIssueCustom, "code" | "path" | "message" | "params">;

/**
 * Every broken rule as an issue of the schema.
 *
 * The rules run even if single keys have issues, so that all problems show at once. A rule that reads a refused value
 * reports nothing.
 */
export function refineByRules(parsed: Stack, context: z.core.$RefinementCtx<Stack>): void {
  const config = accepted(parsed, context.issues);
  const issues = [
    ...issuesOf(config, platformRules),
    ...issuesOf(config, postgresRules),
    ...whereAccepted(() => issuesOf(config, databaseRules(config))),
    ...issuesOf(config, objectStoreRules),
    ...whereAccepted(() => issuesOf(config, clientKeyRules(config))),
    ...issuesOf(config, exposureRules),
    ...whereAccepted(() => issuesOf(config, exposedUiRules(config))),
    ...whereAccepted(() => issuesOf(onItsKind(config), rulesOfKind(config))),
    ...whereAccepted(() => issuesOf(onItsKind(config), rulesOfIdentity(config))),
    ...whereAccepted(() => issuesOf(config, airflowRules(config))),
    ...whereAccepted(() => issuesOf(config, resourceRules(config))),
    ...issuesOf(config, valueRules(parsed)),
    ...whereAccepted(() => issuesOf(config, projectRules(config))),
    ...whereAccepted(() => issuesOf(config, projectSecretRules(config))),
  ];
  for (const issue of issues) context.addIssue(issue);
}

/** What is most likely a mistake in a valid configuration. */
export function warningsOf(config: Stack): ConfigProblem[] {
  const issues = [
    ...issuesOf(config, valueWarnings(config)),
    ...issuesOf(config, optionWarnings(config)),
    ...issuesOf(onItsKind(config), kindOf(config.cluster).warnings ?? []),
  ];
  return issues.map(({ path, message, params }) => {
    const key = keyOf(path);
    const found = textAt(params, "found") ?? shown(valueAt(config, path), key);
    return { key, found, allowed: message, fix: textAt(params, "fix") ?? "" };
  });
}

/** The registry returns the rules of a cluster kind without their type, the type of the cluster's settings. */
const onItsKind = (config: Stack) => config as StackConfig<never>;

/** A cluster kind has rules for its configuration, as has the cloud of an existing cluster. */
function rulesOfKind({ cluster }: Stack): readonly Rule<never>[] {
  return kindOf(cluster).rules ?? [];
}

function rulesOfIdentity({ cluster }: Stack): readonly Rule<never>[] {
  const identity = "identity" in cluster ? cluster.identity : undefined;
  return (identity === undefined ? undefined : cloudOf(identity)?.identityRules) ?? [];
}

/** The issues of the rules that a configuration breaks. */
function issuesOf<Cluster>(config: StackConfig<Cluster>, rules: readonly Rule<Cluster>[]): CustomIssue[] {
  return rules.flatMap((rule) => whereAccepted(() => (rule.broken(config) ? [issueOf(rule, config)] : [])));
}

function issueOf<Cluster>(rule: Rule<Cluster>, config: StackConfig<Cluster>): CustomIssue {
  const { found, allowed, fix = removeUnlessSecret } = rule;
  const path = typeof rule.key === "string" ? rule.key.split(".") : rule.key;
  const key = keyOf(path);
  return {
    code: "custom",
    path: [...path],
    message: typeof allowed === "string" ? allowed : allowed(config),
    params: { found, fix: typeof fix === "function" ? fix(key, config) : set(key, fix) },
  };
}
