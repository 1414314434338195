import assert from "node:assert/strict";
import type { KubernetesObject } from "../../lib/kubernetes/objects.ts";
import type { KubectlTarget } from "../../lib/kubernetes/kubectl.ts";
import { type PlatformJson, readPlatformJson } from "../../scripts/platform/platform-json.ts";
import { projectPod } from "../../scripts/verify/project-pod.ts";

/** What a pod of the tests runs, and for which project. */
export interface ScriptPod {
  project: string;
  name: string;
  /** Python, which prints what it finds; images/provision has the clients of Postgres and of S3. */
  script: string;
  /** The Secret with its credentials. @default - the project's own */
  secret?: string | undefined;
}

/** A pod like those of a project's tasks on the platform that is deployed in the target. */
export function scriptPod(target: KubectlTarget, { project, name, script, secret }: ScriptPod): KubernetesObject {
  const platform = readPlatformJson(target);
  const command = ["python3", "-c", script];
  const given = secret === undefined ? platform : withSecret(platform, project, secret);
  return projectPod(given, { project, name, image: "provision", component: "e2e", command });
}

/** The platform whose project has another Secret as its pods' environment. */
function withSecret({ projects, ...platform }: PlatformJson, project: string, name: string): PlatformJson {
  const { pod, ...target } = projects[project] ?? assert.fail(`the platform has no project ${project}`);
  const containers = pod.spec.containers.map((container) => ({
    ...container,
    envFrom: container.envFrom.map((source) => (source.secretRef === undefined ? source : { secretRef: { name } })),
  }));
  const changed = { ...target, pod: { ...pod, spec: { ...pod.spec, containers } } };
  return { ...platform, projects: { ...projects, [project]: changed } };
}
