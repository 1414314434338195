import { type ClusterAccess, queryKubectl } from "../../lib/kubernetes/kubectl.ts";
import { labelCommand } from "./namespace-labels.ts";
import { platformLabel, stackAnnotation } from "./platform-sign.ts";

/** A namespace of the cluster, as far as it tells whose it is. */
export interface ClusterNamespace {
  name: string;
  labels: Record<string, string>;
  annotations: Record<string, string>;
}

/** The namespaces of a platform: its own, and those of its projects. */
export interface PlatformNamespaces {
  namespace: string;
  projects: string[];
}

interface OwnerArgs {
  wanted: PlatformNamespaces;
  /** The platform's own; undefined where none was drawn yet. */
  id: string | undefined;
  /** Whether an unsigned namespace is this platform's all the same, made before namespaces were signed. */
  isOwn: (namespace: ClusterNamespace) => boolean;
  /** `kubectl` and what leads it to the cluster, for a command to type. */
  kubectl: string;
}

/**
 * Reads those of the named namespaces that exist.
 *
 * @throws where kubectl cannot tell
 */
export async function namespacesThere(access: ClusterAccess, names: string[]): Promise<ClusterNamespace[]> {
  const args = ["get", "namespaces", ...names, "--ignore-not-found", "--output", "json"];
  const { ok, stdout, stderr } = await queryKubectl(access, args);
  if (!ok) throw new Error(stderr);
  return parseNamespaces(stdout);
}

/** It prints nothing for none, an object for one, and a list for more. */
export function parseNamespaces(text: string): ClusterNamespace[] {
  if (text.trim() === "") return [];
  const found = JSON.parse(text) as RawNamespace | { items: RawNamespace[] };
  const items = "items" in found ? found.items : [found];
  return items.map(({ metadata: { name, labels = {}, annotations = {} } }) => ({ name, labels, annotations }));
}

interface RawNamespace {
  metadata: { name: string; labels?: Record<string, string>; annotations?: Record<string, string> };
}

/** Whether this program has made a namespace, of any version and for any stack. */
export function isMadeByPlatform({ labels }: ClusterNamespace): boolean {
  return labels["app.kubernetes.io/part-of"] === "mlops" && labels["app.kubernetes.io/managed-by"] === "pulumi";
}

/** A sentence for each owner that is not this platform, with what to set; empty where all may be had. */
export function ownerProblems(there: ClusterNamespace[], args: OwnerArgs): string[] {
  const others = there.filter((one) => (ownerOf(one) === undefined ? !args.isOwn(one) : ownerOf(one) !== args.id));
  const owners = [...new Set(others.map(ownerOf))];
  return owners.flatMap((owner) => {
    const theirs = others.filter((one) => ownerOf(one) === owner);
    if (owner !== undefined) return [signed(owner, theirs, args)];
    const older = theirs.filter(isMadeByPlatform);
    const unsigned = theirs.filter((one) => !isMadeByPlatform(one));
    return [
      ...(older.length === 0 ? [] : [olderVersion(older, args)]),
      ...(unsigned.length === 0 ? [] : [unsignedProblem(unsigned, args)]),
    ];
  });
}

/**
 * The same for namespaces that the site creates: each has to be there, with this platform's sign.
 *
 * @param args.labels those that each of them needs
 */
export function siteProblems(
  there: ClusterNamespace[],
  { labels, ...args }: OwnerArgs & { labels: Readonly<Record<string, string>> },
): string[] {
  const { wanted, kubectl } = args;
  const missing = [wanted.namespace, ...wanted.projects].filter((name) => there.every((one) => one.name !== name));
  const unsigned = there.filter((one) => !isSigned(one));
  const command = (names: string[]) => labelCommand(names, labels, kubectl);
  const create = missing.map((name) => `${kubectl} create namespace ${name}`);
  return [
    ...ownerProblems(there.filter(isSigned), args),
    ...(missing.length === 0
      ? []
      : [
          `${subject(missing, "does not exist", "do not exist")}, and createNamespaces is false: ` +
            `to create ${missing.length === 1 ? "it" : "them"}, run: ${[...create, command(missing)].join(" && ")}`,
        ]),
    ...(unsigned.length === 0
      ? []
      : [
          `${subject(namesOf(unsigned), "has", "have")} no label ${platformLabel}, and createNamespaces is false: ` +
            `to label ${unsigned.length === 1 ? "it" : "them"}, run: ${command(namesOf(unsigned))}`,
        ]),
  ];
}

