import { readOptions } from "../../lib/command-line.ts";
import type { KubectlTarget } from "../../lib/kubernetes/kubectl.ts";

export interface Options {
  target: KubectlTarget;
  /** Its name, for what the user has to type. */
  stack: string;
  /** Of an Airflow outside of the cluster. @default - that of the platform's namespace */
  airflowUrl: string | undefined;
  /** Parts that this platform runs without, such as `grafana`. */
  without: string[];
  /** Names of checks. @default - all */
  only: string[] | undefined;
  /** Print the report as JSON. */
  json: boolean;
}

/** @throws CommandLineError for what it does not know */
export function parse(args: string[]): Options {
  const { namespace, context, stack, json, ...lists } = readOptions(args, {
    namespace: { type: "string", default: "mlops" },
    context: { type: "string" },
    stack: { type: "string", default: "minikube" },
    "airflow-url": { type: "string" },
    without: { type: "string" },
    only: { type: "string" },
    json: { type: "boolean", default: false },
  });
  return {
    target: { namespace, context },
    stack,
    airflowUrl: lists["airflow-url"]?.replace(/\/$/, ""),
    without: lists.without?.split(",") ?? [],
    only: lists.only?.split(","),
    json,
  };
}
