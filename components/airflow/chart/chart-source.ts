import type * as k8s from "@pulumi/kubernetes";
import { isWebAddress } from "../../../lib/urls.ts";
import { charts } from "../../charts.ts";

/**
 * The chart's source, in the form that the provider's Helm expects.
 *
 * @param source a repository (https://… or http://…), an OCI registry or a chart in it (oci://…), a package's URL or a local path
 */
export function chartSource(source: string): Pick<k8s.helm.v4.ChartArgs, "chart" | "version" | "repositoryOpts"> {
  const { name, version } = charts.airflow;
  if (source.startsWith("oci://")) {
    return { chart: source.endsWith(`/${name}`) ? source : `${source.replace(/\/+$/, "")}/${name}`, version };
  }
  if (isWebAddress(source) && !source.endsWith(".tgz")) {
    return { chart: name, version, repositoryOpts: { repo: source } };
  }
  return { chart: source };
}
