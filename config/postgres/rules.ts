import type { ClusterConfig } from "../../components/cluster/kinds.ts";
import { closest } from "../../lib/closest.ts";
import { all, ask, byHand, removeUnlessSecret, renameEntry, setSecret } from "../fixes.ts";
import type { Rule } from "../rule.ts";
import type { StackConfig } from "../sections.ts";
import { databaseClientNames, exporterClient, platformClients } from "./clients.ts";
import type { GivenDatabases } from "./schema.ts";

type Stack = StackConfig<ClusterConfig>;

/** The databases of a DBA; undefined: the platform creates its own. */
function databasesOf({ postgres }: Stack): GivenDatabases | undefined {
  return postgres.kind === "external" ? postgres.databases : undefined;
}

const isGiven = (config: Stack) => databasesOf(config) !== undefined;
const madeByDba = "since postgres.databases names what a DBA makes (docs/site.md)";

/** Rules for who makes roles and databases. */
export const postgresRules: Rule<ClusterConfig>[] = [
  {
    key: "secrets.postgres.adminPassword",
    broken: (config) =>
      config.postgres.kind === "external" && !isGiven(config) && config.secrets.postgres?.adminPassword === undefined,
    allowed:
      "a value, since postgres.kind is external; or postgres.databases, if a DBA makes databases and logins (docs/site.md)",
    fix: setSecret,
  },
  {
    key: "secrets.postgres.adminPassword",
    broken: (config) => isGiven(config) && config.secrets.postgres?.adminPassword !== undefined,
    allowed: `no value, ${madeByDba}`,
  },
  {
    key: "postgres.adminUser",
    broken: (config) =>
      isGiven(config) && config.postgres.kind === "external" && config.postgres.adminUser !== "postgres",
    allowed: `no value, ${madeByDba}`,
  },
  {
    key: "postgres.prefix",
    broken: (config) => isGiven(config) && config.postgres.prefix !== "",
    allowed: `no value, ${madeByDba}`,
  },
  {
    key: "postgres.extensions",
    broken: (config) => isGiven(config) && config.postgres.extensions.length > 0,
    allowed: `no value, ${madeByDba}; the DBA creates the extensions`,
  },
  {
    key: "secrets.postgres.logins",
    broken: (config) => !isGiven(config) && Object.keys(config.secrets.postgres?.logins ?? {}).length > 0,
    found: "passwords of logins",
    allowed: "no value without postgres.databases",
    fix: databasesOfLogins,
  },
  {
    key: "secrets.postgres.logins.grafana",
    broken: ({ secrets }) => /[\s'\\$%]/.test(secrets.postgres?.logins.grafana ?? ""),
    found: "a password with a space, ', \\, $ or %",
    allowed: "a password without them, since Grafana passes it on to Postgres without quotes",
    fix: setSecret,
  },
];

/** The passwords stay: they say that a DBA made databases, which the file does not name yet. */
function databasesOfLogins(key: string, config: Stack): string {
  const { postgres, secrets } = config;
  if (postgres.kind !== "external" || secrets.postgres?.adminPassword !== undefined)
    return byHand(`remove ${key}, if you have the passwords elsewhere or no longer need them`);
  const withExporter = secrets.postgres?.logins[exporterClient] === undefined ? [] : [exporterClient];
  return all(
    [...databaseClientNames(config), ...withExporter].map((client) => askDatabase(`postgres.databases.${client}`)),
  );
}

const askDatabase = (key: string) => all([ask(`${key}.name`), ask(`${key}.user`)]);

/** Rules for the databases of single clients: each has one of its own, with a login and its password. */
export function databaseRules(config: Stack): Rule<ClusterConfig>[] {
  const databases = databasesOf(config);
  if (databases === undefined) return [];
  const needed = databaseClientNames(config);
  const withLogin = [...needed, ...(exporterClient in databases ? [exporterClient] : [])];
  const logins = Object.keys(config.secrets.postgres?.logins ?? {});
  return [
    ...needed.map(missingDatabase),
    ...withLogin.map(missingPassword),
    ...Object.keys(databases).flatMap((client) => [unknownClient(["postgres", "databases", client])]),
    ...logins.map((client) => unknownClient(["secrets", "postgres", "logins", client])),
    ...needed.map((client, i) => sharedDatabase(client, needed.slice(0, i))),
  ];
}

const projectOf = ({ projects }: Stack, client: string) => projects.findIndex(({ name }) => name === client);

function missingDatabase(client: string): Rule<ClusterConfig> {
  return {
    key: ["postgres", "databases", client],
    broken: (config) => isMissing(client, databasesOf(config) ?? {}, config),
    found: "nothing",
    allowed: (config) => {
      const project = projectOf(config, client);
      const without =
        project < 0 ? "" : `; for a project without a database, set projects[${project}].database to false`;
      return `the name and the user of ${client}'s database${without}`;
    },
    fix: askDatabase,
  };
}

function missingPassword(client: string): Rule<ClusterConfig> {
  return {
    key: ["secrets", "postgres", "logins", client],
    broken: (config) => isMissing(client, config.secrets.postgres?.logins ?? {}, config),
    found: "nothing",
    allowed: (config) => {
      const user = databasesOf(config)?.[client]?.user;
      return `the password of ${user === undefined ? "" : `${user}, `}the user of postgres.databases.${client}`;
    },
    fix: setSecret,
  };
}

function unknownClient(key: string[]): Rule<ClusterConfig> {
  const client = key.at(-1) ?? "";
  return {
    key,
    broken: (config) => !known(config).includes(client),
    found: "a client that has no database",
    allowed: (config) =>
      projectOf(config, client) < 0
        ? known(config).join(", ")
        : `no value, since projects[${projectOf(config, client)}].database is false`,
    fix: (name, config) =>
      projectOf(config, client) < 0 ? renameEntry(key, known(config), config) : removeUnlessSecret(name),
  };
}

/** The clients that may have a database, also those that the stack's monitoring or a removed project needs no longer. */
function known(config: Stack): string[] {
  const removed = config.projects.filter((project) => project.removed).map(({ name }) => name);
  return [...new Set([...platformClients, ...databaseClientNames(config), exporterClient, ...removed])];
}

/** Whether a client has no entry; an entry whose name is misspelt is one problem, not two. */
function isMissing(client: string, entries: Readonly<Record<string, unknown>>, config: Stack): boolean {
  const names = known(config);
  const isMeant = (name: string) => !names.includes(name) && closest(name, names) === client;
  return entries[client] === undefined && !Object.keys(entries).some(isMeant);
}

function sharedDatabase(client: string, before: string[]): Rule<ClusterConfig> {
  const nameOf = (config: Stack, name: string) => databasesOf(config)?.[name]?.name;
  const other = (config: Stack) => before.find((name) => nameOf(config, name) === nameOf(config, client));
  return {
    key: ["postgres", "databases", client, "name"],
    broken: (config) => nameOf(config, client) !== undefined && other(config) !== undefined,
    allowed: (config) => `a database of its own: ${other(config)} uses this one, and both have tables of the same name`,
    fix: ask,
  };
}
