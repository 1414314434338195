import type { Config } from "../../config.ts";
import { isObject } from "../../lib/json.ts";
import type { PodGroupName, SizedGroup } from "../parts.ts";
import { changedAt } from "./pod-fit.ts";

type Sizes = Config["resources"];
type Size = NonNullable<Sizes[SizedGroup]>;

/** What a site gives to the main container of a group of pods; undefined: what the part itself says. */
export function sizeOf(group: PodGroupName | undefined, sizes: Sizes): Size | undefined {
  return Object.entries(sizes).find(([name]) => name === group)?.[1];
}

/** The template of a pod whose main container, its first, has the site's amounts in place of its own. */
export function sizePod<Template extends object>(template: Template, size: Size | undefined): Template {
  if (size === undefined) return template;
  const spec = "spec" in template ? template.spec : undefined;
  return { ...template, spec: changedAt(spec, ["containers"], (containers) => sizeMain(containers, size)) };
}

function sizeMain(containers: unknown, size: Size): unknown {
  const sizedMain = (main: unknown) => changedAt(main, ["resources"], (own) => sized(own, size));
  return Array.isArray(containers) ? containers.map((one: unknown, i) => (i === 0 ? sizedMain(one) : one)) : containers;
}

function sized(own: unknown, { requests, limits }: Size): unknown {
  if (!isObject(own)) return { requests, limits };
  const over = (kind: "limits" | "requests", amounts: object) => ({
    [kind]: { ...(isObject(own[kind]) ? own[kind] : {}), ...amounts },
  });
  return { ...own, ...over("requests", requests), ...over("limits", limits) };
}
