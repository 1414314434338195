import type { Checkpoint } from "./state.ts";

const claim = "kubernetes:core/v1:PersistentVolumeClaim";
/** What Airflow has encrypted on a kept volume is lost without it; every other secret can be made anew. */
const fernetKey = /::random:index\/randomBytes:RandomBytes::airflow-fernet-key-\d+$/;

/** URNs of what a destroy that keeps data leaves there; what they need, such as the namespace, stays with them. */
export function dataOf({ deployment }: Checkpoint): string[] {
  const urns = (deployment.resources ?? []).filter(({ type, urn }) => type === claim || fernetKey.test(urn));
  return urns.map(({ urn }) => urn);
}
