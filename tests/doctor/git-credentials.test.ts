import assert from "node:assert/strict";
import { gitCredentials } from "../../scripts/doctor/checks/git-credentials.ts";
import { asking, found, object, recorded, recordedSnapshot } from "./recorded.ts";

/** Lines that git 2.39, OpenSSH 9.2 and git-sync 4 print, and what the doctor says to fix. */
const lines: [string, RegExp][] = [
  ["fatal: Authentication failed for 'http://127.0.0.1:8418/team/dags.git/'", /git\.token/],
  ["fatal: could not read Username for 'https://github.com': terminal prompts disabled", /git\.token/],
  ["git@github.com: Permission denied (publickey).", /git\.sshPrivateKey/],
  ['Load key "/etc/git-ssh/ssh": error in libcrypto', /git\.sshPrivateKey/],
  ["No ED25519 host key is known for git.example.org and you have requested strict checking.", /git\.knownHosts/],
  ["Host key verification failed.", /git\.knownHosts/],
  ["remote: Repository not found.", /airflow\.dags\.repository/],
  ["fatal: Remote branch main2 not found in upstream origin", /airflow\.dags\.branch/],
];

/** What the check finds in the log of a git-sync that runs. */
function failuresIn(log: string) {
  const status = { phase: "Running", containerStatuses: [{ name: "git-sync", state: { running: {} } }] };
  const pod = object("Pod", "dag-processor-0", { spec: { containers: [{ name: "git-sync" }] }, status });
  return gitCredentials.find(recordedSnapshot([pod]), asking({ logs: { "mlops/pod/dag-processor-0/git-sync": log } }));
}

describe("git-credentials", () => {
  for (const [line, remedy] of lines) {
    it(`knows "${line}"`, async () => {
      const [failure, ...more] = await failuresIn(`{"ts":"2026-11-21 14:00:00","msg":"syncing git"}\n${line}\n`);
      assert.deepEqual(more, []);
      assert.match(failure?.remedy ?? "", remedy);
      assert.ok(line.includes(failure?.found ?? "nothing"), failure?.found);
    });
  }

  it("finds nothing in a log of a git that works", async () => {
    const log = "Cloning into '/git/root'...\nFrom https://github.com/acme/dags\n";
    assert.deepEqual(await failuresIn(log), []);
  });

  it("finds a pod that waits for git's Secret, and one whose password is refused", async () => {
    const logs = { "mlops/pod/doctor-git/git-sync": "fatal: Authentication failed for 'http://127.0.0.1:8418/'\n" };
    assert.deepEqual(await found(gitCredentials, recorded("broken"), { logs }), [
      ["pod mlops/doctor-git-secret, container git-sync", 'secret "airflow-git-token" not found'],
      ["pod mlops/doctor-git, container git-sync", "fatal: Authentication failed for 'http://127.0.0.1:8418/'"],
    ]);
  });

  it("reads the DAG processor too, which fetches a GitDagBundle", async () => {
    const items = recorded("live");
    const pod = items.find((item) => JSON.stringify(item).includes('"name":"airflow-dag-processor-'));
    const { metadata } = pod as { metadata: { name: string } };
    const key = `mlops/pod/${metadata.name}/dag-processor`;
    const findings = await found(gitCredentials, items, { logs: { [key]: "Host key verification failed.\n" } });
    assert.deepEqual(findings, [
      [`pod mlops/${metadata.name}, container dag-processor`, "Host key verification failed."],
    ]);
  });
});
