import * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import type { StorageAccess } from "../cluster/cluster.ts";
import { labels } from "../objects/labels.ts";
import type { ProjectNamespace } from "../project/projects.ts";
import { type Executor, usesCelery, usesWorkerPods } from "./executor.ts";
import { release, serviceAccounts as names, taskAccount } from "./names.ts";

type Rule = k8s.types.input.rbac.v1.PolicyRule;

export interface AirflowAccountsArgs {
  namespace: string;
  executor: Executor;
  /** Whether the StatsD exporter runs. */
  hasMetrics: boolean;
  /** Annotations that give an account a cloud identity, by its name: for the accounts that read or write task logs. */
  annotations: StorageAccess["accountAnnotations"];
  /** Namespaces in which tasks create pods. */
  projects: ProjectNamespace[];
}

/**
 * Service accounts of Airflow and their rights, no ClusterRole among them.
 *
 * Only the scheduler makes pods in the platform's namespace, where a pod can mount the platform's secrets; tasks make
 * theirs in the projects' namespaces.
 */
export class AirflowAccounts extends pulumi.ComponentResource {
  constructor(name: string, args: AirflowAccountsArgs, opts?: pulumi.ComponentResourceOptions) {
    super("mlops:accounts:AirflowAccounts", name, {}, opts);
    const { namespace, executor } = args;
    const child = { parent: this };
    for (const account of accountsOf(args)) {
      const own = args.annotations[account];
      const annotations = own === undefined ? {} : { annotations: own };
      const metadata = { name: account, namespace, labels: labels(release, "service-account"), ...annotations };
      const automountServiceAccountToken = apiClients(executor).includes(account);
      new k8s.core.v1.ServiceAccount(account, { metadata, automountServiceAccountToken }, child);
    }
    const grant = (resourceName: string, role: string, target: pulumi.Input<string>, rules: Rule[], to: string[]) => {
      const metadata = { name: role, namespace: target, labels: labels(release, "role") };
      new k8s.rbac.v1.Role(resourceName, { metadata, rules }, child);
      const subjects = to.map((account) => ({ kind: "ServiceAccount", name: account, namespace }));
      const roleRef = { apiGroup: "rbac.authorization.k8s.io", kind: "Role", name: role };
      new k8s.rbac.v1.RoleBinding(resourceName, { metadata, roleRef, subjects }, child);
    };
    if (usesWorkerPods(executor)) {
      grant("airflow-executor", "airflow-executor", namespace, [managePods], [names.scheduler]);
      grant("airflow-log-reader", "airflow-log-reader", namespace, [findPods, readLogs], [names.apiServer]);
    }
    for (const project of args.projects) {
      const rules = [managePods, readLogs, readEvents];
      const to = [taskAccount(executor), names.triggerer];
      grant(`${project.name}-airflow-task-launcher`, "airflow-task-launcher", project.namespace, rules, to);
    }
    this.registerOutputs({});
  }
}

const managePods: Rule = {
  apiGroups: [""],
  resources: ["pods"],
  verbs: ["create", "delete", "get", "list", "patch", "watch"],
};
const findPods: Rule = { apiGroups: [""], resources: ["pods"], verbs: ["get", "list"] };
const readLogs: Rule = { apiGroups: [""], resources: ["pods/log"], verbs: ["get"] };
const readEvents: Rule = { apiGroups: [""], resources: ["events"], verbs: ["list", "watch"] };

function accountsOf({ executor, hasMetrics }: Pick<AirflowAccountsArgs, "executor" | "hasMetrics">): string[] {
  const { worker, redis, statsd, ...always } = names;
  return [
    ...Object.values(always),
    ...(hasMetrics ? [statsd] : []),
    ...(executor === "LocalExecutor" ? [] : [worker]),
    ...(usesCelery(executor) ? [redis] : []),
  ];
}

/** Components that use the Kubernetes API: to create pods, to wait for them (the triggerer), or to read their logs. */
function apiClients(executor: Executor): string[] {
  const forWorkerPods = usesWorkerPods(executor) ? [names.scheduler, names.apiServer] : [];
  return [taskAccount(executor), names.triggerer, ...forWorkerPods];
}
