import assert from "node:assert/strict";
import { dagSourceValues } from "../../components/airflow/dag-source.ts";
import { dagSources } from "./cases.ts";

const localBundle = {
  name: "dags-folder",
  classpath: "airflow.dag_processing.bundles.local.LocalDagBundle",
  kwargs: {},
};
const nothing = {
  gitSync: { enabled: false },
  bundle: localBundle,
  refreshSeconds: 300,
  volumes: [],
  volumeMounts: [],
  fetcherVolumes: [],
  fetcherVolumeMounts: [],
  environmentSecrets: [],
};
const sshVolume = { name: "git-ssh", secret: { secretName: "airflow-git-ssh", defaultMode: 0o440 } };
const sshMount = { name: "git-ssh", mountPath: "/etc/git-ssh", readOnly: true };

describe("dagSourceValues", () => {
  it("asks for nothing when the DAGs are in the image", () => {
    assert.deepEqual(dagSourceValues(dagSources.image, undefined), nothing);
  });

  it("mounts a node's folder read-only, claim and mount both, and looks for new files often", () => {
    assert.deepEqual(dagSourceValues(dagSources.hostPath, "airflow-dags-0a1b2c3d"), {
      ...nothing,
      refreshSeconds: 30,
      volumes: [{ name: "dags", persistentVolumeClaim: { claimName: "airflow-dags-0a1b2c3d", readOnly: true } }],
      volumeMounts: [{ name: "dags", mountPath: "/opt/airflow/dags", readOnly: true }],
    });
  });

  it("refuses a node's folder without a claim", () => {
    assert.throws(() => dagSourceValues(dagSources.hostPath, undefined), /a hostPath source needs the claim/);
  });

  it("fetches one commit of the branch by git-sync, and Airflow looks as often as git-sync does", () => {
    const { gitSync, refreshSeconds, ...others } = dagSourceValues(dagSources.gitSync, undefined);
    assert.ok(gitSync.enabled);
    const { repo, branch, ref, depth, subPath, period, env, extraVolumeMounts, credentialsSecret } = gitSync;
    assert.deepEqual(
      { repo, branch, ref, depth, subPath, period, env, extraVolumeMounts, credentialsSecret, refreshSeconds },
      {
        repo: "https://git.example.org/team/dags.git",
        branch: "release",
        ref: "release",
        depth: 1,
        subPath: "pipelines",
        period: "90s",
        env: [],
        extraVolumeMounts: [],
        credentialsSecret: undefined,
        refreshSeconds: 90,
      },
    );
    assert.deepEqual({ ...others, gitSync: nothing.gitSync, refreshSeconds: nothing.refreshSeconds }, nothing);
  });

  it("gives git-sync a token by the name of its Secret", () => {
    const { gitSync } = dagSourceValues(dagSources.gitSyncToken, undefined);
    assert.ok(gitSync.enabled);
    assert.equal(gitSync.credentialsSecret, "airflow-git-token");
  });

  it("gives git-sync the SSH key and has it check the host", () => {
    const { gitSync, fetcherVolumes, fetcherVolumeMounts } = dagSourceValues(dagSources.gitSyncSsh, undefined);
    assert.ok(gitSync.enabled);
    assert.deepEqual(gitSync.env, [
      { name: "GITSYNC_SSH_KEY_FILE", value: "/etc/git-ssh/ssh" },
      { name: "GITSYNC_SSH_KNOWN_HOSTS", value: "true" },
      { name: "GITSYNC_SSH_KNOWN_HOSTS_FILE", value: "/etc/git-ssh/known_hosts" },
    ]);
    assert.deepEqual(gitSync.extraVolumeMounts, [sshMount]);
    assert.deepEqual(fetcherVolumes, [sshVolume]);
    assert.deepEqual(fetcherVolumeMounts, [], "Airflow's own containers need no key");
  });

  it("declares a Git bundle whose connection comes from a Secret", () => {
    assert.deepEqual(dagSourceValues(dagSources.bundleToken, undefined), {
      ...nothing,
      refreshSeconds: 90,
      bundle: {
        name: "dags-repository",
        classpath: "airflow.providers.git.bundles.git.GitDagBundle",
        kwargs: {
          git_conn_id: "git_dags",
          repo_url: "https://git.example.org/team/dags.git",
          tracking_ref: "release",
          subdir: "pipelines",
          refresh_interval: 90,
        },
      },
      environmentSecrets: ["airflow-git-connection"],
    });
  });

  it("mounts the SSH key where a Git bundle is fetched", () => {
    const { fetcherVolumes, fetcherVolumeMounts } = dagSourceValues(dagSources.bundleSsh, undefined);
    assert.deepEqual(fetcherVolumes, [sshVolume]);
    assert.deepEqual(fetcherVolumeMounts, [sshMount]);
  });

  it("writes percent signs of a bundle's address as airflow.cfg reads them", () => {
    const source = { ...dagSources.bundle, repository: "https://git.example.org/my%20team/dags.git" };
    const { bundle } = dagSourceValues(source, undefined);
    assert.equal(bundle.kwargs.repo_url, "https://git.example.org/my%%20team/dags.git");
  });
});
