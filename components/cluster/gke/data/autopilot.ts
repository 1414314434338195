import { at } from "../../../../lib/json.ts";
import type { SpotMarks } from "../../kind.ts";
import type { PodRequests } from "../../../../lib/kubernetes/pod-requests.ts";

/**
 * What Autopilot asks of a pod of its default class on a cluster whose pods may use more than they request, as on all
 * new ones: it raises the requests of others, and each update would show the difference.
 *
 * Source: https://cloud.google.com/kubernetes-engine/docs/concepts/autopilot-resource-requests
 */
const generalPurpose: PodRequests = {
  millicores: 50,
  mebibytes: 52,
  gibPerCore: [1, 6.5],
  disk: [1024, 10_240],
};

const isAutopilot = (cluster: unknown): boolean => at(cluster, "autopilot") === true;

export function gkePodRequests(cluster: unknown): PodRequests | undefined {
  return isAutopilot(cluster) ? generalPurpose : undefined;
}

/** Autopilot makes spot nodes for the pods that ask for them. Source: https://cloud.google.com/kubernetes-engine/docs/how-to/autopilot-spot-pods */
export function gkeSpotMarks(cluster: unknown): SpotMarks | undefined {
  const label = "cloud.google.com/gke-spot";
  return isAutopilot(cluster) ? { label, spot: "true", taint: label } : undefined;
}
