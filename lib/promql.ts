// What a PromQL query names and compares, read by Prometheus' own grammar.
import { parser } from "@prometheus-io/lezer-promql";

type SyntaxNode = ReturnType<typeof parser.parse>["topNode"];

/** The metrics that a query names, each once. */
export function metricsOf(query: string): string[] {
  const selectors = nodesOf(query).filter(({ name }) => name === "VectorSelector");
  const names = selectors.flatMap((selector) => selector.getChild("Identifier") ?? []);
  return [...new Set(names.map(({ from, to }) => query.slice(from, to)))];
}

/**
 * A query with more matchers in its selectors.
 *
 * @param matchersFor the matchers to add to a selector, such as `namespace="mlops"`, by its metric and its own matchers
 */
export function withMatchers(query: string, matchersFor: (metric: string, own: string) => readonly string[]): string {
  const selectors = nodesOf(query).filter(({ name }) => name === "VectorSelector");
  // From the end, so that positions before it stay.
  return selectors.toReversed().reduce((text, selector) => {
    const metric = selector.getChild("Identifier");
    const own = selector.getChild("LabelMatchers");
    const inner = own === null ? "" : query.slice(own.from + 1, own.to - 1).trim();
    const added = matchersFor(metric === null ? "" : query.slice(metric.from, metric.to), inner);
    const matchers = [...added, ...(inner === "" ? [] : [inner])];
    if (added.length === 0) return text;
    return `${text.slice(0, own?.from ?? selector.to)}{${matchers.join(", ")}}${text.slice(selector.to)}`;
  }, query);
}

/**
 * A query without the thresholds that only trouble crosses: it has data wherever what it watches is there.
 *
 * Alerts and tables of what is wrong are empty on a platform that is well.
 */
export function withoutThresholds(query: string): string {
  const cuts = nodesOf(query).flatMap(thresholdOf);
  const kept = [...cuts, { from: query.length, to: query.length }].sort((a, b) => a.from - b.from);
  return kept.map(({ from }, i) => query.slice(kept[i - 1]?.to ?? 0, from)).join("");
}

const comparisons = new Set(["Eql", "Neq", "Gtr", "Gte", "Lss", "Lte"]);

/** The text from a comparison's operator to its end, where what it compares with is a number. */
function thresholdOf({ name, firstChild: left, lastChild: right }: SyntaxNode): { from: number; to: number }[] {
  if (name !== "BinaryExpr" || left === null || right === null) return [];
  const isThreshold = comparisons.has(left.nextSibling?.name ?? "") && isConstant(right);
  return isThreshold ? [{ from: left.to, to: right.to }] : [];
}

function isConstant(expression: SyntaxNode): boolean {
  return descendants(expression).every(({ name }) => name !== "VectorSelector" && name !== "FunctionCall");
}

/** @throws Error for what is not PromQL */
function nodesOf(query: string): SyntaxNode[] {
  const nodes = descendants(parser.parse(query).topNode);
  const wrong = nodes.find(({ type }) => type.isError);
  if (wrong !== undefined) throw new Error(`found ${query}, which is not valid PromQL at character ${wrong.from + 1}`);
  return nodes;
}

function descendants(root: SyntaxNode): SyntaxNode[] {
  const nodes: SyntaxNode[] = [];
  root.cursor().iterate(({ node }) => void nodes.push(node));
  return nodes;
}
