import type { BilledItem } from "../../components/cluster/billed.ts";
import { idOf } from "../cost/billed.ts";
import type { Cost } from "../cost/cost.ts";
import type { Loss } from "../../policy/rule.ts";
import { type Settings, settingsOf as settingsOfStack } from "../../policy/settings.ts";
import { type FieldChange, fieldChanges } from "../../lib/field-changes.ts";
import { isObject } from "../../lib/json.ts";
import { lossesOf, lossViolations, type PolicyChange, type ResourceField, withReplacements } from "./losses.ts";
import type { PolicyResult } from "../policies.ts";
import type { Report, ResourceNode } from "./report.ts";

/** How a stack's preview differs from an earlier one; without any secret, as the reports are. */
export interface StackChanges {
  stack: string;
  added: ResourceName[];
  removed: ResourceName[];
  changed: ChangedResource[];
  /** The data that is lost with removed or replaced resources. */
  losses: Loss[];
  /** By the release's name; paths are the chart's own. */
  chartValues: { release: string; fields: ValueChange[] }[];
  /** Objects of charts, as `Kind namespace/name`. */
  chartObjects: { added: string[]; removed: string[] };
  outputs: FieldChange[];
  billed: BilledChange[];
  /** Estimate for a month; undefined where neither side has one. */
  cost: CostChange | undefined;
  policies: { broken: PolicyChange[]; fixed: PolicyChange[] };
  /** The parts that are not compared, with the reasons. */
  notes: string[];
}

export interface ResourceName {
  type: string;
  name: string;
  /** `namespace/name` of a Kubernetes object. */
  object: string | undefined;
}

export interface ChangedResource extends ResourceName {
  /** Whether the provider deletes it and makes another one. */
  replaces: boolean;
  fields: ResourceField[];
}

/** A chart value that differs; `override`: the site's values set it in place of what the platform generates. */
export interface ValueChange extends FieldChange {
  override?: { generated: unknown };
}

export interface BilledChange {
  /** E.g. `volume mlops/minio-data`. */
  item: string;
  before: string | undefined;
  after: string | undefined;
}

export interface CostChange {
  beforeUsd: number | undefined;
  afterUsd: number | undefined;
  /** What has no price on either side; with any, the figures are lower bounds. */
  missing: string[];
}

/** A report as an older preview may have written it. */
type EarlierReport = Pick<Report, "resources" | "outputs" | "policies"> & Partial<Report>;

const chartType = "kubernetes:helm.sh/v4:Chart";

/**
 * Compares two previews of a stack.
 *
 * @param before undefined: the stack is new
 * @param after undefined: the stack's file is gone, which deletes nothing
 * @param settings what the policy knows of the stack. Default: nothing, so that no data may be deleted
 */
export function stackChanges(
  stack: string,
  before: EarlierReport | undefined,
  after: Report | undefined,
  settings: Settings = settingsOfStack({}),
): StackChanges {
  const [nodesBefore, nodesAfter] = [nodesOf(before), nodesOf(after)];
  const kept = [...nodesAfter.values()].flatMap((node) => {
    const earlier = nodesBefore.get(node.urn);
    return earlier === undefined ? [] : [{ node, earlier }];
  });
  const compared = kept.map(({ node, earlier }) => ({
    node,
    fields: withReplacements(node.type, effective(node, fieldChanges(settingsOf(earlier), settingsOf(node)))),
  }));
  const removed = [...nodesBefore.values()].filter(({ urn }) => !nodesAfter.has(urn));
  const losses = after === undefined ? [] : lossesOf({ removed, changed: compared, after: [...nodesAfter.values()] });
  const policies = policyChanges(before?.policies ?? [], after?.policies ?? []);
  return {
    stack,
    added: [...nodesAfter.values()].filter(({ urn }) => !nodesBefore.has(urn)).map(nameOf),
    removed: removed.map(nameOf),
    changed: compared.filter(({ fields }) => fields.length > 0).map(changedOf),
    losses,
    chartValues: kept
      .filter(({ node }) => node.type === chartType)
      .map(({ node, earlier }) => ({
        release: node.name,
        fields: fieldChanges(valuesOf(earlier), valuesOf(node)).map((change) => withOverride(change, after)),
      }))
      .filter(({ fields }) => fields.length > 0),
    chartObjects: setChange(renderedIn(nodesBefore, nodesAfter), renderedIn(nodesAfter, nodesBefore)),
    outputs: fieldChanges(before?.outputs ?? {}, after?.outputs ?? {}),
    billed: billedChanges(before, after),
    cost: costChange(before?.cost, after?.cost),
    policies: { ...policies, broken: [...lossViolations(losses, settings), ...policies.broken] },
    notes: [...new Set([before, after].flatMap((report) => report?.charts ?? []).flatMap(({ note }) => note ?? []))],
  };
}

