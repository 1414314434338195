import type { Job } from "../../lib/kubernetes/api.ts";
import { kubectl, type KubectlTarget } from "../../lib/kubernetes/kubectl.ts";

/** Labels that the API server gives to the pods of one Job alone. */
const ofOneJob = /(^|\/)(controller-uid|job-name)$/;

/** Runs Jobs that are there once more, one after the other; every one of them may run at any time. */
export function rerunJobs(target: KubectlTarget, names: string[]): void {
  for (const name of names) {
    const text = kubectl(target, ["get", "job", name, "--ignore-not-found", "--output", "json"]);
    if (text === "") continue;
    console.error(`running job/${name} again`);
    kubectl(target, ["replace", "--force", "--filename", "-"], JSON.stringify(freshJob(JSON.parse(text) as Job)));
    kubectl(target, ["wait", "--for=condition=Complete", `job/${name}`, "--timeout=300s"]);
  }
}

/** The Job without what belongs to its first run. */
export function freshJob(job: Pick<Job, "metadata" | "spec">) {
  const { name, labels, annotations } = job.metadata;
  const { template } = job.spec;
  const own = Object.entries(template.metadata?.labels ?? {}).filter(([key]) => !ofOneJob.test(key));
  const metadata = { ...template.metadata, labels: Object.fromEntries(own) };
  const spec = { ...job.spec, template: { ...template, metadata } };
  delete spec.selector;
  return { apiVersion: "batch/v1", kind: "Job", metadata: { name, labels, annotations }, spec };
}
