import * as pulumi from "@pulumi/pulumi";
import type { z } from "zod";
import { fingerprintOf, type SecretVariables, secretVariables } from "./config/airflow/secret-variables.ts";
import { ConfigError, type ConfigProblem, warningText } from "./config/errors.ts";
import { all, setSecret } from "./config/fixes.ts";
import { problemsOf } from "./config/problems/issues.ts";
import { isKind, kindOf } from "./components/cluster/kinds.ts";
import { type ReceiverKind, receiverKind } from "./components/monitoring/alert-receiver.ts";
import { fingerprint } from "./lib/fingerprint.ts";
import { loginFingerprint } from "./config/site/proxy.ts";
import { isObject, textAt } from "./lib/json.ts";
import { keyOf, replacedAt, valueAt } from "./lib/key-path.ts";
import { refineByRules, warningsOf } from "./config/rules.ts";
import { s3KeysOf } from "./config/s3/keys.ts";
import { isUnusable } from "./config/rules/value-rules.ts";
import { configSchema } from "./config/schema.ts";

/** The schema with the rules between keys, of values that have the defaults of their kind of cluster. */
const stackSchema = configSchema
  .required({ exposure: true, postgres: true })
  .superRefine(refineByRules, { when: () => true });

type StackValues = z.output<typeof stackSchema>;

/** A stack's configuration, validated, with every default filled in. */
export type Config = Omit<StackValues, "secrets"> & {
  /** What is most likely a mistake, although it is valid. */
  warnings: ConfigProblem[];
  /** Names of the projects that are listed as removed; `projects` has the others. */
  removedProjects: string[];
  /** The values below `secrets`, each marked secret. */
  secrets: Secrets;
};

type SecretValues = StackValues["secrets"];

/** A typed look at the secret values: which exist is plain, what they are is secret. */
export interface Secrets {
  /** The names of each project's secret entries; names are not secret. */
  projectKeys: Record<string, string[]>;
  has: (path: SecretPath) => boolean;
  get: (path: SecretPath) => pulumi.Output<string>;
  project: (name: string, key: string) => pulumi.Output<string>;
  /** The keys of a client of the site's S3; `fingerprint` changes with them and is not secret. */
  s3: (client: string) => { accessKey: pulumi.Output<string>; secretKey: pulumi.Output<string>; fingerprint: string };
  /** The password of a client's login that a DBA made; `fingerprint` changes with it and is not secret. */
  login: (client: string) => { password: pulumi.Output<string>; fingerprint: string };
  /** What the site gives to Airflow; `fingerprint` changes with it and is not secret. */
  airflow: SecretVariables<pulumi.Output<string>> & { fingerprint: string | undefined };
  /** Changes with the proxy's login and is not secret. */
  proxyFingerprint: string | undefined;
  /** What the URL of the alerts' webhook asks for; undefined: there is none. */
  alertReceiver: ReceiverKind | undefined;
  /** Logins of registries, by their hosts; hosts are not secret. */
  registries: Record<string, Record<"username" | "password", pulumi.Output<string>>>;
}

type SecretPath =
  | "postgres.adminPassword"
  | "git.token"
  | "git.username"
  | "git.sshPrivateKey"
  | "git.knownHosts"
  | "alerts.webhookUrl"
  | "proxy.username"
  | "proxy.password";

/**
 * Reads the stack's configuration.
 *
 * @throws ConfigError with every problem at once, before anything is registered.
 */
export function readConfig(): Config {
  const project = pulumi.getProject();
  const config = validate(parseValues(pulumi.runtime.allConfig(), project), (key) => isSecret(`${project}:${key}`));
  const unusable = config.warnings.filter(isUnusable);
  if (unusable.length > 0 && pulumi.runtime.hasEngine()) throw new ConfigError(unusable);
  for (const warning of config.warnings) void pulumi.log.warn(warningText(warning));
  return config;
}

/**
 * Validates plain values and fills in the defaults.
 *
 * @param values the keys of the project without its prefix
 * @param isSecretKey whether a top-level key is stored encrypted
 * @param stack whose values they are, for the fixes; @default - the one that the engine runs
 * @throws ConfigError with every problem at once
 */
export function validate(
  values: Record<string, unknown>,
  isSecretKey: (key: string) => boolean = () => true,
  stack?: string,
): Config {
  const complete = withKindDefaults(values);
  const first = stackSchema.safeParse(complete);
  // People write 4 and true where the schema has a text, and so does `pulumi config set --path`.
  const parsed = first.success ? first : stackSchema.safeParse(withTexts(complete, first.error));
  const found = [
    ...(parsed.success ? [] : problemsOf(parsed.error, values)),
    ...(values.secrets !== undefined && !isSecretKey("secrets") ? [plainSecrets(values.secrets)] : []),
  ];
  const unique = [...new Map(found.map((problem) => [problem.key, problem])).values()];
  if (unique.length > 0 || !parsed.success) throw new ConfigError(unique, stack);
  const { secrets, ...config } = parsed.data;
  return {
    ...config,
    warnings: warningsOf(parsed.data),
    projects: config.projects.filter(({ removed }) => !removed),
    removedProjects: config.projects.filter(({ removed }) => removed).map(({ name }) => name),
    secrets: secretsOf(secrets),
  };
}

