import { mask } from "../../preview/report/mask.ts";
import { placeholders } from "../../preview/recorder/random.ts";
import type { Rendering } from "../../preview/render.ts";
import { isObject } from "../../lib/json.ts";
import { allObjects } from "./program-objects.ts";

/**
 * Finds secrets in what is not marked secret: inputs and outputs of resources, outputs of the stack, values and
 * objects of charts.
 *
 * @param configured the secret values of the stack's configuration
 */
export function plainSecrets(rendering: Rendering, configured: readonly string[]): string[] {
  const secrets = [...configured, ...generatedSecrets(rendering)];
  return plainParts(rendering).flatMap(({ place, value }) => {
    const texts = [...new Set(leaves(value).flatMap(decodings))];
    const shown = secrets.filter((secret) => texts.some((text) => text.includes(secret)));
    const keys = texts.filter((text) => text.includes("PRIVATE KEY"));
    return [...shown, ...keys].map((secret) => `${place} shows ${secret.slice(0, 60)}`);
  });
}

/** Every value that the program had drawn at random, as text. */
export function generatedSecrets({ resources }: Rendering): string[] {
  return resources.flatMap(({ type, name, inputs }) => {
    switch (type) {
      case "random:index/randomPassword:RandomPassword": {
        const text = placeholders.text(name, Number(inputs.length));
        return [text, placeholders.bcrypt(name, text)];
      }
      case "random:index/randomBytes:RandomBytes": {
        const bytes = placeholders.bytes(name, Number(inputs.length));
        return [bytes.toString("base64"), bytes.toString("base64url"), bytes.toString("hex"), bytes.toString("latin1")];
      }
      default:
        return [];
    }
  });
}

/** Secrets of the configuration that no Secret holds: the program takes them and does nothing with them. */
export function unusedSecrets({ objects }: Rendering, configured: readonly string[]): string[] {
  const texts = objects
    .filter(({ object }) => object.kind === "Secret")
    .flatMap(({ object }) => leaves(object).flatMap(decodings));
  return configured.filter((secret) => !texts.some((text) => text.includes(secret)));
}

function plainParts(rendering: Rendering): { place: string; value: unknown }[] {
  const { resources, outputs, secretOutputPaths, charts } = rendering;
  const own = new Set(rendering.objects.map(({ object }) => object));
  return [
    ...resources.map(({ urn, inputs, secretPaths }) => ({ place: urn, value: mask(inputs, secretPaths) })),
    ...resources.map((resource) => ({
      place: `outputs of ${resource.urn}`,
      value: mask(resource.outputs, resource.secretOutputPaths),
    })),
    { place: "outputs of the stack", value: mask(outputs, secretOutputPaths) },
    ...charts.map(({ release: { urn, name, values } }) => {
      const secretPaths = resources.find((resource) => resource.urn === urn)?.secretPaths ?? [];
      return { place: `values of the chart ${name}`, value: mask({ values }, secretPaths) };
    }),
    ...allObjects(rendering)
      .filter((object) => !own.has(object))
      .map((object) => ({ place: `the chart's ${object.kind} ${object.metadata.name}`, value: object })),
  ];
}

/** Every text in a value; keys count too. */
function leaves(value: unknown): string[] {
  if (typeof value === "string") return [value];
  if (Array.isArray(value)) return value.flatMap(leaves);
  return isObject(value) ? Object.entries(value).flatMap(([key, item]) => [key, ...leaves(item)]) : [];
}

/** A text, and what it says when parts of it are encoded for URLs, as base64 or as hexadecimal digits. */
function decodings(text: string): string[] {
  const words = text.match(/[\w+/=-]{16,}/g) ?? [];
  return [
    text,
    decodeUrl(text),
    ...words.flatMap((word) => [
      Buffer.from(word, "base64").toString("latin1"),
      Buffer.from(word, "base64").toString(),
    ]),
    ...words.map((word) => Buffer.from(word, "hex").toString("latin1")),
  ];
}

/** `decodeURIComponent` refuses a text with a lone percent sign. */
function decodeUrl(text: string): string {
  return text.replace(/(%[0-9a-f]{2})+/gi, (escapes) => Buffer.from(escapes.replaceAll("%", ""), "hex").toString());
}
