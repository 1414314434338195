import { bold, dim } from "../../lib/terminal.ts";
import type { ResourceNode } from "./report.ts";

/** The tree of resources, a line each; what a chart makes stands below the chart. */
export function treeOf(nodes: readonly ResourceNode[], indent = ""): string[] {
  return nodes.flatMap((node, i) => {
    const isLast = i === nodes.length - 1;
    const inner = `${indent}${isLast ? "   " : "│  "}`;
    const rendered = node.rendered.map((part, j) => `${inner}${j === node.rendered.length - 1 ? "└─ " : "├─ "}${part}`);
    return [`${indent}${isLast ? "└─ " : "├─ "}${lineOf(node)}`, ...treeOf(node.children, inner), ...rendered];
  });
}

/** How many resources there are. */
export function countOf(nodes: readonly ResourceNode[]): number {
  return nodes.reduce((total, node) => total + 1 + countOf(node.children), 0);
}

function lineOf({ type, name, object, protect, renderedFrom }: ResourceNode): string {
  const isComponent = type.startsWith("mlops:");
  const label = `${isComponent ? bold(name) : name} ${dim(kindOf(type))}`;
  const source = renderedFrom === "values" ? ", its pods from its values" : "";
  return `${label}${placeOf(name, object)}${protect ? " protected" : ""}${source}`;
}

/** The namespace of an object alone where the resource's name tells the object's. */
function placeOf(name: string, object: string | undefined): string {
  if (object === undefined || object === name) return "";
  const [namespace = "", own = ""] = object.split("/");
  return [own, `${namespace}-${own}`, `${own}-${namespace}`].includes(name) ? ` in ${namespace}` : ` ${object}`;
}

/** `Deployment` for `kubernetes:apps/v1:Deployment`; a provider by its package, a cloud's resource with its service. */
export function kindOf(type: string): string {
  const [scope = "", module = "", name = ""] = type.split(":");
  if (scope === "pulumi") return `provider ${name}`;
  // The others are clouds, of which a stack may have two.
  if (["kubernetes", "mlops", "random", "docker-build"].includes(scope)) return name;
  return `${scope}.${module.split("/")[0]}.${name}`;
}
