import type { BilledItem, NodeGroup } from "../../components/cluster/billed.ts";
import { billedItemsOf } from "../cost/billed.ts";
import type { RenderedChart } from "../chart-release.ts";
import { knownObjects } from "../chart-pods.ts";
import { type Cost, costOf } from "../cost/cost.ts";
import { type Demand, demandOf, jobDemandOf, sum } from "../../lib/kubernetes/demand.ts";
import { mask } from "./mask.ts";
import { nodeGroupsOf } from "../cost/nodes.ts";
import type { KubernetesObject } from "../../lib/kubernetes/objects.ts";
import type { PolicyResult } from "../policies.ts";
import type { FieldChange } from "../../lib/field-changes.ts";
import { isObject, listAt, textAt } from "../../lib/json.ts";
import type { Registration } from "../../lib/recording.ts";
import type { Rendering } from "../render.ts";

/** The result of a preview, without secrets; `--json` prints it unchanged. */
export interface Report {
  project: string;
  stack: string;
  /** The tree of resources, in the order of their names. */
  resources: ResourceNode[];
  outputs: unknown;
  /** What runs all the time, by component. */
  demand: ComponentDemand[];
  total: Demand;
  /** What Jobs ask for on top while they run. */
  jobs: Demand;
  nodeGroups: NodeGroup[];
  /** What costs by its size or its number. */
  billed: BilledItem[];
  /** An estimate; undefined without a cloud's cluster. */
  cost: Cost | undefined;
  charts: ChartSummary[];
  policies: PolicyResult[];
  /** Chart values that a site's values change: what the platform generates, and what is deployed. */
  overrides: Override[];
  /** How the site labels the namespaces that it creates; empty where the program does. */
  labelCommands: string[];
  /** Keys of the configuration whose encrypted values are placeholders here. */
  encryptedKeys: string[];
  /** What is most likely a mistake in the configuration. */
  warnings: string[];
}

export interface ResourceNode {
  urn: string;
  type: string;
  name: string;
  /** `namespace/name` of a Kubernetes object. */
  object: string | undefined;
  protect: boolean;
  /** Inputs whose change does nothing to a resource that exists. */
  ignoreChanges: string[];
  inputs: unknown;
  children: ResourceNode[];
  /** What a chart makes, as `Kind namespace/name`. */
  rendered: string[];
  /** Whether that is all that the chart renders, or only what its values say of its pods. @default - it is not a chart */
  renderedFrom?: "chart" | "values";
}

interface ChartSummary {
  release: string;
  /** Number of its objects; undefined: it is not rendered. */
  objects: number | undefined;
  /** Number of the objects that make its pods by its values; undefined: it is rendered, or they are unknown. */
  fromValues: number | undefined;
  note: string | undefined;
}

/** A chart value that a site changes. */
export interface Override extends FieldChange {
  /** The path that it most likely should have. */
  meant: string | undefined;
}

interface ComponentDemand {
  component: string;
  demand: Demand;
}

/** Sums a rendering up. */
export function reportOf(rendering: Rendering, policies: PolicyResult[]): Report {
  const { stack, resources, charts } = rendering;
  const billed = billedItemsOf(rendering);
  const placed = placedObjects(rendering);
  const components = [...new Set(placed.map(({ component }) => component))].toSorted();
  const demand = components.map((component) => ({
    component,
    demand: sum(placed.filter((entry) => entry.component === component).map(({ object }) => demandOf(object))),
  }));
  return {
    project: stack.project,
    stack: stack.stack,
    resources: childrenOf("", rendering),
    outputs: mask(rendering.outputs, rendering.secretOutputPaths),
    demand: demand.filter(({ demand: { pods, storage } }) => pods > 0 || storage > 0),
    total: sum(demand.map((entry) => entry.demand)),
    jobs: sum(placed.map(({ object }) => jobDemandOf(object))),
    nodeGroups: nodeGroupsOf(resources),
    billed,
    cost: costOf(billed, stack),
    charts: charts.map(({ release, rendered }) => chartSummary(release.name, rendered)),
    policies,
    overrides: resources.flatMap(overridesOf),
    labelCommands: resources.flatMap(({ outputs }) => textAt(outputs, "labelCommand") ?? []),
    encryptedKeys: stack.secretKeys.toSorted(),
    warnings: rendering.warnings,
  };
}

function overridesOf({ outputs }: Registration): Override[] {
  const overrides = listAt(outputs, "overriddenValues").filter(isObject);
  return overrides.map((override) => {
    const { path, before, after } = override;
    return { path: String(path), before, after, meant: textAt(override, "meant") };
  });
}

function chartSummary(release: string, { objects, pods, note }: RenderedChart): ChartSummary {
  return { release, objects: objects?.length, fromValues: pods?.length, note };
}

function renderedOf(chart: RenderedChart): Pick<ResourceNode, "rendered" | "renderedFrom"> {
  const rendered = knownObjects(chart)
    .map((part) => `${part.kind} ${placeOf(part)}`)
    .toSorted();
  return { rendered, renderedFrom: chart.objects === undefined ? "values" : "chart" };
}

function childrenOf(parent: string, rendering: Rendering): ResourceNode[] {
  const children = rendering.resources.filter((resource) => resource.parent === parent);
  return children.toSorted(byName).map((resource) => {
    const { urn, type, name, protect, ignoreChanges, inputs, secretPaths } = resource;
    const object = rendering.objects.find((entry) => entry.resource === resource)?.object;
    const chart = rendering.charts.find(({ release }) => release.urn === urn);
    return {
      urn,
      type,
      name,
      object: object === undefined ? undefined : placeOf(object),
      protect,
      ignoreChanges,
      inputs: mask(inputs, secretPaths),
      children: childrenOf(urn, rendering),
      ...(chart === undefined ? { rendered: [] } : renderedOf(chart.rendered)),
    };
  });
}

function byName(a: Registration, b: Registration): number {
  return compare(a.name, b.name) === 0 ? compare(a.type, b.type) : compare(a.name, b.name);
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

function placeOf({ metadata: { namespace, name } }: KubernetesObject): string {
  return namespace === undefined ? name : `${namespace}/${name}`;
}

/** Every object with the name of the component at the root that it belongs to; a chart's objects included. */
function placedObjects(rendering: Rendering): { component: string; object: KubernetesObject }[] {
  const byUrn = new Map(rendering.resources.map((resource) => [resource.urn, resource]));
  const rootOf = (urn: string): string => {
    const resource = byUrn.get(urn);
    if (resource === undefined) return "";
    return resource.parent === "" ? resource.name : rootOf(resource.parent);
  };
  return [
    ...rendering.objects.map(({ resource, object }) => ({ component: rootOf(resource.urn), object })),
    ...rendering.charts.flatMap(({ release, rendered }) =>
      knownObjects(rendered).map((object) => ({ component: rootOf(release.urn), object })),
    ),
  ];
}
