import { secrets } from "../../../components/airflow/names.ts";
import type { Query, Check, Finding, Snapshot } from "../check.ts";
import type { Event, Pod } from "../../../lib/kubernetes/api.ts";
import { nameOf } from "../objects.ts";
import { containersOf, oneLine } from "../pods.ts";

/** Messages of git, ssh and the servers, and their meaning for the stack. */
const failures: [RegExp, string][] = [
  [
    /Host key verification failed|No \w+ host key is known/i,
    "git.knownHosts has no key for this host: run ssh-keyscan and compare the key",
  ],
  [
    /Permission denied \(publickey|Load key .* (invalid|error)/i,
    "git.sshPrivateKey is not the deploy key of the repository",
  ],
  [
    /Authentication failed|could not read (Username|Password)|HTTP Basic: Access denied|returned error: (401|403)/i,
    "the server rejects git.token or git.username: create a new token that may read the repository",
  ],
  [
    /Repository not found|not appear to be a git repository|returned error: 404/i,
    "airflow.dags.repository does not exist, or this identity may not see it",
  ],
  [/Remote branch \S+ not found|couldn't find remote ref/i, "airflow.dags.branch does not exist"],
];

const gitSecrets = new RegExp(`\\b(${secrets.gitToken}|${secrets.gitSsh}|${secrets.gitConnection})\\b`);
const sinceMinutes = 15;
const missing =
  "store the secrets.git.* that airflow.dags requires (scripts/pulumi config set --stack <stack> --secret --path …), then make up";

export const gitCredentials: Check = {
  id: "git-credentials",
  severity: "error",
  looksAt: "git-sync's and the DAG processor's logs of the last 15 minutes, and pods that wait for a git Secret",
  means: "The DAG repository cannot be read: the key, the token or the known hosts are missing or rejected.",
  remedy:
    "Store the secret again (`scripts/pulumi config set --stack <stack> --secret --path secrets.git.token`, `secrets.git.sshPrivateKey` or " +
    "`secrets.git.knownHosts`) and run `make up`.",
  threads: [
    "https://github.com/apache/airflow/issues/32981",
    "https://github.com/apache/airflow/issues/43458",
    "https://github.com/airflow-helm/charts/issues/229",
  ],
  kinds: ["pods", "events"],
  find: async (snapshot, query) => {
    const readers = snapshot.of("pods").flatMap((pod) => readersOf(pod).map((container) => ({ pod, container })));
    const fromLogs = await Promise.all(readers.map(({ pod, container }) => ofLog(pod, container, query)));
    return [...missingSecrets(snapshot), ...fromLogs.flat()];
  },
};

/** Whether a text of the kubelet is about what git needs. */
export function isAboutGit(text: string): boolean {
  return gitSecrets.test(text);
}

/** Containers that talk to the repository themselves: git-sync, or with GitDagBundle the DAG processor. */
function readersOf({ metadata, spec, status }: Pod): string[] {
  if (status.phase !== "Running" && status.phase !== "Pending") return [];
  const started = new Set(
    [...(status.initContainerStatuses ?? []), ...(status.containerStatuses ?? [])]
      .filter(({ state }) => state?.waiting === undefined || state.waiting.reason === "CrashLoopBackOff")
      .map(({ name }) => name),
  );
  const all = [...(spec.initContainers ?? []), ...spec.containers].map(({ name }) => name);
  const isProcessor = metadata.labels?.component === "dag-processor";
  return all.filter(
    (name) => started.has(name) && (name.startsWith("git-sync") || (isProcessor && name === "dag-processor")),
  );
}

async function ofLog({ metadata }: Pod, container: string, query: Query): Promise<Finding[]> {
  const { namespace = "", name } = metadata;
  const log = await query.logs({ namespace, of: `pod/${name}`, container, lines: 400, sinceMinutes });
  const failure = gitFailure(log ?? "");
  return failure === undefined ? [] : [{ where: `${nameOf("pods", metadata)}, container ${container}`, ...failure }];
}

/** The last failure of git in a log, and how to fix it. */
function gitFailure(log: string): { found: string; remedy: string } | undefined {
  const lines = log.split("\n").toReversed();
  for (const line of lines) {
    const [expression, meaning] = failures.find(([pattern]) => pattern.test(line)) ?? [];
    if (expression === undefined || meaning === undefined) continue;
    const start = line.search(expression);
    return { found: oneLine(line.slice(Math.max(0, start - 20))), remedy: `${meaning}; then make up` };
  }
  return undefined;
}

function missingSecrets({ of }: Snapshot): Finding[] {
  const waiting = containersOf(of("pods")).flatMap(({ status, where }) => {
    const { message = "" } = status.state?.waiting ?? {};
    return isAboutGit(message) ? [{ where, found: oneLine(message), remedy: missing }] : [];
  });
  const isUnmounted = ({ reason, message = "" }: Event) => reason === "FailedMount" && isAboutGit(message);
  const pending = new Set(
    of("pods")
      .filter(({ status }) => status.phase === "Pending")
      .map(({ metadata }) => `${metadata.namespace}/${metadata.name}`),
  );
  const mounts = of("events")
    .filter(
      (event) => isUnmounted(event) && pending.has(`${event.involvedObject.namespace}/${event.involvedObject.name}`),
    )
    .map(({ involvedObject: { namespace, name = "" }, message = "" }) => ({
      where: nameOf("pods", { namespace, name }),
      found: oneLine(message),
      remedy: missing,
    }));
  return [...waiting, ...mounts];
}
