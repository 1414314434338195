import { clouds } from "../../components/cluster/kinds.ts";
import { ask, byHand } from "../fixes.ts";
import { projectNamespace } from "../project-namespace.ts";
import type { Rule } from "../rule.ts";
import type { StackConfig } from "../sections.ts";

const kubernetesNamespaces = ["default", "kube-system", "kube-public", "kube-node-lease"];
/** Roles, databases and users that the platform or Postgres itself creates. */
const platformNames = [
  "admin",
  "airflow",
  "backup",
  "exporter",
  "grafana",
  "mlflow",
  "mlflow-auth",
  "mlops-admin",
  "none",
  "postgres",
  "public",
  "template0",
  "template1",
  ...clouds.flatMap(({ postgresNames }) => postgresNames),
];

type Stack = StackConfig<unknown>;

/** Rules for the name of each project. */
export function projectRules({ projects }: Stack): Rule<unknown>[] {
  return [...projects.keys()].flatMap(nameRules);
}

/** Rules for the secrets: each belongs to a listed project. */
export function projectSecretRules({ secrets }: Stack): Rule<unknown>[] {
  return Object.keys(secrets.projects).map((name) => ({
    key: ["secrets", "projects", name],
    broken: ({ projects }) => projects.every((project) => project.name !== name),
    found: "secrets of a project that projects does not list",
    allowed: ({ projects }) => projects.map((project) => project.name).join(", ") || "nothing, since projects is empty",
    fix: (key) => byHand(`add ${name} to projects, or remove ${key}`),
  }));
}

const free = "a name that no namespace or role of the platform uses";

function nameRules(i: number): Rule<unknown>[] {
  const nameIn = ({ projects }: Stack, index = i) => projects[index]?.name ?? "";
  const rules: Pick<Rule<unknown>, "broken" | "allowed">[] = [
    { broken: (config) => platformNames.includes(nameIn(config)), allowed: free },
    { broken: (config) => platformNames.includes(`${config.postgres.prefix}${nameIn(config)}`), allowed: free },
    {
      broken: (config) =>
        [...kubernetesNamespaces, config.namespace].includes(
          projectNamespace(config.projectNamespacePrefix, nameIn(config)),
        ),
      allowed: ({ projectNamespacePrefix: prefix }) =>
        prefix === "" ? free : `${free}, with or without the prefix ${prefix}`,
    },
    ...Array.from({ length: i }, (_, before) => ({
      broken: (config: Stack) => nameIn(config) === nameIn(config, before),
      allowed: "a name that no other project uses",
    })),
  ];
  return rules.map((rule) => ({ ...rule, key: ["projects", i, "name"], fix: ask }));
}
