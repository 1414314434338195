import { spawn, spawnSync } from "node:child_process";

/** Where kubectl works. */
export interface Place {
  namespace: string;
  /** Of the kubeconfig. @default - the current one */
  context: string | undefined;
  /** Path. @default - what KUBECONFIG names, or ~/.kube/config */
  kubeconfig?: string;
}

/** Runs kubectl and returns what it prints; throws with its own words. */
export function kubectl(place: Place, args: string[], input = ""): string {
  const { status, stdout, stderr, error } = spawnSync("kubectl", [...placeOptions(place), ...args], {
    input,
    encoding: "utf8",
    maxBuffer: 64 * 2 ** 20,
  });
  if (error !== undefined) throw new Error(`kubectl cannot be run: ${error.message}`);
  if (status !== 0) throw new Error(stderr.trim() || `kubectl ${args[0] ?? ""} ended with ${String(status)}`);
  return stdout;
}

/** Runs kubectl with its output shown as it comes. */
export function follow(place: Place, args: string[]): Promise<void> {
  return new Promise((resolve) => {
    const process = spawn("kubectl", [...placeOptions(place), ...args], { stdio: ["ignore", "inherit", "inherit"] });
    process.on("error", () => {
      resolve();
    });
    process.on("close", () => {
      resolve();
    });
  });
}

/** What tells kubectl where to work. */
export function placeOptions({ namespace, context, kubeconfig }: Place): string[] {
  return [
    ...["--namespace", namespace],
    ...(context === undefined ? [] : ["--context", context]),
    ...(kubeconfig === undefined ? [] : ["--kubeconfig", kubeconfig]),
  ];
}
