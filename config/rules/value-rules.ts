import type { ClusterConfig } from "../../components/cluster/kinds.ts";
import { keyOf, valueAt } from "../../lib/key-path.ts";
import type { ConfigProblem } from "../errors.ts";
import { ask, encrypt } from "../fixes.ts";
import { looksRandom, whySecret } from "../likely-secret.ts";
import type { Rule } from "../rule.ts";
import type { StackConfig } from "../sections.ts";

type Stack = StackConfig<ClusterConfig>;
type Found = Rule<ClusterConfig>;

/**
 * Values that no site has, wherever they stand.
 *
 * @param config as it is written: the schema may have refused some of it
 */
export function valueRules(config: unknown): Found[] {
  return [...textsOf(config)].flatMap(([path, text]) => [
    ...(isOwn(path) || !isPlaceholder(text) ? [] : [unfilled(path)]),
    ...secretRules(config, path, whySecret("", text)),
  ]);
}

/** Values that a site most likely does not have. */
export function valueWarnings(config: Stack): Found[] {
  return [...textsOf(config)].flatMap(([path, text]) => [
    ...(isExample(text) || (isOwn(path) && isPlaceholder(text)) ? [unfilled(path)] : []),
    ...secretRules(config, path, whySecret(String(path.at(-1)), text) ?? (looksRandom(text) ? random : undefined)),
  ]);
}

/** Where a user's own values are, which may be any text. */
function isOwn([section, , name]: readonly PropertyKey[]): boolean {
  return (section === "projects" && name === "config") || section === "airflow";
}

/** `<your-project>`, CHANGE_ME and their kind. */
const isPlaceholder = (text: string) =>
  /^<[^<>\n]+>$|CHANGE[-_ ]?ME|REPLACE[-_ ]?(ME|THIS|IT)\b|^(TODO|FIXME|XXX+)$/i.test(text);

/** Hosts of documentation, which are free for examples. */
const hosts = /\bexample\.(org|com|net)\b|\.example\b/;

/** Names, addresses and accounts of documentation. */
const others = /\byour-[a-z]|\b(192\.0\.2|198\.51\.100|203\.0\.113)\.\d|\b(111122223333|123456789012)\b/;

const isExample = (text: string) => hosts.test(text) || others.test(text);

/** What is allowed where a value is that of an example. */
export const exampleValue = "a value of your own, not that of an example";

/**
 * Whether a value of an example would lock its user out, or leave nothing that works: a project, an account or a network
 * of documentation. A preview without the engine shows the checked-in stacks, which have such values.
 */
export function isUnusable({ key, found, allowed }: ConfigProblem): boolean {
  if (allowed !== exampleValue) return false;
  return /^cluster\.(project|authorizedNetworks)\b/.test(key) || (key === "imageRegistry" && !hosts.test(found));
}

function unfilled(path: readonly PropertyKey[]): Found {
  return { key: [...path], broken: () => true, allowed: exampleValue, fix: ask };
}

/** Entries of a project's ConfigMap, which everyone who sees the cluster or the repository can read. */
function secretRules(config: unknown, path: readonly PropertyKey[], reason: string | undefined): Found[] {
  const [section, i = 0, kind, name = ""] = path;
  if (section !== "projects" || kind !== "config" || reason === undefined) return [];
  const target = ["secrets", "projects", String(valueAt(config, ["projects", i, "name"])), name];
  return [
    {
      key: [...path],
      broken: () => true,
      found: reason,
      allowed: `no secret in plain text; store it as ${keyOf(target)}`,
      fix: () => encrypt(path, target, config),
    },
  ];
}

const random = "a random text, as keys and tokens are";

/** Every text of a configuration except the secrets and the default e-mail address. */
function* textsOf(value: unknown, path: readonly PropertyKey[] = []): Generator<[readonly PropertyKey[], string]> {
  if (typeof value === "string") yield [path, value];
  if (path.length === 1 && path[0] === "secrets") return;
  if (Array.isArray(value)) for (const [i, item] of value.entries()) yield* textsOf(item, [...path, i]);
  else if (typeof value === "object" && value !== null) {
    for (const [key, item] of Object.entries(value)) if (key !== "adminEmail") yield* textsOf(item, [...path, key]);
  }
}
