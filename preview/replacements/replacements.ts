import { clouds } from "../../components/cluster/kinds.ts";
import { merged } from "../../lib/merged.ts";
import { kubernetesReplacements } from "./kubernetes.ts";

/** Any field at all. */
const everything = "*";

/**
 * Of what is neither a cloud's nor a cluster's.
 *
 * Every input of a random value makes another one: https://github.com/hashicorp/terraform-provider-random marks them all as
 * RequiresReplace. Another `clusterIdentifier` is another cluster, and everything in it is made there: DiffConfig in
 * https://github.com/pulumi/pulumi-kubernetes/blob/master/provider/pkg/provider/provider.go. The state keeps a chart's
 * objects by themselves. An image is built again in place: Diff in
 * https://github.com/pulumi/pulumi-docker-build/blob/main/provider/internal/image.go.
 */
const others: Readonly<Record<string, readonly string[]>> = {
  "docker-build:index:Image": [],
  "kubernetes:helm.sh/v4:Chart": [],
  "pulumi:providers:kubernetes": ["clusterIdentifier"],
  "pulumi:pulumi:StackReference": [everything],
  "random:index/randomBytes:RandomBytes": [everything],
  "random:index/randomId:RandomId": [everything],
  "random:index/randomPassword:RandomPassword": [everything],
  "random:index/randomString:RandomString": [everything],
  "random:index/randomUuid:RandomUuid": [everything],
};

const ofClouds = merged(clouds.map(({ replacements }) => replacements));

/** The fields of a type whose change replaces a resource; undefined: the type has not been looked up. */
export function replacementsOf(type: string): readonly string[] | undefined {
  const known = others[type] ?? ofClouds[type];
  if (known !== undefined) return known;
  // A component consists only of its children.
  if (type.startsWith("mlops:")) return [];
  return type.startsWith("kubernetes:") ? kubernetesReplacements(type) : undefined;
}

/**
 * Whether the provider replaces a resource of a type for a change of one field.
 *
 * @param path as in `FieldChange`; what stands in brackets is a list's item
 */
export function replaces(type: string, path: string): boolean {
  if (path.startsWith("(option)")) return false;
  const plain = path.replace(/\[[^\]]*\]/g, "");
  const isBelow = (field: string) => field === everything || plain === field || plain.startsWith(`${field}.`);
  return (replacementsOf(type) ?? []).some(isBelow);
}
