import type { Affinity } from "../../lib/kubernetes/api.ts";
import { isEmpty, laidOver, type PodFit } from "../site/pod-fit.ts";
import type { ChartValues } from "./chart-values.ts";

/** The chart's values with what the site wants of its pods. */
export function fitValues(values: ChartValues, fit: PodFit): ChartValues {
  if (isEmpty(fit)) return values;
  const { scheduler, apiServer, triggerer, dagProcessor, workers, dags } = values;
  // The chart takes a class for each component alone.
  const { priorityClassName, ...pod } = fit.pod;
  const ofPod = priorityClassName === undefined ? {} : { priorityClassName };
  const process = <T extends object>(own: T, label: string): T =>
    laidOver(own, { ...ofPod, ...spreadAffinity(pod.affinity, label) });
  const other = <T extends object>(own: T): T => laidOver(own, ofPod);
  return {
    ...laidOver(values, {
      ...pod,
      ...containerValues(fit.container, values.env),
      airflowPodAnnotations: fit.annotations,
    }),
    scheduler: process(scheduler, "scheduler"),
    apiServer: process(apiServer, "api-server"),
    triggerer: process(triggerer, "triggerer"),
    dagProcessor: process(dagProcessor, "dag-processor"),
    workers: { celery: process(workers.celery, "worker"), kubernetes: other(workers.kubernetes) },
    migrateDatabaseJob: other(values.migrateDatabaseJob),
    createUserJob: other(values.createUserJob),
    statsd: other(values.statsd),
    redis: other(values.redis),
    dags: dags.gitSync.enabled ? { gitSync: laidOver(dags.gitSync, gitSyncValues(fit.container)) } : dags,
  };
}

/**
 * Values for every container of Airflow itself. Variables are in two lists, plain ones and those of Secrets, so that a
 * variable of `airflow.environment` would not replace one in the other list.
 */
function containerValues(
  { env: ofSite = [], volumeMounts = [] }: PodFit["container"],
  own: ChartValues["env"],
): object {
  const env = ofSite.filter(({ name }) => own?.every((other) => other.name !== name) ?? true);
  const secret = env.flatMap(({ name, valueFrom }) => {
    const { secretKeyRef } = valueFrom ?? {};
    return secretKeyRef === undefined
      ? []
      : [{ envName: name, secretName: secretKeyRef.name, secretKey: secretKeyRef.key }];
  });
  const plain = env.filter(({ valueFrom }) => valueFrom === undefined);
  return {
    ...(plain.length === 0 ? {} : { env: plain }),
    ...(secret.length === 0 ? {} : { secret }),
    ...(volumeMounts.length === 0 ? {} : { volumeMounts }),
  };
}

function gitSyncValues({ env = [], volumeMounts = [] }: PodFit["container"]): object {
  return { env, extraVolumeMounts: volumeMounts };
}

/** The site's affinity, with what the chart would set without one: replicas of a process prefer different nodes. */
function spreadAffinity(ofSite: Affinity | undefined, label: string): { affinity?: Affinity } {
  if (ofSite === undefined) return {};
  const podAffinityTerm = {
    labelSelector: { matchLabels: { component: label } },
    topologyKey: "kubernetes.io/hostname",
  };
  const preferredDuringSchedulingIgnoredDuringExecution = [{ weight: 100, podAffinityTerm }];
  return {
    affinity: laidOver(ofSite, { podAntiAffinity: { preferredDuringSchedulingIgnoredDuringExecution } }),
  };
}
