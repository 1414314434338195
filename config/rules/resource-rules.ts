import { podGroups, sizedGroups } from "../../components/parts.ts";
import { parseQuantity } from "../../lib/quantity.ts";
import { set } from "../fixes.ts";
import type { Rule } from "../rule.ts";
import type { StackConfig } from "../sections.ts";
import type { Size } from "../site/resources.ts";

type Amounts = Size["limits"];

/** A request is at most its limit, also where a site sets one of the two alone. */
export function resourceRules({
  airflow,
  resources,
}: Pick<StackConfig<unknown>, "airflow" | "resources">): Rule<unknown>[] {
  return [
    ...Object.entries(airflow.resources).flatMap(([name, size]) => sizeRules(["airflow", "resources", name], size)),
    ...sizedGroups.flatMap((name) => sizeRules(["resources", name], resources[name], podGroups[name].resources)),
  ];
}

/** @param own what the pod has where the site sets nothing; undefined: not known */
function sizeRules(
  path: string[],
  { requests, limits }: Size = { requests: {}, limits: {} },
  own?: { requests: Amounts; limits: Amounts },
): Rule<unknown>[] {
  return (["cpu", "memory"] as const).flatMap((of): Rule<unknown>[] => {
    const [request, limit] = [requests[of] ?? own?.requests[of], limits[of] ?? own?.limits[of]];
    const isBroken = (parseQuantity(request) ?? 0) > (parseQuantity(limit) ?? Infinity);
    const key = (kind: keyof Size) => [...path, kind, of];
    const nameOf = (kind: keyof Size) => key(kind).join(".");
    return requests[of] === undefined
      ? [
          {
            key: key("limits"),
            broken: () => isBroken,
            allowed: `at least ${nameOf("requests")}, which is ${request ?? "not set"}`,
          },
        ]
      : [
          {
            key: key("requests"),
            broken: () => isBroken,
            allowed: `at most ${nameOf("limits")}, which is ${limit ?? "not set"}`,
            fix: () => set(nameOf("limits"), request ?? ""),
          },
        ];
  });
}
