import { parseQuantity, formatBytes } from "../../../lib/quantity.ts";
import type { Check, Finding, Project } from "../check.ts";
import type { ResourceQuota } from "../../../lib/kubernetes/api.ts";
import { nameOf } from "../objects.ts";

export const quotaFull: Check = {
  id: "quota-full",
  severity: "warning",
  looksAt: "the quota of each project's namespace, and the default requests of a task pod",
  means: "A project's quota has no room for another task pod, so the next task is refused and fails.",
  remedy:
    "Raise `quota` of the project in the stack's configuration and run `make up`, or limit the DAG's parallel tasks.",
  threads: ["https://github.com/apache/airflow/issues/48024", "https://github.com/apache/airflow/issues/36348"],
  kinds: ["resourcequotas"],
  find: ({ of, projects }) =>
    projects.flatMap((project, index) =>
      of("resourcequotas")
        .filter(({ metadata }) => metadata.namespace === project.namespace)
        .flatMap((quota) => ofQuota(quota, project, index)),
    ),
};

function ofQuota({ metadata, status }: ResourceQuota, { requests }: Project, index: number): Finding[] {
  const { hard = {}, used = {} } = status;
  const one: Record<string, string> = {
    pods: "1",
    "requests.cpu": requests.cpu ?? "0",
    "requests.memory": requests.memory ?? "0",
  };
  const full = Object.entries(one).filter(([key, asked]) => {
    const [limit, taken, more] = [hard[key], used[key] ?? "0", asked].map(parseQuantity);
    return limit !== undefined && taken !== undefined && more !== undefined && taken + more > limit;
  });
  if (full.length === 0) return [];
  const show = (key: string, amount = "0") =>
    key.endsWith("memory") ? formatBytes(parseQuantity(amount) ?? 0) : amount;
  const found = full.map(
    ([key, asked]) =>
      `${key}: ${show(key, used[key])} of ${show(key, hard[key])} used, a task requests ${show(key, asked)}`,
  );
  const key = `projects[${index}].quota.${(full[0]?.[0] ?? "").replace("requests.", "")}`;
  return [
    {
      where: nameOf("resourcequotas", metadata),
      found: found.join("; "),
      remedy: `scripts/pulumi config set --stack <stack> --path '${key}' <more> && make up`,
    },
  ];
}
