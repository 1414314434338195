import { type ChildProcess, spawn } from "node:child_process";
import { readFile, writeFile } from "node:fs/promises";
import { join, resolve } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { parse, stringify } from "yaml";
import { listAt, textAt } from "../../lib/json.ts";
import { type KubernetesObject, nameOf } from "../../lib/kubernetes/objects.ts";
import { render } from "../../preview/render.ts";
import { kubectl } from "../cluster.ts";
import type { EngineProject } from "../engine/project.ts";
import { chart, folder } from "../program/program-cases.ts";
import { allObjects } from "../program/program-objects.ts";
import { fields } from "../program/registrations.ts";
import { chartStandIn } from "./chart-stand-in.ts";
import { asConfig, namespace as usualNamespace } from "./configuration.ts";
import { missingImages, nodeImages } from "./node-images.ts";
import { chartValuesOf } from "./objects-platform.ts";
import type { Changes, Platform } from "./platform.ts";

interface PulumiPlatformOptions {
  /** The program whose previews tell what is deployed, and its stack. @default - this checkout's, minikube */
  preview?: { folder: string; stack: string };
  /** Images that pods can have. @default - those that the cluster's nodes hold */
  images?: Set<string>;
}

/** A throw-away stack with a file backend, deployed by the Pulumi CLI as `make up` and `make destroy` run it. */
export async function pulumiPlatform(
  project: EngineProject,
  kubeconfig: string,
  configuration: Changes,
  { preview = { folder, stack: "minikube" }, images }: PulumiPlatformOptions = {},
): Promise<Platform> {
  const { stack } = project;
  const namespace = textAt(configuration, "namespace") ?? usualNamespace;
  const chartSource = chart === undefined ? await chartStandIn(project.folder, namespace) : resolve(chart);
  const held = images ?? (await nodeImages(kubeconfig));
  const rendered = (changes: Changes = {}) =>
    render({ ...preview, config: asConfig({ ...configuration, ...changes }), chart });
  const leftOut = allObjects(await rendered()).filter((object) => missingImages(object, held).length > 0);
  const namesLeftOut = leftOut.map(nameOf);
  // By name: an upgrade gives to what runs an image that came later.
  const isLeftOut = (object: KubernetesObject) => namesLeftOut.includes(nameOf(object));
  const options = ["--yes", "--skip-preview", ...exclusionOf(leftOut)];
  const write = await configurationFile(project, (changes) => {
    const values: Changes = { ...configuration, ...changes };
    const airflow = { ...fields(values.airflow ?? {}), chart: chartSource };
    return { ...values, airflow, cluster: { ...fields(values.cluster ?? {}), kubeconfig } };
  });
  return {
    kubeconfig,
    namespace,
    projects: listAt(configuration, "projects").flatMap((project) => textAt(project, "name") ?? []),
    deployer: "the Pulumi CLI",
    hasChart: chart !== undefined,
    leftOut: namesLeftOut,
    apply: async (changes = {}) => {
      await write(changes);
      await project.script("up", stack, ...options);
    },
    repair: async () => {
      await project.script("pulumi", "up", "--stack", stack, "--refresh", ...options);
    },
    interrupt: async () => {
      await write({});
      const up = spawn(project.cli, ["up", "--stack", stack, "--non-interactive", ...options], {
        cwd: project.folder,
        env: project.env,
        stdio: "ignore",
      });
      await killedHalfway(up, kubeconfig, namespace);
      // A killed process cannot take its lock away.
      await project.script("pulumi", "cancel", "--yes", "--stack", stack);
    },
    objects: async (changes = {}) => allObjects(await rendered(changes)).filter((object) => !isLeftOut(object)),
    chartValues: async (changes = {}) => chartValuesOf(await rendered(changes)),
    destroyKeepingData: async () => {
      await project.make("destroy", `STACK=${stack}`, "KEEP_DATA=1", "YES=1");
    },
    checkpoint: () => project.script("pulumi", "stack", "export", "--stack", stack),
    destroy: async () => {
      await project.make("destroy", `STACK=${stack}`, "YES=1");
      await project.remove();
    },
  };
}

/** With its type: the component around an object may have its name. */
function exclusionOf(leftOut: KubernetesObject[]): string[] {
  const exclude = leftOut.flatMap(({ apiVersion, kind, metadata: { name } }) => [
    "--exclude",
    `**$kubernetes:${apiVersion}:${kind}::${name}`,
  ]);
  return exclude.length === 0 ? [] : [...exclude, "--exclude-dependents"];
}

/** Writes the stack's file: what the project's own says, and the values of changes before it. */
async function configurationFile(
  { folder, stack }: EngineProject,
  valuesOf: (changes: Changes) => Changes,
): Promise<(changes: Changes) => Promise<void>> {
  const file = join(folder, `Pulumi.${stack}.yaml`);
  const { config: unchanged, ...rest } = parse(await readFile(file, "utf8")) as Record<string, unknown>;
  return async (changes) => {
    const values = Object.entries(valuesOf(changes)).map(([key, value]) => [`mlops:${key}`, value]);
    const config = { ...fields(unchanged), ...(Object.fromEntries(values) as Record<string, unknown>) };
    await writeFile(file, stringify({ ...rest, config }));
  };
}

/** Kills an update once the databases are being made: some of the platform is there, some under way, some not begun. */
async function killedHalfway(update: ChildProcess, kubeconfig: string, namespace: string): Promise<void> {
  const ended = new Promise((resolve) => update.on("close", resolve));
  try {
    for (let attempt = 0; attempt < 300 && update.exitCode === null; attempt++) {
      const job = ["get", "job", "databases", "--namespace", namespace, "--ignore-not-found", "--output", "name"];
      if ((await kubectl(kubeconfig, job)).stdout !== "") return;
      await sleep(1000);
    }
    throw new Error(`the databases' Job was not begun; the update's exit code: ${String(update.exitCode)}`);
  } finally {
    update.kill("SIGKILL");
    await ended;
  }
}
