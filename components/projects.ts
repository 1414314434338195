import type * as pulumi from "@pulumi/pulumi";
import type { Config } from "../config.ts";
import { projectNamespace } from "../config/project-namespace.ts";
import type { DataStores } from "./data-stores.ts";
import { entry } from "./entry.ts";
import type { Mlflow } from "./mlflow.ts";
import type { PlatformSign } from "./platform-sign.ts";
import { Project } from "./project.ts";

/** A project by its name, for what is made in its namespace: the value makes that wait for it. */
export interface ProjectNamespace {
  name: string;
  namespace: pulumi.Input<string>;
}

/** Where one project's pods run. */
export interface ProjectPlace extends ProjectNamespace {
  namespace: pulumi.Output<string>;
  /** The name of its namespace alone, for what need not wait for it. */
  namespaceName: string;
  /** Addresses outside the cluster that its pods may reach, in CIDR notation. */
  egress: string[];
}

export interface ProjectsArgs {
  /** The platform that owns the projects' namespaces. */
  sign: PlatformSign;
  stores: Pick<DataStores, "database" | "storage" | "ready">;
  mlflow: Pick<Mlflow, "trackingUri" | "users" | "ready">;
  /** Folder of the node with the projects' data. @default - data is in the object store */
  dataFolder: string | undefined;
  /** Folder of the node with the DAGs. @default - not mounted */
  dagsFolder: string | undefined;
}

/** Makes every project of the stack. */
export function createProjects(
  { projects, projectNamespacePrefix, secrets }: Pick<Config, "projects" | "projectNamespacePrefix" | "secrets">,
  { stores, mlflow, ...folders }: ProjectsArgs,
  opts: pulumi.ComponentResourceOptions,
): ProjectPlace[] {
  const mlflowUser = entry(mlflow.users, "MLflow user");
  return projects.map((project) => {
    const { name, egress } = project;
    const namespaceName = projectNamespace(projectNamespacePrefix, name);
    const args = {
      project,
      namespace: namespaceName,
      storage: stores.storage(name),
      database: project.database ? stores.database(name) : undefined,
      mlflow: { trackingUri: mlflow.trackingUri, ...mlflowUser(name) },
      accounts: [...stores.ready, ...mlflow.ready],
      secrets,
      ...folders,
    };
    const { namespace } = new Project(name, args, opts);
    return { name, egress, namespace, namespaceName };
  });
}
