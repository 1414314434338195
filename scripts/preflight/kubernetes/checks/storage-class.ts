import { type ClusterConfig, kindOf } from "../../../../components/cluster/kinds.ts";
import { at, documentIn, isObject, listAt, textAt } from "../../../../lib/json.ts";
import type { Answer } from "../../../../lib/programs/program.ts";
import { failed, inShort, ok, type Row, unknown } from "../../../../components/preflight/row.ts";

const check = "storage class";

/** The class that a stack's volumes ask for; undefined: the cluster's default. */
export function storageClassOf(cluster: ClusterConfig): string | undefined {
  return "storageClass" in cluster ? cluster.storageClass : kindOf(cluster).storageClass;
}

/** @param answer of `kubectl get storageclasses` */
export function storageClassRow({ ok: isOk, stdout, stderr }: Answer, wanted: string | undefined): Row {
  if (!isOk) return unknown(check, inShort(stderr));
  const classes = listAt(documentIn(stdout), "items");
  const names = classes.flatMap((one) => textAt(one, "metadata.name") ?? []);
  const others = names.length === 0 ? "it has none" : `it has ${names.join(", ")}`;
  const fix = "kubectl get storageclass";
  if (wanted !== undefined) {
    return names.includes(wanted) ? ok(check, wanted) : failed(check, `the cluster has no ${wanted}; ${others}`, fix);
  }
  const own = classes.find(isDefault);
  const name = textAt(own, "metadata.name");
  return name === undefined
    ? failed(check, `no class is the default; ${others}`, fix)
    : ok(check, `${name}, the default`);
}

/** The annotation has dots in its name. */
function isDefault(one: unknown): boolean {
  const annotations = at(one, "metadata.annotations");
  return isObject(annotations) && annotations["storageclass.kubernetes.io/is-default-class"] === "true";
}