/** Whether anything differs. */
export function isChanged({
  added,
  removed,
  changed,
  chartValues,
  chartObjects,
  outputs,
  policies,
}: StackChanges): boolean {
  const lists = [added, removed, changed, chartValues, chartObjects.added, chartObjects.removed, outputs];
  return [...lists, policies.broken, policies.fixed].some((list) => list.length > 0);
}

/** The changes that the engine does not ignore. */
function effective({ ignoreChanges }: ResourceNode, changes: readonly FieldChange[]): FieldChange[] {
  const isIgnored = (path: string) =>
    ignoreChanges.some(
      (ignored) => path === ignored || path.startsWith(`${ignored}.`) || path.startsWith(`${ignored}[`),
    );
  return changes.filter(({ path }) => !isIgnored(path));
}

function nodesOf(report: EarlierReport | undefined): Map<string, ResourceNode> {
  const nodes = new Map<string, ResourceNode>();
  const add = (node: ResourceNode): void => {
    nodes.set(node.urn, node);
    node.children.forEach(add);
  };
  report?.resources.forEach(add);
  return nodes;
}

function nameOf({ type, name, object }: ResourceNode): ResourceName {
  return { type, name, object };
}

function changedOf({ node, fields }: { node: ResourceNode; fields: ResourceField[] }): ChangedResource {
  return { ...nameOf(node), replaces: fields.some((field) => field.replaces), fields };
}

/** The parts of a resource that are compared; a chart's values are compared separately. */
function settingsOf({ inputs, protect, type }: ResourceNode): unknown {
  const own = isObject(inputs) ? { ...inputs } : {};
  if (type === chartType) delete own.values;
  return protect ? { ...own, "(option) protect": true } : own;
}

function valuesOf({ inputs }: ResourceNode): unknown {
  return isObject(inputs) ? inputs.values : undefined;
}

/** What charts make; nothing if the other side knows it from elsewhere, because that is not a difference between the stacks. */
function renderedIn(nodes: ReadonlyMap<string, ResourceNode>, others: ReadonlyMap<string, ResourceNode>): string[] {
  return [...nodes.values()].flatMap((node) => {
    const other = others.get(node.urn);
    return other === undefined || sourceOf(other) === sourceOf(node) ? node.rendered : [];
  });
}

/** An earlier preview has only what charts render. */
function sourceOf({ rendered, renderedFrom }: ResourceNode): ResourceNode["renderedFrom"] {
  return renderedFrom ?? (rendered.length === 0 ? undefined : "chart");
}

function withOverride(change: FieldChange, after: Report | undefined): ValueChange {
  const override = after?.overrides.find(({ path }) => path === change.path);
  return override === undefined ? change : { ...change, override: { generated: override.before } };
}

function setChange(before: readonly string[], after: readonly string[]): { added: string[]; removed: string[] } {
  return {
    added: after.filter((item) => !before.includes(item)),
    removed: before.filter((item) => !after.includes(item)),
  };
}

/** An earlier preview that lists nothing that is billed cannot be compared. */
function billedChanges(before: EarlierReport | undefined, after: Report | undefined): BilledChange[] {
  if (before !== undefined && before.billed === undefined) return [];
  const [itemsBefore, itemsAfter] = [itemsOf(before?.billed), itemsOf(after?.billed)];
  return [...new Set([...itemsBefore.keys(), ...itemsAfter.keys()])]
    .toSorted()
    .map((item) => ({ item, before: itemsBefore.get(item), after: itemsAfter.get(item) }))
    .filter((change) => change.before !== change.after);
}

function costChange(before: Cost | undefined, after: Cost | undefined): CostChange | undefined {
  if (before === undefined && after === undefined) return undefined;
  const missing = [...new Set([before, after].flatMap((cost) => cost?.missing ?? []))];
  return { beforeUsd: before?.totalUsd, afterUsd: after?.totalUsd, missing };
}

function itemsOf(items: readonly BilledItem[] = []): Map<string, string> {
  return new Map(items.map((item) => [idOf(item), propertiesOf(item)]));
}

function propertiesOf({ properties }: BilledItem): string {
  const parts = Object.entries(properties).map(([key, value]) => `${key} ${value}`);
  return parts.length === 0 ? "one" : parts.join(", ");
}

function policyChanges(before: readonly PolicyResult[], after: readonly PolicyResult[]): StackChanges["policies"] {
  const [resultsBefore, resultsAfter] = [before, after].map((results) =>
    results.flatMap(({ policy, enforcement, violations }) =>
      violations.map((violation): PolicyChange => ({ policy, enforcement, violation })),
    ),
  );
  const isIn =
    (list: readonly PolicyChange[] = []) =>
    (change: PolicyChange) =>
      list.some(({ policy, violation }) => policy === change.policy && violation === change.violation);
  return {
    broken: (resultsAfter ?? []).filter((change) => !isIn(resultsBefore)(change)),
    fixed: (resultsBefore ?? []).filter((change) => !isIn(resultsAfter)(change)),
  };
}
