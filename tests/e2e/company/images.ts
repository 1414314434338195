import { isObject } from "../../../lib/json.ts";
import type { KubernetesObject } from "../../../lib/kubernetes/objects.ts";
import { render } from "../../../preview/render.ts";
import { chart } from "../../program/program-cases.ts";
import { allObjects, containersOf } from "../../program/program-objects.ts";
import { asConfig } from "../configuration.ts";
import type { Changes } from "../platform.ts";

/** Where the same stack has its images from without the company's registry. */
const withoutRegistry: Changes = { imageRegistry: "localhost/mlops", imageMirror: "", imageMirrors: {} };

/** Each image of a stack by its name in the company's registry, as the node holds it. */
export async function mirroredImages(
  preview: { folder: string; stack: string },
  configuration: Changes,
): Promise<Map<string, string>> {
  const imagesOf = async (changes: Changes) => {
    const config = asConfig({ ...configuration, ...changes });
    const rendering = await render({ ...preview, config, chart });
    // Pods of tasks are not among the objects.
    return [...allObjects(rendering).flatMap(images), ...taskImages(rendering.objects.map(({ object }) => object))];
  };
  const [there, here] = [await imagesOf({}), await imagesOf(withoutRegistry)];
  return new Map(there.map((name, index) => [name, here[index] ?? name]));
}

const images = (object: KubernetesObject) => containersOf(object).map(({ container }) => String(container.image));

/** The pipeline's image, which platform.json names for Airflow's tasks. */
function taskImages(objects: KubernetesObject[]): string[] {
  const platform = objects.find(({ kind, metadata }) => kind === "ConfigMap" && metadata.name === "airflow-platform");
  const data = isObject(platform?.data) ? platform.data : {};
  return [...String(data["platform.json"]).matchAll(/"([^"\s]+\/pageviews:[\w.-]+)"/g)].map(([, image = ""]) => image);
}
