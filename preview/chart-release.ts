import { isObject, textAt } from "../lib/json.ts";
import type { KubernetesObject } from "../lib/kubernetes/objects.ts";
import type { Registration } from "../lib/recording.ts";

/** A Helm chart as the program registers it. */
export interface ChartRelease {
  urn: string;
  /** Name of the release. */
  name: string;
  namespace: string;
  /** A name in `repository`, an OCI address or a local path. */
  chart: string;
  version: string | undefined;
  repository: string | undefined;
  values: Record<string, unknown>;
  includeHooks: boolean;
  /** Whether a secret is among its values. */
  hasSecrets: boolean;
}

/** What helm made of a release: its objects, or one sentence about why there are none. */
export type RenderedChart =
  | { objects: KubernetesObject[]; note: string | undefined; pods?: undefined }
  /** `pods`: stand for the objects that make pods, as far as the values tell; undefined: they tell nothing. */
  | { objects: undefined; note: string; pods: KubernetesObject[] | undefined };

/** The charts among the resources. */
export function releasesOf(resources: readonly Registration[]): ChartRelease[] {
  return resources.filter(({ type }) => type === "kubernetes:helm.sh/v4:Chart").map(releaseOf);
}

function releaseOf({ urn, name, inputs, secretPaths }: Registration): ChartRelease {
  return {
    urn,
    name: textAt(inputs, "name") ?? name,
    namespace: textAt(inputs, "namespace") ?? "default",
    chart: textAt(inputs, "chart") ?? "",
    version: textAt(inputs, "version"),
    repository: textAt(inputs, "repositoryOpts.repo"),
    values: isObject(inputs.values) ? inputs.values : {},
    includeHooks: inputs.includeHooks === true,
    hasSecrets: secretPaths.length > 0,
  };
}
