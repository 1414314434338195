import { documentIn, listAt, textAt } from "../../../../lib/json.ts";
import { demandOf, sum } from "../../../../lib/kubernetes/demand.ts";
import type { Answer } from "../../../../lib/programs/program.ts";
import { parseQuantity } from "../../../../lib/quantity.ts";
import { knownObjects } from "../../../../preview/chart-pods.ts";
import type { Rendering } from "../../../../preview/render.ts";
import { failed, inShort, ok, type Row, unknown } from "../../../../components/preflight/row.ts";

const check = "capacity";
const gib = 1024 ** 3;

/** Cores and bytes. */
export interface Amount {
  cpu: number;
  memory: number;
}

/** What a stack's pods request while nothing runs. */
export function requestsOf({ objects, charts }: Pick<Rendering, "objects" | "charts">): Amount {
  const all = [...objects.map(({ object }) => object), ...charts.flatMap(({ rendered }) => knownObjects(rendered))];
  const { cpuRequest: cpu, memoryRequest: memory } = sum(all.map(demandOf));
  return { cpu, memory };
}

/**
 * Whether the nodes would hold the platform if nothing else ran on them: less is never enough.
 *
 * @param answer of `kubectl get nodes`
 * @param needs of the platform
 */
export function capacityRow({ ok: isOk, stdout, stderr }: Answer, needs: Amount): Row {
  if (!isOk) return unknown(check, inShort(stderr));
  const nodes = listAt(documentIn(stdout), "items");
  const allocatable = (key: string) =>
    nodes.reduce<number>((all, node) => all + (parseQuantity(textAt(node, `status.allocatable.${key}`)) ?? 0), 0);
  const has = { cpu: allocatable("cpu"), memory: allocatable("memory") };
  const found = `the platform requests ${shown(needs)}; the nodes have ${shown(has)}`;
  if (needs.cpu <= has.cpu && needs.memory <= has.memory) return ok(check, found);
  return failed(check, found, "make preview, which lists the requests of each part");
}

function shown({ cpu, memory }: Amount): string {
  return `${cpu.toFixed(1)} CPUs and ${(memory / gib).toFixed(1)} GiB`;
}
