import { isObject } from "../../../lib/json.ts";
import { closest } from "../../../lib/closest.ts";

/** A path of a site's that the platform does not set, and one that it sets and that differs in a few letters. */
export interface NearMiss {
  path: string;
  nearest: string;
}

/** Paths of a site's values that are most likely misspelt: the chart ignores unknown ones. */
export function nearMisses(generated: unknown, site: unknown, place = ""): NearMiss[] {
  if (!isObject(generated) || !isObject(site)) return [];
  return Object.entries(site).flatMap(([key, value]) => {
    if (key in generated) return nearMisses(generated[key], value, `${place}${key}.`);
    const meant = closest(key, Object.keys(generated));
    // podAnnotations is a value of its own beside annotations.
    const isAnother = meant === undefined || Math.abs(meant.length - key.length) > 2;
    return isAnother ? [] : [{ path: place + key, nearest: place + meant }];
  });
}
