import { spawnSync } from "node:child_process";
import { cp, mkdir, writeFile } from "node:fs/promises";
import { basename, join } from "node:path";
import { at, isObject, listAt } from "../../lib/json.ts";
import { kubectl } from "../cluster.ts";
import { folder } from "../program/program-cases.ts";
import { environmentOf, type ReadEntry } from "./airflow-environment.ts";
import type { Platform } from "./platform.ts";

/** Writes the files that Airflow reads, and returns its environment. */
export async function environmentIn(
  platform: Platform,
  home: string,
  port: number,
  dagsHere: string | undefined,
): Promise<NodeJS.ProcessEnv> {
  const { kubeconfig, namespace } = platform;
  const read = readIn(kubeconfig, namespace);
  await mkdir(join(home, "platform"), { recursive: true });
  const dags = dagsHere ?? join(home, "dags");
  if (dagsHere === undefined) await cp(join(folder, "dags"), dags, { recursive: true });
  const platformJson: unknown = JSON.parse(read("configmap", "airflow-platform")["platform.json"] ?? "{}");
  const content = { ...(isObject(platformJson) ? platformJson : {}), inCluster: false };
  await writeFile(join(home, "platform", "platform.json"), JSON.stringify(content));
  const files = await mountedFiles(platform, home);
  await writeFile(join(home, "kubeconfig"), await workerKubeconfig(platform), { mode: 0o600 });
  const { stdout: resolvConf } = await kubectl(kubeconfig, [
    ...["exec", "deployment/mlflow", "--namespace", namespace, "--", "cat", "/etc/resolv.conf"],
  ]);
  await writeFile(join(home, "resolv.conf"), resolvConf);
  const url = `http://127.0.0.1:${port}`;
  const bundle = {
    name: "dags-folder",
    classpath: "airflow.dag_processing.bundles.local.LocalDagBundle",
    kwargs: { path: dags },
  };
  const given = environmentOf(await platform.chartValues(), read);
  const here = Object.entries(given).map(([name, value]) => [name, withLocalPaths(value, files)]);
  return {
    PATH: process.env.PATH,
    HOME: home,
    PYTHONPATH: dags,
    ...(Object.fromEntries(here) as Record<string, string>),
    AIRFLOW_HOME: home,
    KUBECONFIG: join(home, "kubeconfig"),
    AIRFLOW__CORE__EXECUTOR: "LocalExecutor",
    AIRFLOW__CORE__PARALLELISM: "8",
    // A local task ends with its scheduler; the next one looks for such tasks every five minutes unless told otherwise.
    AIRFLOW__SCHEDULER__ORPHANED_TASKS_CHECK_INTERVAL: "20",
    AIRFLOW__CORE__EXECUTION_API_SERVER_URL: `${url}/execution/`,
    AIRFLOW__API__BASE_URL: url,
    AIRFLOW__API__HOST: "127.0.0.1",
    AIRFLOW__API__PORT: String(port),
    AIRFLOW__API__WORKERS: "1",
    AIRFLOW__DAG_PROCESSOR__DAG_BUNDLE_CONFIG_LIST: JSON.stringify([bundle]),
    AIRFLOW__LOGGING__BASE_LOG_FOLDER: join(home, "logs"),
  };
}

/** Certificates that the program mounts into Airflow's pods: their paths there, and the ConfigMaps that hold them. */
const mounted = [
  { path: "/etc/postgres-ca/ca.crt", configMap: "airflow-postgres-ca" },
  { path: "/etc/ca-certificates-bundle/ca-certificates.crt", configMap: "ca-certificates" },
];

/** Writes what is mounted into pods, as far as the platform has it; returns the paths here by those there. */
async function mountedFiles({ kubeconfig, namespace }: Platform, home: string): Promise<Map<string, string>> {
  const files = new Map<string, string>();
  for (const { path, configMap } of mounted) {
    const args = ["get", "configmap", configMap, "--namespace", namespace, "--ignore-not-found", "--output", "json"];
    const { stdout } = await kubectl(kubeconfig, args);
    const content = stdout === "" ? undefined : at(JSON.parse(stdout), "data");
    if (!isObject(content)) continue;
    files.set(path, join(home, basename(path)));
    await writeFile(join(home, basename(path)), String(content[basename(path)]));
  }
  return files;
}

function withLocalPaths(value: string, files: Map<string, string>): string {
  return [...files].reduce((text, [there, here]) => text.replaceAll(there, here), value);
}

/** Reads whole Secrets and ConfigMaps of a namespace, decoded. */
export function readIn(kubeconfig: string, namespace: string): ReadEntry {
  return (kind, name) => {
    const args = ["get", kind, name, "--namespace", namespace, "--output", "json"];
    const { stdout, stderr, status } = spawnSync("kubectl", args, {
      env: { ...process.env, KUBECONFIG: kubeconfig },
      encoding: "utf8",
    });
    if (status !== 0) throw new Error(stderr);
    const { data = {} } = JSON.parse(stdout) as { data?: Record<string, string> };
    const decode = (value: string) => (kind === "secret" ? Buffer.from(value, "base64").toString("utf8") : value);
    return Object.fromEntries(Object.entries(data).map(([key, value]) => [key, decode(value)]));
  };
}

/** A kubeconfig with a token of the workers' service account: what tasks may do is what the program allows. */
async function workerKubeconfig({ kubeconfig, namespace }: Platform): Promise<string> {
  const { stdout: token } = await kubectl(kubeconfig, [
    ...["create", "token", "airflow-worker", "--namespace", namespace, "--duration", "4h"],
  ]);
  const { stdout } = await kubectl(kubeconfig, ["config", "view", "--minify", "--flatten", "--output", "json"]);
  const config: unknown = JSON.parse(stdout);
  const [cluster] = listAt(config, "clusters");
  return JSON.stringify({
    apiVersion: "v1",
    kind: "Config",
    clusters: [{ name: "cluster", cluster: isObject(cluster) ? cluster.cluster : {} }],
    users: [{ name: "airflow-worker", user: { token: token.trim() } }],
    contexts: [{ name: "airflow-worker", context: { cluster: "cluster", user: "airflow-worker", namespace } }],
    "current-context": "airflow-worker",
  });
}
