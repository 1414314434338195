import type * as pulumi from "@pulumi/pulumi";
import type { Config } from "../../config.ts";
import { keepsData } from "../../config/data-names.ts";
import { projectNamespace } from "../../config/project-namespace.ts";
import { dagsFolderOf } from "../airflow/dag-source.ts";
import { type Destination, destinationsOf } from "../network/egress.ts";
import type { DataStores } from "../data-stores.ts";
import { lookup } from "../../lib/lookup.ts";
import type { Mlflow } from "../mlflow/mlflow.ts";
import type { PlatformSign } from "../ownership/platform-sign.ts";
import { siteObjects } from "../site/site-objects.ts";
import { ProjectEntry } from "./project-entry.ts";
import { Project } from "./project.ts";

/** A project by its name, for what is made in its namespace: the value makes that wait for it. */
export interface ProjectNamespace {
  name: string;
  namespace: pulumi.Input<string>;
}

/** A project of the stack, whose pods run in its namespace. */
export interface DeployedProject extends ProjectNamespace {
  namespace: pulumi.Output<string>;
  /** The name of its namespace alone, for what need not wait for it. */
  namespaceName: string;
  /** What its pods may reach outside the platform. */
  egress: Destination[];
}

interface ProjectsArgs {
  /** The platform that owns the projects' namespaces. */
  sign: PlatformSign;
  stores: Pick<DataStores, "database" | "storage" | "ready">;
  mlflow: Pick<Mlflow, "trackingUri" | "users" | "ready">;
  /** Folder of the node with the projects' data. @default - data is in the object store */
  dataFolder: string | undefined;
}

/** Makes every project of the stack; of a removed one only its entry is left. */
export function createProjects(
  config: Pick<
    Config,
    | "airflow"
    | "projects"
    | "removedProjects"
    | "projectNamespacePrefix"
    | "secrets"
    | "labels"
    | "allowDataLoss"
    | "network"
    | "networkPolicies"
    | "createNamespaces"
  > &
    Parameters<typeof siteObjects>[0],
  { sign, stores, mlflow, dataFolder }: ProjectsArgs,
  opts: pulumi.ComponentResourceOptions,
): DeployedProject[] {
  const { projects, removedProjects, secrets, labels, allowDataLoss, network, networkPolicies } = config;
  const protect = keepsData(labels) && !allowDataLoss.includes("project-namespaces");
  const namespaceOf = (name: string) => projectNamespace(config.projectNamespacePrefix, name);
  for (const name of removedProjects) new ProjectEntry(name, { namespace: namespaceOf(name), protect: false }, opts);
  const inNamespace = siteObjects(config);
  const mlflowUser = lookup(mlflow.users, "MLflow user");
  return projects.map((project) => {
    const { name } = project;
    const egress = destinationsOf(project.egress, network.ipFamilies);
    const namespaceName = namespaceOf(name);
    new ProjectEntry(name, { namespace: namespaceName, protect }, opts);
    const args = {
      project,
      namespace: namespaceName,
      siteObjects: inNamespace,
      storage: stores.storage(name),
      database: project.database ? stores.database(name) : undefined,
      mlflow: { trackingUri: mlflow.trackingUri, ...mlflowUser(name) },
      accounts: [...stores.ready, ...mlflow.ready],
      secrets,
      sign,
      dataFolder,
      networkPolicies,
      createNamespace: config.createNamespaces,
      dagsFolder: dagsFolderOf(config.airflow.dags),
    };
    const { namespace } = new Project(name, args, opts);
    return { name, egress, namespace, namespaceName };
  });
}
