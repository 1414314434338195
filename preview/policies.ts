import { violationsOf } from "../policy/evaluate.ts";
import { placeOf, type Resource } from "../lib/resource.ts";
import type { Rule } from "../policy/rule.ts";
import { rules } from "../policy/rules.ts";
import { settingsOf } from "../policy/settings.ts";
import type { KubernetesObject } from "../lib/kubernetes/objects.ts";
import type { Registration } from "../lib/recording.ts";
import { knownObjects } from "./chart-pods.ts";
import type { Chart, Rendering } from "./render.ts";

/** What one policy says about a stack. */
export interface PolicyResult {
  policy: string;
  severity: Rule["severity"];
  enforcement: Rule["enforcement"];
  /** Its requirement, in one sentence. */
  description: string;
  remediation: string;
  /** One sentence for each resource that breaks it. */
  violations: string[];
}

/** Evaluates a rendering by the rules that CrossGuard runs during an update. */
export function evaluatePolicies(rendering: Rendering): PolicyResult[] {
  const resources = policyResources(rendering);
  const settings = settingsOf(rendering.stack.config);
  return rules.map((rule) => ({
    policy: rule.id,
    severity: rule.severity,
    enforcement: rule.enforcement,
    description: rule.description,
    remediation: rule.remediation,
    violations: violationsOf(rule, resources, settings).map(
      ({ resource, message }) => `${placeOf(resource)} ${message}`,
    ),
  }));
}

/** Whether a result stops a deployment. */
export function isRefused({ enforcement, violations }: PolicyResult): boolean {
  return enforcement === "mandatory" && violations.length > 0;
}

/** A rendering's resources as the rules see them; a chart's objects are among them, as the engine registers them. */
function policyResources({ resources, charts }: Pick<Rendering, "resources" | "charts">): Resource[] {
  const byUrn = new Map(resources.map((resource) => [resource.urn, resource]));
  return [
    ...resources.filter(({ custom, remote }) => custom || remote).map((resource) => withProvider(resource, byUrn)),
    ...charts.flatMap(chartResources),
  ];
}

function withProvider(registration: Registration, byUrn: ReadonlyMap<string, Registration>): Resource {
  const { urn, type, name, inputs, protect, dependencies, provider } = registration;
  const [providerUrn = ""] = provider.split(/::(?=[^:]*$)/);
  return { urn, type, name, inputs, protect, dependencies, provider: byUrn.get(providerUrn)?.inputs ?? {} };
}

function chartResources({ release, rendered }: Chart): Resource[] {
  return knownObjects(rendered).map((object) => {
    const type = typeOf(object);
    const name = object.metadata.name;
    const urn = `${release.urn}$${type}::${name}`;
    return { urn, type, name, inputs: object, protect: false, dependencies: [], provider: {} };
  });
}

/** The type token of an object: `kubernetes:core/v1:Secret`, `kubernetes:apps/v1:Deployment`. */
function typeOf({ apiVersion, kind }: KubernetesObject): string {
  return `kubernetes:${apiVersion.includes("/") ? apiVersion : `core/${apiVersion}`}:${kind}`;
}
