import { execFile } from "node:child_process";
import { promisify } from "node:util";

const run = promisify(execFile);

/**
 * The cluster that the user gave to the tests; never the one that a kubeconfig happens to name.
 *
 * @returns a sentence instead where there is none
 */
export async function testCluster(): Promise<{ kubeconfig: string } | string> {
  const kubeconfig = process.env.TEST_KUBECONFIG;
  if (kubeconfig === undefined || kubeconfig === "") return "TEST_KUBECONFIG names no cluster for the tests";
  try {
    await kubectl(kubeconfig, ["get", "--raw", "/readyz"]);
    return { kubeconfig };
  } catch (error) {
    const reason = error instanceof Error && "stderr" in error ? String(error.stderr).trim() : String(error);
    return `the cluster of TEST_KUBECONFIG does not answer: ${reason.split("\n")[0]}`;
  }
}

export interface KubectlResult {
  stdout: string;
  stderr: string;
}

/** Runs kubectl against a cluster of the tests, the input going to its stdin. */
export async function kubectl(kubeconfig: string, args: string[], input?: string): Promise<KubectlResult> {
  const command = run("kubectl", args, {
    env: { ...process.env, KUBECONFIG: kubeconfig },
    maxBuffer: 64 * 2 ** 20,
  });
  command.child.stdin?.end(input ?? "");
  return command;
}