function plainSecrets(values: unknown): ConfigProblem {
  const keys = pathsOfTexts(values, ["secrets"]).map(keyOf);
  return { key: "secrets", found: "values in plain text", allowed: "encrypted values", fix: all(keys.map(setSecret)) };
}

function pathsOfTexts(value: unknown, path: readonly PropertyKey[]): (readonly PropertyKey[])[] {
  if (!isObject(value)) return [path];
  return Object.entries(value).flatMap(([key, inner]) => pathsOfTexts(inner, [...path, key]));
}

/** The values with a number's or a boolean's text, where the schema refuses the number or boolean for a text. */
function withTexts(values: Record<string, unknown>, { issues }: z.ZodError): unknown {
  const refused = issues.filter((issue) => issue.code === "invalid_type" && issue.expected === "string");
  return refused.reduce<unknown>((inner, { path }) => {
    const value = valueAt(inner, path);
    const isWritten = typeof value === "number" || typeof value === "boolean";
    return isWritten ? replacedAt(inner, path, String(value)) : inner;
  }, values);
}

/** Fills in the sections whose default depends on the kind of cluster, so that the rules see the whole. */
function withKindDefaults(values: Record<string, unknown>): Record<string, unknown> {
  const kind = textAt(values, "cluster.kind");
  // An unknown kind is a problem by itself; these defaults add none.
  const { exposure, postgres, imageRegistry } = kindOf({
    kind: kind !== undefined && isKind(kind) ? kind : "existing",
  }).defaults;
  return {
    exposure: { kind: exposure },
    postgres: { kind: postgres },
    ...values,
    ...(values.imageRegistry === undefined || values.imageRegistry === "" ? { imageRegistry } : {}),
  };
}

/** This project's values out of the engine's flat map, where objects and lists are JSON. */
export function parseValues(all: Record<string, string>, project: string): Record<string, unknown> {
  const own = Object.entries(all).filter(([name]) => name.startsWith(`${project}:`));
  const values = own.map(([name, text]) => {
    const key = name.slice(project.length + 1);
    return [key, texts.has(key) ? text : parseValue(text)] as const;
  });
  // Pulumi.yaml cannot declare an optional object without a value: an empty one stands for the default. An empty text
  // is a key of the stack's file without a value.
  return Object.fromEntries(
    values.filter(
      ([key, value]) => !(key in configSchema.shape) || texts.has(key) || (!isEmptyObject(value) && value !== ""),
    ),
  );
}

const isEmptyObject = (value: unknown) => isObject(value) && Object.keys(value).length === 0;

function parseValue(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    // The schema then says what is allowed instead of this text.
    return text;
  }
}

/** Keys whose value is a text even where it reads like JSON, such as the tag 1.0. */
const texts = new Set([
  "clusterStack",
  "namespace",
  "projectNamespacePrefix",
  "platformId",
  "imageRegistry",
  "imageTag",
  "imageMirror",
]);

function secretsOf(values: SecretValues): Secrets {
  const at = (path: SecretPath): string | undefined => {
    const [group, name] = path.split(".");
    const value = valueAt(values, [group ?? "", name ?? ""]);
    return typeof value === "string" ? value : undefined;
  };
  const secret = (value: string | undefined, path: string) => {
    if (value === undefined) throw new ConfigError([missing(path)]);
    return pulumi.secret(value);
  };
  return {
    projectKeys: Object.fromEntries(
      Object.entries(values.projects).map(([name, entries]) => [name, Object.keys(entries)]),
    ),
    has: (path) => at(path) !== undefined,
    get: (path) => secret(at(path), path),
    project: (name, key) => secret(values.projects[name]?.[key], `projects.${name}.${key}`),
    s3: (client) => {
      const keys = s3KeysOf(values.s3, client);
      return {
        accessKey: secret(keys?.accessKey, "s3.accessKey"),
        secretKey: secret(keys?.secretKey, "s3.secretKey"),
        fingerprint: keys?.fingerprint ?? "",
      };
    },
    login: (client) => {
      const password = values.postgres?.logins[client];
      return {
        password: secret(password, `postgres.logins.${client}`),
        fingerprint: fingerprint(password, "postgres"),
      };
    },
    airflow: airflowSecrets(secretVariables(values.airflow)),
    proxyFingerprint: loginFingerprint(values.proxy),
    alertReceiver: values.alerts === undefined ? undefined : receiverKind(values.alerts.webhookUrl),
    registries: Object.fromEntries(
      Object.entries(values.registries).map(([host, { username, password }]) => [
        host,
        { username: pulumi.secret(username), password: pulumi.secret(password) },
      ]),
    ),
  };
}

function airflowSecrets(values: SecretVariables<string>): Secrets["airflow"] {
  const marked = (variables: Record<string, string>) =>
    Object.fromEntries(Object.entries(variables).map(([name, value]) => [name, pulumi.secret(value)]));
  return {
    environment: marked(values.environment),
    connections: marked(values.connections),
    fingerprint: fingerprintOf(values),
  };
}

function missing(path: string): ConfigProblem {
  const key = `secrets.${path}`;
  return { key, found: "nothing", allowed: "a secret value", fix: setSecret(key) };
}

/** The SDK keeps this one internal although the engine always sets what it reads. */
function isSecret(key: string): boolean {
  const runtime: { isConfigSecret?: (key: string) => boolean } = pulumi.runtime as object;
  return runtime.isConfigSecret?.(key) ?? true;
}
