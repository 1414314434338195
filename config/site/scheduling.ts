import { z } from "zod";

/** A label's key, or a taint's. */
const key = z
  .string()
  .regex(
    /^([a-z0-9]([-a-z0-9.]*[a-z0-9])?\/)?[A-Za-z0-9]([-\w.]{0,61}[A-Za-z0-9])?$/,
    "the key of a label or taint such as pool or example.org/pool",
  );
const labelValue = z.coerce
  .string()
  .regex(/^([A-Za-z0-9]([-\w.]{0,61}[A-Za-z0-9])?)?$/, "at most 63 letters, digits, -, _ and .");

export const labels = z.record(key, labelValue);

const toleration = z
  .strictObject({
    key: key.exactOptional().describe("Key of the taint. @default - every taint"),
    operator: z.enum(["Exists", "Equal"]).exactOptional().describe("@default - Equal"),
    value: labelValue.exactOptional(),
    effect: z.enum(["NoSchedule", "PreferNoSchedule", "NoExecute"]).exactOptional().describe("@default - every effect"),
    tolerationSeconds: z.number().int().exactOptional().describe("With the effect NoExecute. @default - for ever"),
  })
  .refine(({ operator, value }) => operator !== "Exists" || value === undefined, {
    error: "no value with the operator Exists",
    path: ["value"],
  })
  .refine(({ operator, key }) => operator === "Exists" || key !== undefined, {
    error: "Exists, since there is no key",
    path: ["operator"],
  })
  .refine(({ effect, tolerationSeconds }) => tolerationSeconds === undefined || effect === "NoExecute", {
    error: "no value unless the effect is NoExecute",
    path: ["tolerationSeconds"],
  });

const values = z.array(z.coerce.string()).exactOptional();

const labelSelector = z.strictObject({
  matchLabels: labels.exactOptional(),
  matchExpressions: z
    .array(z.strictObject({ key, operator: z.enum(["In", "NotIn", "Exists", "DoesNotExist"]), values }))
    .exactOptional(),
});

const nodeRequirements = z.array(
  z.strictObject({ key, operator: z.enum(["In", "NotIn", "Exists", "DoesNotExist", "Gt", "Lt"]), values }),
);

const nodeTerm = z.strictObject({
  matchExpressions: nodeRequirements.exactOptional(),
  matchFields: nodeRequirements.exactOptional(),
});

const podTerm = z.strictObject({
  topologyKey: key,
  labelSelector: labelSelector.exactOptional(),
  namespaces: z.array(z.string()).exactOptional(),
  namespaceSelector: labelSelector.exactOptional(),
  matchLabelKeys: z.array(key).exactOptional(),
  mismatchLabelKeys: z.array(key).exactOptional(),
});

const weight = z.number().int().min(1).max(100);

const podAffinity = z.strictObject({
  requiredDuringSchedulingIgnoredDuringExecution: z.array(podTerm).exactOptional(),
  preferredDuringSchedulingIgnoredDuringExecution: z
    .array(z.strictObject({ weight, podAffinityTerm: podTerm }))
    .exactOptional(),
});

const affinity = z.strictObject({
  nodeAffinity: z
    .strictObject({
      requiredDuringSchedulingIgnoredDuringExecution: z
        .strictObject({ nodeSelectorTerms: z.array(nodeTerm).min(1, "at least one term") })
        .exactOptional(),
      preferredDuringSchedulingIgnoredDuringExecution: z
        .array(z.strictObject({ weight, preference: nodeTerm }))
        .exactOptional(),
    })
    .exactOptional(),
  podAffinity: podAffinity.exactOptional(),
  podAntiAffinity: podAffinity.exactOptional(),
});

/** Where pods run, in the words of a pod's own specification. */
const placement = z.strictObject({
  nodeSelector: labels.exactOptional().describe("Labels of the nodes. @default - every node"),
  tolerations: z.array(toleration).exactOptional().describe("Taints that the pods tolerate. @default - none"),
  affinity: affinity.exactOptional().describe("As in a pod. @default - none of the site's"),
  priorityClassName: z
    .string()
    .regex(/^[a-z0-9]([-a-z0-9.]*[a-z0-9])?$/, "the name of a PriorityClass")
    .exactOptional()
    .describe("Class that exists in the cluster. @default - the cluster's default"),
});

export const schedulingSchema = z.strictObject({
  platform: placement.prefault({}).describe("Every pod of the platform, Airflow's workers included."),
  tasks: placement.prefault({}).describe("Pods that tasks of the projects run in. A DAG may set its own."),
});
