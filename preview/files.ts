import { isCloudResource } from "../components/cluster/kinds.ts";
import { fileNameOf, toYaml } from "../lib/kubernetes/objects.ts";
import type { Registration } from "../lib/recording.ts";
import type { Chart, Rendering } from "./render.ts";
import type { Report } from "./report/report.ts";
import { mask } from "./report/mask.ts";
import { chartWavesOf, wavesOf } from "./recorder/waves.ts";

/** A preview's files, by path below its folder. */
export interface PreviewFiles {
  plain: Map<string, string>;
  /** Objects with real secrets; empty where secrets are placeholders. */
  secret: Map<string, string>;
}

/**
 * What `--out` writes: objects as YAML, cloud resources and the report as JSON.
 *
 * @param generated whether the secrets in the rendering are real
 */
export function filesOf(rendering: Rendering, report: Report, generated: boolean): PreviewFiles {
  const waves = wavesOf(rendering.resources);
  const plain = new Map<string, string>();
  const secret = new Map<string, string>();
  for (const { resource, object } of rendering.objects) {
    const path = `${twoDigits(waves.get(resource.urn))}-${fileNameOf(object)}`;
    if (generated && resource.secretPaths.length > 0) add(secret, path, toYaml(object));
    else add(plain, `kubernetes/${path}`, toYaml(object));
  }
  for (const chart of rendering.charts) {
    const target = generated && chart.release.hasSecrets ? secret : plain;
    chartFiles(chart, waves).forEach(({ path, value }) => add(target, path, toYaml(value)));
  }
  for (const resource of rendering.resources.filter(isCloudResource)) {
    add(plain, `cloud/${cloudFileName(resource)}`, toJson(cloudResource(resource)));
  }
  plain.set("outputs.json", toJson(report.outputs));
  plain.set("report.json", toJson(report));
  return { plain, secret };
}

function chartFiles({ release, rendered }: Chart, waves: Map<string, number>): { path: string; value: unknown }[] {
  const objects = rendered.objects ?? [];
  const chartWaves = chartWavesOf(objects);
  const folder = `kubernetes/${twoDigits(waves.get(release.urn))}-chart-${release.name}`;
  return [
    { path: `charts/${release.name}.values.yaml`, value: release.values },
    ...objects.map((object) => ({
      path: `${folder}/${twoDigits(chartWaves.get(object))}-${fileNameOf(object)}`,
      value: object,
    })),
  ];
}

/** JSON with a line break at its end, as every other text file. */
export function toJson(value: unknown): string {
  return `${JSON.stringify(value, undefined, 2)}\n`;
}

/** Files sort by their waves. */
function twoDigits(wave = 0): string {
  return String(wave).padStart(2, "0");
}

function cloudFileName({ type, name }: Registration): string {
  const [cloud = "", module = "", kind = ""] = type.split(":");
  return `${[cloud, module.split("/")[0], kind, name].join("-").replace(/[^A-Za-z0-9.-]+/g, "_")}.json`;
}

function cloudResource({ urn, type, name, parent, dependencies, protect, ignoreChanges, ...rest }: Registration) {
  const inputs = mask(rest.inputs, rest.secretPaths);
  return { urn, type, name, parent, dependencies, protect, ignoreChanges, inputs };
}

/** Two objects of one name would hide each other. */
function add(files: Map<string, string>, path: string, text: string): void {
  if (files.has(path)) throw new Error(`two objects are named ${path}`);
  files.set(path, text);
}
