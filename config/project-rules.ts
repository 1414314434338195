import { type ConfigProblem, remove, set, shown } from "./errors.ts";
import { type Facts, object, text } from "./facts.ts";
import { projectNamespace } from "./project-namespace.ts";

const kubernetesNamespaces = ["default", "kube-system", "kube-public", "kube-node-lease"];
/** Roles, databases and users that the platform or Postgres itself makes. */
const platformNames = [
  "admin",
  "airflow",
  "cloudsqladmin",
  "cloudsqlsuperuser",
  "backup",
  "exporter",
  "mlflow",
  "mlflow-auth",
  "mlops-admin",
  "none",
  "postgres",
  "public",
  "rdsadmin",
  "template0",
  "template1",
];

/** What must hold between projects, a problem for each one that is wrong. */
export function projectProblems(facts: Facts): ConfigProblem[] {
  const { namespace, projectNamespacePrefix, projects, postgres, secrets } = facts;
  const names = projects.map((project) => object(project).name);
  const isTaken = (name: unknown) =>
    platformNames.includes(text(name)) ||
    platformNames.includes(`${text(postgres.prefix)}${text(name)}`) ||
    [...kubernetesNamespaces, namespace].includes(projectNamespace(projectNamespacePrefix, text(name)));
  const wrong = names.flatMap((name, i) => {
    const key = `projects[${i}].name`;
    const fix = set(key, "<other>");
    if (names.indexOf(name) < i)
      return [{ key, found: shown(name, key), allowed: "a name that no other project has", fix }];
    const behind = projectNamespacePrefix === "" ? "" : `, nor a namespace behind ${projectNamespacePrefix}`;
    const allowed = `a name that neither a namespace nor a role of the platform has${behind}`;
    return isTaken(name) ? [{ key, found: shown(name, key), allowed, fix }] : [];
  });
  const unlisted = Object.keys(object(secrets.projects)).filter((name) => !names.includes(name));
  return [
    ...wrong,
    ...unlisted.map((name) => ({
      key: `secrets.projects.${name}`,
      found: "secrets of a project that is not listed",
      allowed: names.map(String).join(", ") || "no project",
      fix: remove(`secrets.projects.${name}`),
    })),
  ];
}
