import { ask, set } from "../../config/fixes.ts";
import type { Rule } from "../../config/rule.ts";
import { closest } from "../../lib/closest.ts";

interface InRegion {
  region: string;
}

/** The region that a mistyped one means: new regions differ from known ones by their number. */
function mistyped(region: string, regions: readonly string[]): string | undefined {
  const letters = (text: string) => text.replace(/\d+$/, "");
  return regions.some((known) => letters(known) === letters(region)) ? undefined : closest(region, regions);
}

/** Refuses a region whose letters are almost those of a known one. */
export function regionRule(cloud: string, regions: readonly string[]): Rule<InRegion> {
  return {
    key: "cluster.region",
    broken: ({ cluster }) => mistyped(cluster.region, regions) !== undefined,
    allowed: ({ cluster }) => `a region of ${cloud}; did you mean ${mistyped(cluster.region, regions) ?? ""}?`,
    fix: (key, { cluster }) => set(key, mistyped(cluster.region, regions) ?? ""),
  };
}

/** Warns of a region that is not known: another mistake, or newer than this program. */
export function regionWarning(cloud: string, regions: readonly string[]): Rule<InRegion> {
  return {
    key: "cluster.region",
    broken: ({ cluster }) => !regions.includes(cluster.region),
    allowed: `a region of ${cloud} that this version of the program knows: check that it exists`,
    fix: ask,
  };
}
