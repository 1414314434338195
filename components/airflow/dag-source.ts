import type { Config } from "../../config.ts";
import type { DagBundle, EnvVar, GitSyncValues, Volume, VolumeMount } from "./chart-values.ts";
import { airflowHome, gitConnectionId, gitSshFolder, secrets } from "./names.ts";
import { componentResources } from "./resources.ts";
import { gitSyncContainer } from "./security.ts";

export type DagSource = Config["airflow"]["dags"];
type GitSource = Extract<DagSource, { kind: "git" }>;

/** Folder of the node with the DAGs; undefined: they come from elsewhere. */
export function dagsFolderOf(dags: DagSource): string | undefined {
  return dags.kind === "hostPath" ? dags.path : undefined;
}

/** Settings of the pods that read DAGs from a source. */
export interface DagSourceValues {
  gitSync: GitSyncValues | { enabled: false };
  bundle: DagBundle;
  /** Time between two looks for new files. */
  refreshSeconds: number;
  /** Of every pod: the claim with the DAGs. */
  volumes: Volume[];
  volumeMounts: VolumeMount[];
  /** Of the pods that fetch the DAGs themselves: the SSH key. */
  fetcherVolumes: Volume[];
  fetcherVolumeMounts: VolumeMount[];
  /** Secrets whose keys become the environment of every container. */
  environmentSecrets: string[];
}

/** Without changes to wait for, new files come with a new image only: Airflow's own default. */
const imageRefreshSeconds = 300;

/** Airflow looks often for files that a developer edits in place. */
const hostPathRefreshSeconds = 30;

const localBundle: DagBundle = {
  name: "dags-folder",
  classpath: "airflow.dag_processing.bundles.local.LocalDagBundle",
  kwargs: {},
};

const none: DagSourceValues = {
  gitSync: { enabled: false },
  bundle: localBundle,
  refreshSeconds: imageRefreshSeconds,
  volumes: [],
  volumeMounts: [],
  fetcherVolumes: [],
  fetcherVolumeMounts: [],
  environmentSecrets: [],
};

/**
 * Chart values of a DAG source.
 *
 * @param claim of the folder on the node, for `hostPath`
 */
export function dagSourceValues(source: DagSource, claim: string | undefined): DagSourceValues {
  switch (source.kind) {
    case "image":
      return none;
    case "hostPath":
      return { ...none, ...hostPathValues(claim) };
    case "git":
      return { ...none, ...(source.method === "bundle" ? bundleValues(source) : gitSyncValues(source)) };
  }
}

/** The chart mounts a claim of its own only with write access, so that this one goes in as an ordinary volume. */
function hostPathValues(claim: string | undefined): Partial<DagSourceValues> {
  if (claim === undefined) throw new Error("a hostPath source needs the claim that mounts its folder");
  return {
    refreshSeconds: hostPathRefreshSeconds,
    volumes: [{ name: "dags", persistentVolumeClaim: { claimName: claim, readOnly: true } }],
    volumeMounts: [{ name: "dags", mountPath: `${airflowHome}/dags`, readOnly: true }],
  };
}

/** Folder of the SSH key: mounted by the containers that connect to the repository. */
const sshVolume: Volume = { name: "git-ssh", secret: { secretName: secrets.gitSsh, defaultMode: 0o440 } };
const sshMount: VolumeMount = { name: "git-ssh", mountPath: gitSshFolder, readOnly: true };

function gitSyncValues(source: GitSource): Partial<DagSourceValues> {
  const isSsh = source.authentication === "sshKey";
  return {
    refreshSeconds: source.refreshSeconds,
    fetcherVolumes: isSsh ? [sshVolume] : [],
    gitSync: {
      enabled: true,
      repo: source.repository,
      branch: source.branch,
      ref: source.branch,
      depth: 1,
      maxFailures: 5,
      subPath: source.path,
      period: `${source.refreshSeconds}s`,
      ...(source.authentication === "token" ? { credentialsSecret: secrets.gitToken } : {}),
      env: isSsh ? sshEnvironment : [],
      extraVolumeMounts: isSsh ? [sshMount] : [],
      securityContexts: { container: gitSyncContainer },
      resources: componentResources.gitSync,
      startupProbe: { enabled: true, timeoutSeconds: 5, failureThreshold: 60, periodSeconds: 5 },
      recommendedProbeSetting: true,
      livenessProbe: {
        enabled: true,
        initialDelaySeconds: 0,
        timeoutSeconds: 5,
        failureThreshold: 10,
        periodSeconds: 30,
      },
    },
  };
}

/** The chart itself takes known hosts as a plain value only, and turns the check off without one. */
const sshEnvironment: EnvVar[] = [
  { name: "GITSYNC_SSH_KEY_FILE", value: `${gitSshFolder}/ssh` },
  { name: "GITSYNC_SSH_KNOWN_HOSTS", value: "true" },
  { name: "GITSYNC_SSH_KNOWN_HOSTS_FILE", value: `${gitSshFolder}/known_hosts` },
];

function bundleValues(source: GitSource): Partial<DagSourceValues> {
  const isSsh = source.authentication === "sshKey";
  return {
    refreshSeconds: source.refreshSeconds,
    bundle: {
      name: "dags-repository",
      classpath: "airflow.providers.git.bundles.git.GitDagBundle",
      kwargs: {
        git_conn_id: gitConnectionId,
        repo_url: escaped(source.repository),
        tracking_ref: escaped(source.branch),
        subdir: escaped(source.path),
        refresh_interval: source.refreshSeconds,
      },
    },
    fetcherVolumes: isSsh ? [sshVolume] : [],
    fetcherVolumeMounts: isSsh ? [sshMount] : [],
    environmentSecrets: [secrets.gitConnection],
  };
}

/** airflow.cfg reads a percent sign as the beginning of a reference. */
function escaped(text: string): string {
  return text.replaceAll("%", "%%");
}
