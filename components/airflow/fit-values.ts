import type { PodFit } from "../site/pod-fit.ts";
import type { ChartValues } from "./chart-values.ts";

/** Values of the chart by which its pods are as the site wants them; empty where it wants nothing. */
export function fitValues({ pod: { imagePullSecrets } }: PodFit): Pick<ChartValues, "imagePullSecrets"> {
  return imagePullSecrets === undefined ? {} : { imagePullSecrets };
}
