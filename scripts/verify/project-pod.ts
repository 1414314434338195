import { setTimeout as sleep } from "node:timers/promises";
import { imageUser } from "../../components/project/task-pod.ts";
import type { KubernetesObject } from "../../lib/kubernetes/objects.ts";
import { kubectl, type KubectlTarget } from "../../lib/kubernetes/kubectl.ts";
import { Failure } from "./check.ts";
import type { PlatformJson } from "../platform/platform-json.ts";

/** The API server ends it if this program cannot. */
const deadlineSeconds = 300;

/** What a pod adds to its project's template. */
interface ProjectPodArgs {
  project: string;
  name: string;
  /** The name of a folder in images/. */
  image: string;
  /** What starts it, as its label `app.kubernetes.io/component` says. */
  component: string;
  command?: string[];
  args?: string[];
  activeDeadlineSeconds?: number;
}

/** A pod of a project: that of its tasks, with the user of the images in images/. */
export function projectPod(platform: PlatformJson, args: ProjectPodArgs): KubernetesObject {
  const { project, name, image, component, activeDeadlineSeconds, ...command } = args;
  const template = platform.projects[project]?.pod;
  const reference = platform.images[image];
  if (template === undefined || reference === undefined)
    throw new Error(`platform.json lacks the project ${project} or the image ${image}`);
  const { metadata, spec } = template;
  const labels = {
    ...metadata.labels,
    "app.kubernetes.io/name": image,
    "app.kubernetes.io/component": component,
    "app.kubernetes.io/managed-by": component,
  };
  return {
    apiVersion: "v1",
    kind: "Pod",
    metadata: { ...metadata, name, labels },
    spec: {
      ...spec,
      activeDeadlineSeconds,
      securityContext: { ...spec.securityContext, runAsUser: imageUser, runAsGroup: imageUser },
      containers: spec.containers.map((container) => ({ ...container, image: reference, ...command })),
    },
  };
}

/** Runs a command of an image in a project and returns what it printed; the pod is removed whatever becomes of it. */
export async function runInProject(
  target: KubectlTarget,
  platform: PlatformJson,
  project: string,
  image: string,
  args: string[],
): Promise<string> {
  const name = `verify-${args[0] ?? image}-${Date.now()}`;
  const there = { ...target, namespace: platform.projects[project]?.namespace ?? project };
  const pod = projectPod(platform, {
    project,
    name,
    image,
    component: "verify",
    args,
    activeDeadlineSeconds: deadlineSeconds,
  });
  kubectl(there, ["create", "--filename", "-"], JSON.stringify(pod));
  try {
    for (let seconds = 0; seconds < deadlineSeconds; seconds++) {
      const phase = kubectl(there, ["get", "pod", name, "--output", "jsonpath={.status.phase}"]);
      if (phase === "Succeeded") return kubectl(there, ["logs", name]);
      if (phase === "Failed") throw new Failure(lastLine(kubectl(there, ["logs", name])), "follow its message");
      await sleep(1000);
    }
    throw new Failure(
      `a pod of ${image} in ${there.namespace} has not finished after ${deadlineSeconds} s`,
      `kubectl get events --namespace ${there.namespace}; make doctor`,
    );
  } finally {
    kubectl(there, ["delete", "pod", name, "--ignore-not-found", "--wait=false"]);
  }
}

function lastLine(text: string): string {
  return text.trim().split("\n").at(-1) ?? "";
}
