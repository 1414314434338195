import { existsSync, readFileSync } from "node:fs";
import { homedir } from "node:os";
import { delimiter, join } from "node:path";
import { parse } from "yaml";

interface Kubeconfig {
  contexts?: { name: string; context: { cluster: string } }[];
  clusters?: { name: string; cluster: { server: string } }[];
}

/**
 * Host of a context's API server, e.g. `192.168.49.2`.
 *
 * @param path of the kubeconfig. @default - the files of $KUBECONFIG, else ~/.kube/config
 * @returns undefined where no file has the context, so that a preview needs no cluster
 */
export function apiServerHost(context: string, path?: string): string | undefined {
  const paths = path === undefined ? defaultPaths() : [path];
  for (const file of paths.filter((candidate) => existsSync(candidate))) {
    const { contexts = [], clusters = [] } = (parse(readFileSync(file, "utf8")) ?? {}) as Kubeconfig;
    const cluster = contexts.find(({ name }) => name === context)?.context.cluster;
    const server = clusters.find(({ name }) => name === cluster)?.cluster.server;
    if (server !== undefined) return new URL(server).hostname;
  }
  return undefined;
}

function defaultPaths(): string[] {
  const fromEnvironment = process.env.KUBECONFIG?.split(delimiter).filter((path) => path !== "") ?? [];
  return fromEnvironment.length > 0 ? fromEnvironment : [join(homedir(), ".kube", "config")];
}
