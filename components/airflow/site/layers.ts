import { isObject } from "../../../lib/json.ts";

/**
 * Values with a site's laid over them: objects are merged, lists are replaced.
 *
 * Lists of things with names, such as volumes and variables, are merged by the names: in their place, a site's one volume
 * would take the others away from every pod.
 */
export function mergedObjects(
  generated: Readonly<Record<string, unknown>>,
  site: Readonly<Record<string, unknown>>,
): Record<string, unknown> {
  const laid = Object.entries(site).map(([key, value]): [string, unknown] => [
    key,
    key in generated ? laidOver(generated[key], value) : value,
  ]);
  return { ...generated, ...Object.fromEntries(laid) };
}

function laidOver(generated: unknown, site: unknown): unknown {
  if (isObject(generated) && isObject(site)) return mergedObjects(generated, site);
  return Array.isArray(generated) && Array.isArray(site) ? mergedLists(generated, site) : site;
}

function mergedLists(generated: readonly unknown[], site: readonly unknown[]): unknown {
  const names = [...generated, ...site].map(nameOf);
  if (generated.length === 0 || names.includes(undefined)) return site;
  const replaced = generated.map((item) => site.find((other) => nameOf(other) === nameOf(item)) ?? item);
  return [...replaced, ...site.filter((item) => generated.every((other) => nameOf(other) !== nameOf(item)))];
}

/** A mount's name is its volume's; what makes it one is its path. */
function nameOf(item: unknown): unknown {
  return isObject(item) ? (item.mountPath ?? item.name) : undefined;
}
