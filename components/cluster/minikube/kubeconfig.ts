import { existsSync, readFileSync } from "node:fs";
import { homedir } from "node:os";
import { delimiter, join } from "node:path";
import { parse } from "yaml";
import { listAt, textAt } from "../../../lib/json.ts";

/**
 * Host of a context's API server, e.g. `192.168.49.2`.
 *
 * @param path of the kubeconfig. @default - the files of $KUBECONFIG, else ~/.kube/config
 * @returns undefined where no file has the context, so that a preview needs no cluster
 */
export function apiServerHost(context: string, path?: string): string | undefined {
  const paths = path === undefined ? defaultPaths() : [path];
  for (const file of paths.filter((candidate) => existsSync(candidate))) {
    // What kubectl writes into an empty one: `contexts: null`.
    const kubeconfig: unknown = parse(readFileSync(file, "utf8"));
    const entry = (list: string, name: string | undefined) =>
      listAt(kubeconfig, list).find((one) => name !== undefined && textAt(one, "name") === name);
    const cluster = textAt(entry("contexts", context), "context.cluster");
    const server = textAt(entry("clusters", cluster), "cluster.server") ?? "";
    if (URL.canParse(server)) return new URL(server).hostname;
  }
  return undefined;
}

function defaultPaths(): string[] {
  const fromEnvironment = process.env.KUBECONFIG?.split(delimiter).filter((path) => path !== "") ?? [];
  return fromEnvironment.length > 0 ? fromEnvironment : [join(homedir(), ".kube", "config")];
}
