import { textAt } from "../../../../lib/json.ts";
import { defaultName } from "../../cloud-schema.ts";

/** Address of the repository that gke-registry.ts creates. */
export function ownRegistry(cluster: object): string {
  const [project, region, name] = ["project", "region", "name"].map((key) => textAt(cluster, key));
  return `${region ?? ""}-docker.pkg.dev/${project ?? ""}/${name ?? defaultName}`;
}
