import { type ChildProcess, spawn } from "node:child_process";
import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { parse, stringify } from "yaml";
import { type KubernetesObject, nameOf } from "../../preview/objects.ts";
import { render } from "../../preview/render.ts";
import { type Checkpoint, pendingNames, withoutPending } from "../../scripts/state.ts";
import { type EngineProject, engineProject } from "../engine/project.ts";
import { chart, folder } from "../program-cases.ts";
import { allObjects } from "../program-objects.ts";
import { fields } from "../registrations.ts";
import { asConfig, namespace, projects } from "./configuration.ts";
import { missingImages, nodeImages } from "./node-images.ts";
import { chartValuesOf } from "./objects-platform.ts";
import type { Changes, Platform } from "./platform.ts";

/** The databases are there then, Airflow makes its tables or starts. */
const interruptedAfterMilliseconds = 40_000;

/** A throw-away stack with a file backend, deployed by the Pulumi CLI. */
export async function pulumiPlatform(cli: string, kubeconfig: string, configuration: Changes): Promise<Platform> {
  const project = await engineProject(cli, "Pulumi.minikube.yaml", (config) => {
    Object.assign(config, stackValues(kubeconfig, configuration));
  });
  const file = join(project.folder, `Pulumi.${project.stack}.yaml`);
  const held = await nodeImages(kubeconfig);
  const rendered = (changes: Changes = {}) =>
    render({ folder, stack: "minikube", config: asConfig({ ...configuration, ...changes }), chart });
  const leftOut = allObjects(await rendered()).filter((object) => missingImages(object, held).length > 0);
  const namesLeftOut = leftOut.map(nameOf);
  // By name: an upgrade gives to what runs an image that came later.
  const isLeftOut = (object: KubernetesObject) => namesLeftOut.includes(nameOf(object));
  // With its type: the component around it may have its name.
  const exclude = leftOut.flatMap(({ apiVersion, kind, metadata: { name } }) => [
    "--exclude",
    `**$kubernetes:${apiVersion}:${kind}::${name}`,
  ]);
  const options = ["--stack", project.stack, ...(exclude.length === 0 ? [] : [...exclude, "--exclude-dependents"])];
  const { config: unchanged, ...rest } = parse(await readFile(file, "utf8")) as Record<string, unknown>;
  const write = async (changes: Changes) => {
    const config = { ...fields(unchanged), ...stackValues(kubeconfig, { ...configuration, ...changes }) };
    await writeFile(file, stringify({ ...rest, config }));
  };
  return {
    kubeconfig,
    namespace,
    projects: projects.map(({ name }) => name),
    deployer: "the Pulumi CLI",
    hasChart: true,
    leftOut: namesLeftOut,
    apply: async (changes = {}) => {
      await write(changes);
      await up(project, options);
    },
    repair: async () => {
      await project.pulumi("up", "--yes", "--skip-preview", "--refresh", ...options);
    },
    interrupt: async () => {
      const up = spawn(cli, ["up", "--yes", "--skip-preview", "--non-interactive", ...options], {
        cwd: project.folder,
        env: project.env,
        stdio: "ignore",
      });
      await killedAfter(up, interruptedAfterMilliseconds);
      // A killed process cannot take its lock away.
      await project.pulumi("cancel", "--yes", "--stack", project.stack);
    },
    objects: async (changes = {}) => allObjects(await rendered(changes)).filter((object) => !isLeftOut(object)),
    chartValues: async (changes = {}) => chartValuesOf(await rendered(changes)),
    destroy: async () => {
      await project.pulumi("destroy", "--yes", "--skip-preview", "--stack", project.stack);
      await project.remove();
    },
  };
}

/** As scripts/update.ts does it: takes over what an interrupted update has made without writing it down. */
async function up({ folder, stack, env, pulumi }: EngineProject, options: string[]): Promise<void> {
  const checkpoint = async () => JSON.parse(await pulumi("stack", "export", "--stack", stack)) as Checkpoint;
  const isInterrupted = pendingNames(await checkpoint()).length > 0;
  if (isInterrupted) env.PULUMI_K8S_UPSERT_EXISTING_OBJECTS = "true";
  await pulumi("up", "--yes", "--skip-preview", ...options);
  if (!isInterrupted) return;
  delete env.PULUMI_K8S_UPSERT_EXISTING_OBJECTS;
  const file = join(folder, "checkpoint.json");
  await writeFile(file, JSON.stringify(withoutPending(await checkpoint())));
  await pulumi("stack", "import", "--stack", stack, "--file", file);
}

function stackValues(kubeconfig: string, values: Changes): Record<string, unknown> {
  const airflow = { ...fields(values.airflow ?? {}), ...(chart === undefined ? {} : { chart }) };
  const cluster = { ...fields(values.cluster ?? {}), kubeconfig };
  return Object.fromEntries(
    Object.entries({ ...values, airflow, cluster }).map(([key, value]) => [`mlops:${key}`, value]),
  );
}

async function killedAfter(child: ChildProcess, milliseconds: number): Promise<void> {
  const ended = new Promise((resolve) => child.on("close", resolve));
  await Promise.race([sleep(milliseconds), ended]);
  child.kill("SIGKILL");
  await ended;
}
