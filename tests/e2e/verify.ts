import { spawn } from "node:child_process";
import { join } from "node:path";
import type { Report } from "../../scripts/verify/report.ts";

const script = join(import.meta.dirname, "../../scripts/verify/verify.ts");

export interface VerifyArgs {
  kubeconfig: string;
  namespace: string;
  /** Parts that are left out, such as `grafana`. @default [] */
  without?: string[];
  /** Of an Airflow outside of the cluster, with its administrator's password. @default - the platform's own */
  airflow?: { url: string; password: string };
}

/** Runs `make verify` as a user would, its progress passing through; a check that fails is in the report. */
export async function verify({ kubeconfig, namespace, without = [], airflow }: VerifyArgs): Promise<Report> {
  const args = ["--json", "--namespace", namespace];
  if (without.length > 0) args.push("--without", without.join(","));
  if (airflow !== undefined) args.push("--airflow-url", airflow.url);
  const child = spawn(process.execPath, [script, ...args], {
    env: {
      ...process.env,
      KUBECONFIG: kubeconfig,
      ...(airflow === undefined ? {} : { AIRFLOW_ADMIN_PASSWORD: airflow.password }),
    },
    stdio: ["ignore", "pipe", "inherit"],
  });
  let output = "";
  child.stdout.setEncoding("utf8").on("data", (text: string) => (output += text));
  const status = await new Promise<number | null>((resolve) => child.on("close", resolve));
  if (status !== 0 && status !== 1) throw new Error(`verify ended with ${String(status)}: ${output}`);
  return JSON.parse(output) as Report;
}
