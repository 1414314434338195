import type { Rule } from "../../config/rule.ts";

/** The pools of nodes that a cluster of a cloud can have, by their keys. */
const pools = ["nodes", "spotNodes", "gpuNodes"] as const;

type Pools = Partial<Record<(typeof pools)[number], { machineType: string } | undefined>>;

/** What a cloud knows of its types of machines. */
export interface Machines {
  /** What the cloud calls a type, with its article. */
  type: string;
  /** What it calls a group of types, with its article. */
  group: string;
  isArm: (type: string) => boolean;
  /** What a type that certainly does not exist should be; undefined: it may exist. */
  expected: (type: string) => string | undefined;
  /** Whether this program does not know the group of a type. */
  isUnknown: (type: string) => boolean;
  /** A type to take instead, and one with accelerators. */
  usual: string;
  usualGpu: string;
}

/** Refuses types that the images do not run on, and types that do not exist. */
export function machineRules({ type, isArm, expected, ...machines }: Machines): Rule<Pools>[] {
  return [
    ...eachPool(machines, isArm, () => `${type} with x86 processors, which the images are built for`),
    ...eachPool(
      machines,
      (machine) => expected(machine) !== undefined,
      (machine) => expected(machine) ?? "",
    ),
  ];
}

/** Warns of types that may exist: of a group that is mistyped, or newer than this program. */
export function machineWarnings({ group, isUnknown, ...machines }: Machines): Rule<Pools>[] {
  const allowed = `${group} that this version of the program knows: check that it exists in the region, with x86 processors`;
  return eachPool(machines, isUnknown, () => allowed);
}

function eachPool(
  { usual, usualGpu }: Pick<Machines, "usual" | "usualGpu">,
  isWrong: (type: string) => boolean,
  allowed: (type: string) => string,
): Rule<Pools>[] {
  return pools.map((pool) => ({
    key: `cluster.${pool}.machineType`,
    broken: ({ cluster }) => cluster[pool] !== undefined && isWrong(cluster[pool].machineType),
    allowed: ({ cluster }) => allowed(cluster[pool]?.machineType ?? ""),
    fix: pool === "gpuNodes" ? usualGpu : usual,
  }));
}
