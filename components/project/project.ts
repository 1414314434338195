import * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import type { Config, Secrets } from "../../config.ts";
import type { StorageAccess } from "../cluster/cluster.ts";
import type { DatabaseConnection } from "../postgres/databases.ts";
import { HostFolder, type HostFolderArgs } from "../objects/host-folder.ts";
import { labels } from "../objects/labels.ts";
import { RestrictedNamespace } from "../objects/namespace.ts";
import type { PlatformSign } from "../ownership/platform-sign.ts";
import { noSiteObjects, type SiteObjects } from "../site/site-objects.ts";

type ProjectConfig = Config["projects"][number];

export interface ProjectArgs {
  project: ProjectConfig;
  /** The platform that owns its namespace. */
  sign: PlatformSign;
  /** Whether the program restricts the namespace's connections. */
  networkPolicies: boolean;
  /** Whether its namespace is created; otherwise it exists. @default true */
  createNamespace?: boolean;
  /** What the site wants in its namespace. @default - nothing */
  siteObjects?: SiteObjects;
  /** Name of its namespace. */
  namespace: string;
  /** Its own prefix of the object store. */
  storage: StorageAccess;
  /** Its own database. @default - none: `database: false` */
  database: DatabaseConnection | undefined;
  /** The tracking server and the project's user there. */
  mlflow: { trackingUri: pulumi.Input<string>; username: string; password: pulumi.Output<string> };
  /** What makes the accounts behind the credentials. @default - they are there */
  accounts?: pulumi.Resource[];
  /** Values from the stack's secrets. */
  secrets: Secrets;
  /** Folder of the node that holds all projects' data, mounted at /data. @default - data is in the object store */
  dataFolder: string | undefined;
  /** Folder of the node with the DAGs, mounted read-only at /dags. @default - not mounted */
  dagsFolder: string | undefined;
}

/** A volume of every task pod of a project. */
export interface TaskVolume {
  name: string;
  claim?: string;
  configMap?: string;
  mountPath: string;
  readOnly: boolean;
}

/**
 * One team's or one pipeline's place on the platform: a namespace with its
 * service account, ConfigMap, Secret, quota, data prefix and database.
 *
 * The ConfigMap and the Secret carry the project's name and become the
 * environment of its task pods.
 */
export class Project extends pulumi.ComponentResource {
  readonly namespace: pulumi.Output<string>;

  constructor(name: string, args: ProjectArgs, opts?: pulumi.ComponentResourceOptions) {
    super("mlops:project:Project", name, {}, opts);
    const { project } = args;
    const { namespace: namespaceName, sign, networkPolicies, siteObjects = noSiteObjects } = args;
    const create = args.createNamespace ?? true;
    const settings = { namespace: namespaceName, create, sign, networkPolicies, siteObjects };
    const ofProject = { component: "project" as const, ...settings };
    const namespace = new RestrictedNamespace(name, ofProject, { parent: this });
    this.namespace = namespace.namespaceName;
    const metadata = { name, namespace: this.namespace, labels: labels(name, "project") };
    new k8s.core.v1.ServiceAccount(
      name,
      {
        metadata: { ...metadata, annotations: args.storage.accountAnnotations[name] ?? {} },
        automountServiceAccountToken: false,
      },
      { parent: this },
    );
    new k8s.core.v1.ConfigMap(name, { metadata, data: environment(args) }, { parent: this });
    // A pod that starts during a rotation must not get credentials that the servers do not accept yet.
    const afterAccounts = { parent: this, dependsOn: args.accounts ?? [] };
    new k8s.core.v1.Secret(name, { metadata, stringData: secretEnvironment(args) }, afterAccounts);
    new k8s.core.v1.ResourceQuota(name, { metadata, spec: { hard: quota(project) } }, { parent: this });
    if (args.database !== undefined) {
      new k8s.core.v1.ConfigMap(
        `${name}-postgres-ca`,
        { metadata: { ...metadata, name: "postgres-ca" }, data: { "ca.crt": args.database.caCertificate } },
        { parent: this },
      );
    }
    for (const folder of hostFolders(args)) {
      new HostFolder(`${name}-${folder.claim}`, { namespace: this.namespace, ...folder }, { parent: namespace });
    }
    this.registerOutputs({ namespace: this.namespace });
  }
}

/** What task pods of a project mount, derived from the same arguments as the objects. */
export function taskVolumes(args: {
  database: boolean;
  dataFolder: string | undefined;
  dagsFolder: string | undefined;
}): TaskVolume[] {
  return [
    ...(args.database
      ? [{ name: "postgres-ca", configMap: "postgres-ca", mountPath: "/etc/postgres-ca", readOnly: true }]
      : []),
    ...(args.dataFolder === undefined ? [] : [{ name: "data", claim: "data", mountPath: "/data", readOnly: false }]),
    ...(args.dagsFolder === undefined ? [] : [{ name: "dags", claim: "dags", mountPath: "/dags", readOnly: true }]),
  ];
}

/** Folders of the node; two platforms on one node share no project's data. */
function hostFolders({ namespace, dataFolder, dagsFolder }: ProjectArgs): Omit<HostFolderArgs, "namespace">[] {
  return [
    ...(dataFolder === undefined ? [] : [{ claim: "data", path: `${dataFolder}/${namespace}`, readOnly: false }]),
    ...(dagsFolder === undefined ? [] : [{ claim: "dags", path: dagsFolder, readOnly: true }]),
  ];
}

/** The plain environment of task pods: the user's entries win over the platform's. */
function environment({ project, storage, database, mlflow, dataFolder }: ProjectArgs) {
  return {
    DATA_URI: dataFolder === undefined ? storage.uri : "file:///data",
    ...storage.environment,
    MLFLOW_TRACKING_URI: mlflow.trackingUri,
    MLFLOW_TRACKING_USERNAME: mlflow.username,
    // Artifacts go through the server: the store's own name in a presigned URL is not one that every client reaches.
    MLFLOW_ENABLE_PROXY_MULTIPART_DOWNLOAD: "false",
    MLFLOW_ENABLE_PROXY_MULTIPART_UPLOAD: "false",
    ...(database === undefined
      ? {}
      : {
          PGHOST: database.host,
          PGPORT: String(database.port),
          PGDATABASE: database.database,
          PGSSLMODE: "verify-full",
          PGSSLROOTCERT: "/etc/postgres-ca/ca.crt",
        }),
    ...project.config,
  };
}

/** Users and passwords are in the same Secret, so that no pod starts with those of two generations. */
function secretEnvironment({ project, storage, database, mlflow, secrets }: ProjectArgs) {
  const own = secrets.projectKeys[project.name] ?? [];
  return {
    ...storage.secretEnvironment,
    MLFLOW_TRACKING_PASSWORD: mlflow.password,
    ...(database === undefined ? {} : { PGUSER: database.user, PGPASSWORD: database.password }),
    ...Object.fromEntries(own.map((key) => [key, secrets.project(project.name, key)])),
  };
}

function quota({ quota: { cpu, memory, pods } }: ProjectConfig): Record<string, string> {
  return { "requests.cpu": cpu, "requests.memory": memory, pods: String(pods), "services.loadbalancers": "0" };
}
