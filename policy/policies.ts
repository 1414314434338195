import type {
  Policies,
  PolicyResource,
  ResourceValidation,
  ResourceValidationArgs,
  StackValidation,
} from "@pulumi/policy";
import { isObject } from "../lib/json.ts";
import { unknown } from "../lib/wire.ts";
import { resourceViolations, stackViolations } from "./evaluate.ts";
import type { Resource } from "../lib/resource.ts";
import { rules } from "./rules.ts";
import { settingsOf } from "./settings.ts";

/**
 * The rules as CrossGuard takes them.
 *
 * @param config the stack's configuration by `mlops:key`, objects as JSON
 */
export function policiesFor(config: Readonly<Record<string, string>>): Policies {
  const settings = settingsOf(config);
  // A rule about a change has nothing to evaluate here: the engine tells a pack what will be, not what was.
  const ofResources = rules.filter(
    ({ evaluate, evaluateStack }) => evaluate !== undefined || evaluateStack !== undefined,
  );
  return ofResources.map((rule) => {
    const { id, description, remediation, severity, enforcement } = rule;
    const text = { name: id, description, remediationSteps: remediation, severity, enforcementLevel: enforcement };
    const say = (message: string) => `${message}\n${remediation}`;
    const { evaluate, evaluateStack } = rule;
    const validateResource: ResourceValidation = (args, report) =>
      resourceViolations(rule, resourceOf(args), settings).forEach(({ message }) => report(say(message)));
    const validateStack: StackValidation = ({ resources }, report) =>
      stackViolations(rule, resources.map(resourceOf), settings).forEach(({ resource, message }) =>
        report(say(message), resource.urn),
      );
    if (evaluateStack === undefined) return { ...text, validateResource };
    return { ...text, ...(evaluate === undefined ? {} : { validateResource }), validateStack };
  });
}

function resourceOf(args: ResourceValidationArgs | PolicyResource): Resource {
  const { urn, type, name, props, opts, provider } = args;
  const dependencies = "dependencies" in args ? args.dependencies.map((other) => other.urn) : [];
  return {
    urn,
    type,
    name,
    inputs: known(props),
    protect: opts.protect,
    dependencies,
    provider: provider === undefined ? {} : known(provider.props),
  };
}

/** A copy in which a text stands for what is unknown: the SDK's own object throws there, and would skip the rule. */
function known(props: Record<string, unknown>): Record<string, unknown> {
  return Object.fromEntries(Object.keys(props).map((key) => [key, copy(() => props[key])]));
}

function copy(read: () => unknown): unknown {
  let value: unknown;
  try {
    value = read();
  } catch {
    return unknown;
  }
  if (Array.isArray(value)) return Array.from(value.keys(), (i) => copy(() => (value as unknown[])[i]));
  return isObject(value) ? known(value) : value;
}
