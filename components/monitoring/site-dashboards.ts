import { isObject } from "../../lib/json.ts";
import { dataFiles } from "../objects/data-files.ts";
import { sha256 } from "../objects/rollout.ts";
import { type Scope, scopedQuery } from "./scoped-queries.ts";
import type { Jobs } from "./site-rules.ts";

/** How Grafana writes the range of a rate, which is not PromQL, and a range that no dashboard has. */
const rateInterval = "$__rate_interval";
const standIn = "86399s";

/** Source: https://grafana.com/docs/grafana/latest/developers/http_api/dashboard/#identifier-id-vs-unique-identifier-uid */
const maxUidLength = 40;

/**
 * The dashboards of `dashboards/` for a Grafana that has others too, by the name of their file.
 *
 * @param datasource uid of its data source
 */
export function siteDashboards(
  scope: Scope,
  { absent }: Pick<Jobs, "absent">,
  datasource: string,
): Record<string, string> {
  const files = Object.entries(dataFiles("dashboards", ".json"));
  return Object.fromEntries(
    files
      .filter(([file]) => !absent.some((job) => file === `${job}.json`))
      .map(([file, text]) => [file, JSON.stringify(ofSite(JSON.parse(text), scope, datasource), null, 2)]),
  );
}

/** The same with other names for what has to be unique, and its queries for this platform. */
function ofSite(dashboard: unknown, scope: Scope, datasource: string): unknown {
  if (!isObject(dashboard)) throw new Error("a dashboard is not an object");
  const { platform } = scope;
  const links = Array.isArray(dashboard.links) ? dashboard.links.filter(isObject) : [];
  return {
    ...(withQueries(dashboard, scope, datasource) as object),
    uid: uidOf(`${platform}-${String(dashboard.uid)}`),
    title: `${platform} / ${String(dashboard.title)}`,
    tags: [platform],
    // They list the dashboards with a tag.
    links: links.map((link) => ({ ...link, tags: [platform] })),
  };
}

/** Grafana refuses longer ones, and a platform's namespace alone may be as long. */
function uidOf(name: string): string {
  if (name.length <= maxUidLength) return name;
  const hash = sha256(name).slice(0, 8);
  return `${name.slice(0, maxUidLength - hash.length - 1)}-${hash}`;
}

/** Walks through a dashboard: queries are below `expr`, in variables below `query` and `definition`. */
function withQueries(value: unknown, scope: Scope, datasource: string): unknown {
  if (Array.isArray(value)) return value.map((item) => withQueries(item, scope, datasource));
  if (!isObject(value)) return value;
  const isSource = value.type === "prometheus" && typeof value.uid === "string";
  if (isSource) return { ...value, uid: datasource };
  return Object.fromEntries(
    Object.entries(value).map(([key, inner]) => {
      if (key === "expr" && typeof inner === "string") return [key, panelQuery(inner, scope)];
      if ((key === "query" || key === "definition") && typeof inner === "string")
        return [key, variableQuery(inner, scope)];
      return [key, withQueries(inner, scope, datasource)];
    }),
  );
}

function panelQuery(expr: string, scope: Scope): string {
  return scopedQuery(expr.replaceAll(rateInterval, standIn), scope).replaceAll(standIn, rateInterval);
}

/** `label_values(selector, label)`, which is Grafana's and not PromQL. */
function variableQuery(query: string, scope: Scope): string {
  return query.replace(
    /^label_values\((.+), *(\w+)\)$/,
    (_, selector: string, label: string) => `label_values(${scopedQuery(selector, scope)}, ${label})`,
  );
}
