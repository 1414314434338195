import * as pulumi from "@pulumi/pulumi";
import type { Secrets } from "../../config.ts";
import type { DagSource } from "./dag-source.ts";
import { gitConnectionId, gitSshFolder, secrets as names } from "./names.ts";

type Contents = Record<string, Record<string, pulumi.Input<string>>>;

/** Any name does beside a token at GitHub and GitLab; other servers want the token's own. */
const defaultUser = "git";

/**
 * Secrets with which the DAG repository is read, by their names.
 *
 * @returns none unless the source is a repository that needs them
 */
export function gitSecrets(source: DagSource, secrets: Secrets): Contents {
  if (source.kind !== "git") return {};
  const user = secrets.has("git.username") ? secrets.get("git.username") : defaultUser;
  const isToken = source.authentication === "token";
  const isSsh = source.authentication === "sshKey";
  const login = isToken ? { login: user, password: secrets.get("git.token") } : {};
  return {
    ...(isToken && source.method === "gitSync"
      ? { [names.gitToken]: gitSyncLogin(user, secrets.get("git.token")) }
      : {}),
    ...(isSsh ? { [names.gitSsh]: sshFiles(secrets.get("git.sshPrivateKey"), secrets.get("git.knownHosts")) } : {}),
    ...(source.method === "bundle"
      ? {
          [names.gitConnection]: connection({
            host: source.repository,
            ...login,
            ...(isSsh ? { extra: sshOptions } : {}),
          }),
        }
      : {}),
  };
}

/** The chart asks for the names of git-sync 3 and 4 both. */
function gitSyncLogin(user: pulumi.Input<string>, token: pulumi.Input<string>): Contents[string] {
  return {
    GIT_SYNC_USERNAME: user,
    GIT_SYNC_PASSWORD: token,
    GITSYNC_USERNAME: user,
    GITSYNC_PASSWORD: token,
  };
}

/** ssh refuses a key without its last line break, which a shell likes to take away. */
function sshFiles(key: pulumi.Output<string>, knownHosts: pulumi.Output<string>): Contents[string] {
  return {
    ssh: key.apply((text) => `${text.trimEnd()}\n`),
    known_hosts: knownHosts.apply((text) => `${text.trimEnd()}\n`),
  };
}

const sshOptions = {
  key_file: `${gitSshFolder}/ssh`,
  known_hosts_file: `${gitSshFolder}/known_hosts`,
  strict_host_key_checking: "yes",
};

/** A connection as Airflow reads it from the environment. */
function connection(fields: Record<string, pulumi.Input<string> | Record<string, string>>): Contents[string] {
  const name = `AIRFLOW_CONN_${gitConnectionId.toUpperCase()}`;
  return { [name]: pulumi.output(fields).apply((values) => JSON.stringify({ conn_type: "git", ...values })) };
}
