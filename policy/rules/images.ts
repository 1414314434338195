import { isExact } from "../../config/image-tag.ts";
import { at, isObject } from "../../lib/json.ts";
import { allowedRegistries } from "../allow-lists.ts";
import { containersOf, podsOf } from "../pods.ts";
import type { Rule } from "../rule.ts";
import { kubernetesObject, parsed, type Resource } from "../../lib/resource.ts";

interface UsedImage {
  place: string;
  image: string;
}

/** Images of containers, and those that the platform names for tasks. */
function imagesOf(resource: Resource): UsedImage[] {
  const running = podsOf(resource).flatMap((pods) =>
    containersOf(pods).map(({ name, value }) => ({ place: `container ${name}`, image: String(value.image) })),
  );
  const object = kubernetesObject(resource);
  const tasks = at(parsed(isObject(object?.data) ? object.data["platform.json"] : undefined), "images");
  const named = isObject(tasks) ? Object.entries(tasks) : [];
  return [...running, ...named.map(([name, image]) => ({ place: `task image ${name}`, image: String(image) }))];
}

export const imagesPinned: Rule = {
  id: "images-pinned",
  severity: "high",
  enforcement: "mandatory",
  description: "Every image has a digest, or a tag that identifies one build.",
  remediation:
    "Pin the image in components/images.ts, or set airflow.image, imageTag or the task's image to a tag such as 1.4.2, team-42 or a commit; never `latest`, `stable`, `7` or `7.4`.",
  evaluate: (resource) =>
    imagesOf(resource)
      .filter(({ image }) => !isExact(image))
      .map(({ place, image }) => `${place} has the image ${image}, which is not pinned`),
};

export const imagesFromAllowedRegistries: Rule = {
  id: "images-from-allowed-registries",
  severity: "high",
  enforcement: "mandatory",
  description: "Every image comes from the stack's own registry or mirror, or from a registry that the policy allows.",
  remediation:
    "Push the image to imageRegistry, pull it through imageMirror or imageMirrors, or add its registry to allowedRegistries.",
  evaluate: (resource, { registries }) => {
    const prefixes = [...registries, ...allowedRegistries.map(({ prefix }) => prefix)];
    return imagesOf(resource)
      .filter(({ image }) => !prefixes.some((prefix) => startsWith(fullName(image), withSlash(prefix))))
      .map(({ place, image }) => `${place} has the image ${image}, whose registry is not allowed`);
  },
};

/** A name without a host is one of Docker Hub's, as a runtime resolves it. */
function fullName(image: string): string {
  const [host = ""] = image.split("/");
  if (image.includes("/") && /[.:]|^localhost$/.test(host)) return image;
  return image.includes("/") ? `docker.io/${image}` : `docker.io/library/${image}`;
}

/** `*` in a prefix stands for one label of the host. */
function startsWith(image: string, prefix: string): boolean {
  const [before = "", after] = prefix.split("*");
  if (after === undefined) return image.startsWith(prefix);
  return (
    image.startsWith(before) &&
    image
      .slice(before.length)
      .replace(/^[^./]+/, "")
      .startsWith(after)
  );
}

function withSlash(prefix: string): string {
  return prefix.endsWith("/") ? prefix : `${prefix}/`;
}
