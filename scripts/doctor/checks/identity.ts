import type { CloudStorage } from "../../../components/cluster/kind.ts";
import { clouds } from "../../../components/cluster/kinds.ts";
import { configMaps, secrets, serviceAccounts } from "../../../components/airflow/names.ts";
import type { Check, Finding, Snapshot } from "../check.ts";
import type { ConfigMap } from "../../../lib/kubernetes/api.ts";
import { nameOf } from "../objects.ts";
import { merge } from "../pods.ts";

const stores = clouds.map(({ objectStorage }) => objectStorage);

/** A client of a bucket: its address, its plain and secret environment, its service accounts. */
interface Client {
  namespace: string;
  uri: string;
  environment: Record<string, string>;
  /** Secret that would hold static keys. */
  secret: string;
  accounts: string[];
}

export const identityMissing: Check = {
  id: "identity-missing",
  severity: "error",
  looksAt:
    "clients of a cloud's bucket without static keys, the annotations of their service accounts, and the accounts of " +
    "the projects' pods",
  means:
    "A pod uses a cloud's bucket without an identity: its service account lacks the annotation, or the pod does not run " +
    "as its project's service account.",
  remedy:
    "`make up` writes the annotations of every account. A DAG with its own KubernetesPodOperator must set " +
    "`service_account_name` to the project's (`pod_task` does).",
  threads: ["https://github.com/apache/airflow/issues/20408", "https://github.com/astronomer/airflow-chart/issues/76"],
  kinds: ["configmaps", "secrets", "serviceaccounts", "pods"],
  find: (snapshot) => {
    const clients = clientsOf(snapshot).filter((client) => needsIdentity(client, snapshot));
    return merge([...clients.flatMap((client) => ofAccounts(client, snapshot)), ...ofPods(clients, snapshot)]);
  },
};

/** Every ConfigMap of the platform that names a bucket: task logs, backups, projects. */
function clientsOf(snapshot: Snapshot): Client[] {
  return snapshot.of("configmaps").flatMap(({ metadata, data = {} }: ConfigMap) => {
    const { namespace = "", name } = metadata;
    const client = { namespace, environment: data };
    if (namespace === snapshot.platform && name === configMaps.logStorage) {
      const uri = data.AIRFLOW__LOGGING__REMOTE_BASE_LOG_FOLDER ?? "";
      return [{ ...client, uri, secret: secrets.logStorage, accounts: logAccounts(snapshot) }];
    }
    const uri = data.BACKUP_URI ?? data.DATA_URI;
    // A project's ConfigMap, Secret and service account have its name, and so have the backup's.
    return uri === undefined ? [] : [{ ...client, uri, secret: name, accounts: [name] }];
  });
}

function logAccounts({ of, platform }: Snapshot): string[] {
  const there = of("serviceaccounts").filter(({ metadata }) => metadata.namespace === platform);
  const hasWorkers = there.some(({ metadata }) => metadata.name === serviceAccounts.worker);
  const { worker, scheduler, apiServer, triggerer } = serviceAccounts;
  return [hasWorkers ? worker : scheduler, apiServer, triggerer];
}

/** A bucket of a cloud: a custom endpoint or keys in the environment mean another store. */
function needsIdentity({ namespace, uri, environment, secret }: Client, { of }: Snapshot): boolean {
  if (storeOf(uri) === undefined || environment.AWS_ENDPOINT_URL_S3 !== undefined) return false;
  const held = of("secrets").find(({ metadata }) => metadata.namespace === namespace && metadata.name === secret);
  return held?.data?.AWS_ACCESS_KEY_ID === undefined;
}

/** The cloud's store that an address is in. */
function storeOf(uri: string): CloudStorage | undefined {
  return stores.find(({ scheme }) => uri.startsWith(scheme));
}

function ofAccounts({ namespace, uri, accounts }: Client, { of }: Snapshot): Finding[] {
  const annotation = storeOf(uri)?.accountAnnotation ?? "";
  return accounts.flatMap((name) => {
    const account = of("serviceaccounts").find(
      ({ metadata }) => metadata.namespace === namespace && metadata.name === name,
    );
    if (account?.metadata.annotations?.[annotation] !== undefined) return [];
    const what = account === undefined ? "does not exist" : `has no ${annotation}`;
    const where = nameOf("serviceaccounts", { namespace, name });
    return [{ where, found: `it ${what}, but accesses ${uri} without keys`, remedy: "make up" }];
  });
}

/** Pods whose service account has no identity. */
function ofPods(clients: readonly Client[], snapshot: Snapshot): Finding[] {
  const projects = clients.filter(({ namespace }) => namespace !== snapshot.platform);
  return snapshot.of("pods").flatMap(({ metadata, spec, status }) => {
    const own = projects.filter(({ namespace }) => namespace === metadata.namespace);
    const account = spec.serviceAccountName ?? "default";
    const isOver = status.phase === "Succeeded" || status.phase === "Failed";
    if (own.length === 0 || isOver || own.some(({ accounts }) => accounts.includes(account))) return [];
    const expected = own.flatMap(({ accounts }) => accounts).join(" or ");
    const found = `it runs as service account ${account}, but the identity belongs to ${expected}`;
    return [
      { where: nameOf("pods", metadata), found, remedy: `service_account_name="${expected}" in the DAG, or pod_task` },
    ];
  });
}
