import { podsOfValues } from "../components/airflow/chart/pods-of-values.ts";
import { charts } from "../components/charts.ts";
import type { KubernetesObject } from "../lib/kubernetes/objects.ts";
import type { ChartRelease, RenderedChart } from "./chart-release.ts";

/** What a chart's values say of its pods, by the release's name. */
const readers: Readonly<Record<string, (release: ChartRelease) => KubernetesObject[]>> = {
  [charts.airflow.name]: podsOfValues,
};

/** What makes pods in a release, by its values; undefined: the values of this chart are not read. */
export function podsFrom(release: ChartRelease): KubernetesObject[] | undefined {
  return readers[release.name]?.(release);
}

/** A chart's objects; where it is not rendered, what its values say of its pods. */
export function knownObjects({ objects, pods }: RenderedChart): KubernetesObject[] {
  return objects ?? pods ?? [];
}
