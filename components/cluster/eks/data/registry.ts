import { textAt } from "../../../../lib/json.ts";
import { defaultName } from "../../cloud-schema.ts";

/** Address of the repositories that eks-registry.ts creates; `*` is the account. */
export function ownRegistry(cluster: object): string {
  const region = textAt(cluster, "region") ?? "";
  const domain = region.startsWith("cn-") ? "amazonaws.com.cn" : "amazonaws.com";
  return `*.dkr.ecr.${region}.${domain}/${textAt(cluster, "name") ?? defaultName}`;
}
