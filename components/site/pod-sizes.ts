import type { Config } from "../../config.ts";
import { isObject } from "../../lib/json.ts";
import type { PodGroupName, SizedGroup } from "../parts.ts";
import { whenKnown } from "./pod-fit.ts";

type Sizes = Config["resources"];
type Size = NonNullable<Sizes[SizedGroup]>;

/** What a site gives to the main container of a group of pods; undefined: what the part itself says. */
export function sizeOf(group: PodGroupName | undefined, sizes: Sizes): Size | undefined {
  return Object.entries(sizes).find(([name]) => name === group)?.[1];
}

/** The template of a pod whose main container, its first, has the site's amounts in place of its own. */
export function sizePod<Template extends object>(template: Template, size: Size | undefined): Template {
  if (size === undefined) return template;
  return changed(template, "spec", (spec) =>
    changed(spec, "containers", (containers): unknown =>
      Array.isArray(containers)
        ? containers.map((one: unknown, i) => (i === 0 ? changed(one, "resources", (own) => sized(own, size)) : one))
        : containers,
    ),
  ) as Template;
}

function sized(own: unknown, { requests, limits }: Size): unknown {
  if (!isObject(own)) return { requests, limits };
  const over = (kind: "limits" | "requests", amounts: object) => ({
    [kind]: { ...(isObject(own[kind]) ? own[kind] : {}), ...amounts },
  });
  return { ...own, ...over("requests", requests), ...over("limits", limits) };
}

function changed(value: unknown, key: string, change: (inner: unknown) => unknown): unknown {
  return whenKnown(value, (known) => (isObject(known) ? { ...known, [key]: whenKnown(known[key], change) } : known));
}
