import { release } from "./names.ts";

/**
 * The annotation by which `helm.v4.Chart` creates an object after others of the chart.
 *
 * Source: https://www.pulumi.com/registry/packages/kubernetes/api-docs/helm/v4/chart/#resource-ordering
 */
export function after(namespace: string, ...objects: (keyof typeof paths)[]): Record<string, string> {
  const references = objects.map((object) => {
    const [group, kind, name] = paths[object];
    return `${group}/namespaces/${namespace}/${kind}/${name}`;
  });
  return { "config.kubernetes.io/depends-on": references.join(",") };
}

const paths = {
  migration: ["batch", "Job", `${release}-run-airflow-migrations`],
  createUser: ["batch", "Job", `${release}-create-user`],
  redis: ["apps", "StatefulSet", `${release}-redis`],
  apiServer: ["apps", "Deployment", `${release}-api-server`],
} as const;
