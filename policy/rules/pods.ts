import { at, isObject, listAt } from "../../lib/json.ts";
import { type Container, containersOf, type Pods, podsOf } from "../pods.ts";
import type { Rule } from "../rule.ts";
import { kubernetesObject, textsAt } from "../../lib/resource.ts";

const volumeKinds = [
  "configMap",
  "csi",
  "downwardAPI",
  "emptyDir",
  "ephemeral",
  "persistentVolumeClaim",
  "projected",
  "secret",
];

const enforceLabel = "pod-security.kubernetes.io/enforce";

/** Source: https://kubernetes.io/docs/concepts/security/pod-security-standards/#restricted */
export const restrictedPodSecurity: Rule = {
  id: "pod-security-restricted",
  severity: "high",
  enforcement: "mandatory",
  description: "Every pod meets the Pod Security level `restricted`, and every namespace enforces it.",
  remediation: "Use components/objects/restricted.ts for the pod and its containers, and label the namespace.",
  evaluate: (resource) => {
    const object = kubernetesObject(resource);
    const isOpen = object?.kind === "Namespace" && textsAt(object, "metadata.labels")[enforceLabel] !== "restricted";
    return [...(isOpen ? [`has no label ${enforceLabel}: restricted`] : []), ...podsOf(resource).flatMap(podProblems)];
  },
};

function podProblems(pods: Pods): string[] {
  const { spec } = pods;
  const host = ["hostNetwork", "hostPID", "hostIPC"].filter((key) => spec[key] === true);
  const volumes = listAt(spec, "volumes")
    .flatMap((volume) => (isObject(volume) ? Object.keys(volume) : []))
    .filter((key) => key !== "name" && !volumeKinds.includes(key));
  const ofPod = [...host, ...volumes].map((key) => `its pod has ${key}`);
  return [...ofPod, ...containersOf(pods).flatMap((container) => containerProblems(container, spec.securityContext))];
}

function containerProblems({ name, value }: Container, podContext: unknown): string[] {
  const own = value.securityContext;
  const effective = (key: string) => at(own, key) ?? at(podContext, key);
  const demands: [boolean, string][] = [
    [at(own, "allowPrivilegeEscalation") === false, "allowPrivilegeEscalation false"],
    [at(own, "privileged") !== true, "privileged unset"],
    [listAt(own, "capabilities.drop").includes("ALL"), "all capabilities dropped"],
    [listAt(own, "capabilities.add").every((capability) => capability === "NET_BIND_SERVICE"), "no capability added"],
    [effective("runAsNonRoot") === true, "runAsNonRoot"],
    [effective("runAsUser") !== 0, "a non-root user"],
    [["RuntimeDefault", "Localhost"].includes(String(at(effective("seccompProfile"), "type"))), "a seccomp profile"],
    [listAt(value, "ports").every((port) => at(port, "hostPort") === undefined), "ports without a hostPort"],
  ];
  return demands.filter(([holds]) => !holds).map(([, demand]) => `container ${name} lacks ${demand}`);
}

const amounts = ["requests.cpu", "requests.memory", "limits.cpu", "limits.memory"];

export const requestsAndLimits: Rule = {
  id: "requests-and-limits",
  severity: "medium",
  enforcement: "mandatory",
  description: "Every container has requests and limits of CPU and memory.",
  remediation: "Set resources.requests and resources.limits of the container.",
  evaluate: (resource) =>
    podsOf(resource).flatMap((pods) =>
      containersOf(pods).flatMap(({ name, value }) =>
        amounts
          .filter((path) => at(value, `resources.${path}`) === undefined)
          .map((path) => `container ${name} has no ${path}`),
      ),
    ),
};
