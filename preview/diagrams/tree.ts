import { isDeepStrictEqual } from "node:util";
import type { Registration } from "../../lib/recording.ts";
import { kindOf } from "../report/tree.ts";

/** Components of a stack, and how many resources of each kind each makes itself. */
export interface Branch {
  /** Several where components of one type have the same inside, e.g. one for each project. */
  names: string[];
  /** Class of the component. */
  type: string;
  /** Of one of them. */
  kinds: KindCount[];
  children: Branch[];
}

export interface KindCount {
  kind: string;
  count: number;
  /** Whether a destroy refuses to delete them. */
  protect: boolean;
}

/** The components at the root of a stack; resources that have no component are left out, which no stack has. */
export function treeOf(resources: readonly Registration[]): Branch[] {
  return branchesOf("", resources);
}

function branchesOf(parent: string, resources: readonly Registration[]): Branch[] {
  const components = resources.filter((one) => one.parent === parent && isComponent(one));
  const branches = components
    .toSorted((a, b) => compare(`${a.name} ${a.type}`, `${b.name} ${b.type}`))
    .map(({ urn, name, type }) => ({
      names: [name],
      type: kindOf(type),
      kinds: kindsOf(resources.filter((one) => one.parent === urn && !isComponent(one))),
      children: branchesOf(urn, resources),
    }));
  return branches.reduce<Branch[]>(together, []);
}

/** A chart is one resource here, because its objects depend on whether helm is installed. */
function isComponent({ custom, remote }: Registration): boolean {
  return !custom && !remote;
}

function together(all: Branch[], next: Branch): Branch[] {
  const same = all.find(
    (one) => one.type === next.type && isDeepStrictEqual(one.kinds, next.kinds) && sameInside(one, next),
  );
  if (same === undefined) return [...all, next];
  return all.map((one) => (one === same ? { ...one, names: [...one.names, ...next.names] } : one));
}

/** Names below a component repeat its own. */
function sameInside(a: Branch, b: Branch): boolean {
  const shape = (branches: Branch[]): unknown =>
    branches.map(({ type, kinds, children }) => [type, kinds, shape(children)]);
  return isDeepStrictEqual(shape(a.children), shape(b.children));
}

function kindsOf(resources: readonly Registration[]): KindCount[] {
  const keys = resources.map(({ type, protect }) => ({ kind: kindOf(type), protect }));
  const different = keys.filter((key, index) => keys.findIndex((other) => isDeepStrictEqual(key, other)) === index);
  return different
    .map((key) => ({ ...key, count: keys.filter((other) => isDeepStrictEqual(key, other)).length }))
    .toSorted((a, b) => compare(a.kind, b.kind));
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

/** Resources of each kind in a tree, each of several alike counted. */
export function totalsOf(branches: readonly Branch[]): KindCount[] {
  const all = branches.flatMap((branch) => {
    const inside = [...branch.kinds, ...totalsOf(branch.children)];
    return inside.map((one) => ({ ...one, count: one.count * branch.names.length }));
  });
  return all.reduce<KindCount[]>((sums, one) => {
    const same = sums.find(({ kind, protect }) => kind === one.kind && protect === one.protect);
    if (same === undefined) return [...sums, one];
    return sums.map((sum) => (sum === same ? { ...sum, count: sum.count + one.count } : sum));
  }, []);
}