/** Whether any platform has signed a namespace. */
export function isSigned(namespace: ClusterNamespace): boolean {
  return ownerOf(namespace) !== undefined;
}

/** Those that lack a label, or have it with another value. */
export function withoutLabels(
  there: readonly ClusterNamespace[],
  wanted: Readonly<Record<string, string>>,
): ClusterNamespace[] {
  return there.filter(({ labels }) => Object.entries(wanted).some(([key, value]) => labels[key] !== value));
}

function ownerOf({ labels }: ClusterNamespace): string | undefined {
  return labels[platformLabel];
}

function signed(owner: string, theirs: ClusterNamespace[], { wanted }: OwnerArgs): string {
  const stack = theirs.map(({ annotations }) => annotations[stackAnnotation]).find((name) => name !== undefined);
  const who = stack === undefined ? owner : `${owner} of the stack ${stack}`;
  return (
    `${subject(namesOf(theirs), "belongs", "belong")} to another platform, ${who}: give this stack other names with ` +
    `${keysOf(theirs, wanted)}, or set platformId to ${owner} if it is that platform and its state was lost.`
  );
}

function olderVersion(theirs: ClusterNamespace[], args: OwnerArgs): string {
  return (
    `${subject(namesOf(theirs), "was", "were")} created by a platform of an older version, which signed nothing, and this stack's ` +
    `state does not contain ${theirs.length === 1 ? "it" : "them"}: give this stack other names with ` +
    `${keysOf(theirs, args.wanted)}, or, if it is that platform and its state was lost, ${handOver(theirs, args)}`
  );
}

function unsignedProblem(theirs: ClusterNamespace[], args: OwnerArgs): string {
  return (
    `${subject(namesOf(theirs), "exists", "exist")}, and no platform has signed ${theirs.length === 1 ? "it" : "them"}: give this ` +
    `stack other names with ${keysOf(theirs, args.wanted)}, or, if a destroy of this platform may delete ` +
    `${theirs.length === 1 ? "it" : "them"} with all contents, ${handOver(theirs, args)}`
  );
}

/**
 * Without an id, the next `up` generates one and prints the command.
 *
 * It has no --overwrite: a platform that has signed a namespace meanwhile keeps it.
 */
function handOver(theirs: ClusterNamespace[], { id, kubectl }: OwnerArgs): string {
  const names = theirs.map(({ name }) => name).join(" ");
  if (id !== undefined) return `hand it over: ${kubectl} label namespace ${names} ${platformLabel}=${id}`;
  return `set platformId to 16 hexadecimal digits and hand it over: ${kubectl} label namespace ${names} ${platformLabel}=<platformId>`;
}

function namesOf(namespaces: readonly ClusterNamespace[]): string[] {
  return namespaces.map(({ name }) => name).sort();
}

function subject(found: readonly string[], one: string, many: string): string {
  const names = found.toSorted();
  const last = names.at(-1) ?? "";
  if (names.length === 1) return `The namespace ${last} ${one}`;
  return `The namespaces ${names.slice(0, -1).join(", ")} and ${last} ${many}`;
}

/** The configuration keys that determine the names. */
function keysOf(namespaces: ClusterNamespace[], wanted: PlatformNamespaces): string {
  const names = namespaces.map(({ name }) => name);
  return [
    ...(names.includes(wanted.namespace) ? ["namespace"] : []),
    ...(names.some((name) => name !== wanted.namespace) ? ["projectNamespacePrefix"] : []),
  ].join(" and ");
}
