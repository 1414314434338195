import { type PublicImageName, publicImages } from "../../../images.ts";

type AutoscalerName = Extract<PublicImageName, `clusterAutoscaler-${string}`>;

const isAutoscaler = (name: string): name is AutoscalerName => name.startsWith("clusterAutoscaler-");
const minorOf = (name: AutoscalerName) => name.slice("clusterAutoscaler-".length);
const inNumbers = new Intl.Collator("en", { numeric: true });

const autoscalers = Object.keys(publicImages)
  .filter(isAutoscaler)
  .toSorted((a, b) => inNumbers.compare(a, b));

/** The minor versions of Kubernetes that have an autoscaler, oldest first. */
export const autoscalerMinors = autoscalers.map(minorOf);

/**
 * The Cluster Autoscaler of a minor version of Kubernetes, which its project makes and tests for that version alone; of
 * a version that has none here, the nearest.
 *
 * Source: https://github.com/kubernetes/autoscaler/tree/master/cluster-autoscaler#releases
 */
export function autoscalerFor(kubernetesVersion: string): AutoscalerName {
  const upTo = autoscalers.filter((name) => inNumbers.compare(minorOf(name), kubernetesVersion) <= 0);
  const name = upTo.at(-1) ?? autoscalers[0];
  if (name === undefined) throw new Error("components/images.ts has no autoscaler");
  return name;
}
