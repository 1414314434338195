import assert from "node:assert/strict";
import * as pulumi from "@pulumi/pulumi";
import type { DagSource } from "../../components/airflow/dag-source.ts";
import { gitSecrets } from "../../components/airflow/git-credentials.ts";
import type { Secrets } from "../../config.ts";
import { fields } from "../program/registrations.ts";
import { type DagSourceName, dagSources, gitCredentials } from "./cases.ts";
import { at } from "../../lib/json.ts";

type SecretPath = Parameters<Secrets["get"]>[0];

const stored: Partial<Record<SecretPath, string>> = {
  "git.token": gitCredentials.token,
  "git.username": gitCredentials.username,
  "git.sshPrivateKey": gitCredentials.sshPrivateKey,
  "git.knownHosts": gitCredentials.knownHosts,
};

function secretsWithout(missing?: SecretPath): Secrets {
  const value = (path: SecretPath) => (path === missing ? undefined : stored[path]);
  return {
    projectKeys: {},
    has: (path) => value(path) !== undefined,
    get: (path) => pulumi.secret(value(path) ?? assert.fail(`${path} is asked for`)),
    airflow: { environment: {}, connections: {}, fingerprint: undefined },
    project: () => assert.fail("a project's secret is asked for"),
    proxyFingerprint: undefined,
    alertReceiver: undefined,
    registries: {},
    login: () => assert.fail("a login of a database is asked for"),
    s3: () => assert.fail("keys of an S3 are asked for"),
  };
}

function contents(source: DagSource, missing?: SecretPath): Promise<unknown> {
  return new Promise((resolve) => pulumi.output(gitSecrets(source, secretsWithout(missing))).apply(resolve));
}

const ssh = {
  ssh: "-----BEGIN OPENSSH PRIVATE KEY-----\nsentinel\n-----END OPENSSH PRIVATE KEY-----\n",
  known_hosts: "git.example.org ssh-ed25519 AAAA\n",
};

describe("gitSecrets", () => {
  const none: DagSourceName[] = ["image", "hostPath", "gitSync"];
  for (const name of none) {
    it(`makes none for ${name}`, async () => {
      assert.deepEqual(await contents(dagSources[name]), {});
    });
  }

  it("writes a token under the names of git-sync 3 and 4", async () => {
    const { token, username } = gitCredentials;
    assert.deepEqual(await contents(dagSources.gitSyncToken), {
      "airflow-git-token": {
        GIT_SYNC_USERNAME: username,
        GIT_SYNC_PASSWORD: token,
        GITSYNC_USERNAME: username,
        GITSYNC_PASSWORD: token,
      },
    });
  });

  it("logs in as git where the token needs no name", async () => {
    const made = await contents(dagSources.bundleToken, "git.username");
    assert.deepEqual(connectionIn(made), {
      conn_type: "git",
      host: "https://git.example.org/team/dags.git",
      login: "git",
      password: gitCredentials.token,
    });
  });

  it("ends the SSH key and the known hosts with a line break, whatever the shell took away", async () => {
    assert.deepEqual(await contents(dagSources.gitSyncSsh), { "airflow-git-ssh": ssh });
  });

  it("gives a Git bundle a connection without a login for a public repository", async () => {
    const made = await contents(dagSources.bundle, "git.token");
    assert.deepEqual(connectionIn(made), { conn_type: "git", host: "https://git.example.org/team/dags.git" });
  });

  it("gives a Git bundle the SSH key as a file and has it refuse an unknown host", async () => {
    const made = await contents(dagSources.bundleSsh);
    assert.deepEqual(connectionIn(made), {
      conn_type: "git",
      host: "git@git.example.org:team/dags.git",
      extra: {
        key_file: "/etc/git-ssh/ssh",
        known_hosts_file: "/etc/git-ssh/known_hosts",
        strict_host_key_checking: "yes",
      },
    });
    assert.deepEqual(at(made, "airflow-git-ssh"), ssh);
  });
});

function connectionIn(made: unknown): unknown {
  const { AIRFLOW_CONN_GIT_DAGS: text } = fields(at(made, "airflow-git-connection"));
  assert.ok(typeof text === "string");
  return JSON.parse(text);
}
