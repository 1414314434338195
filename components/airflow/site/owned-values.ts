import { type Owner, ownerOfVariable } from "./owned-settings.ts";

/** Chart values that a site cannot set, by their paths; `**.` stands for any place. */
interface OwnedValues {
  paths: readonly string[];
  /** The values that are refused. @default - all */
  isRefused?: (value: unknown) => boolean;
  owner: Owner;
}

const jobs = ["createUserJob", "migrateDatabaseJob"];
const below = (parents: readonly string[], keys: readonly string[]) =>
  parents.flatMap((parent) => keys.map((key) => `${parent}.${key}`));
const anywhere = (...keys: string[]) => keys.map((key) => `**.${key}`);
const is = (refused: unknown) => (value: unknown) => value === refused;
const restricted: Owner = { because: "Pod Security refuses it at the level restricted, which the namespace enforces" };

const ownedValues: readonly OwnedValues[] = [
  { paths: ["executor"], owner: { use: "airflow.executor" } },
  { paths: ["config"], owner: { use: "airflow.config" } },
  { paths: ["env"], owner: { use: "airflow.environment" } },
  { paths: ["secret", "extraEnv", "extraEnvFrom", "extraSecrets"], owner: { use: "secrets.airflow.environment" } },
  {
    paths: [
      ...["defaultAirflowRepository", "defaultAirflowTag", "defaultAirflowDigest", "airflowVersion"],
      ...below(["images"], ["airflow", "pod_template"]),
    ],
    owner: { use: "airflow.image" },
  },
  { paths: ["fernetKey", "fernetKeySecretName"], owner: { use: "rotation.fernet" } },
  {
    paths: [
      ...["apiSecretKey", "apiSecretKeySecretName", "jwtSecret", "jwtSecretName", "webserverSecretKey"],
      ...["webserverSecretKeySecretName", "redis.password", "redis.passwordSecretName"],
    ],
    owner: { use: "rotation.sessions" },
  },
  { paths: ["data", "postgresql"], owner: { use: "postgres" } },
  { paths: ["pgbouncer"], owner: { because: "it needs the database's password among the values" } },
  { paths: ["redis.enabled"], owner: { use: "airflow.redis" } },
  { paths: ["logs"], owner: { use: "airflow.logs" } },
  {
    paths: [
      "dagProcessor.dagBundleConfigList",
      ...below(["dags.gitSync"], ["enabled", "repo", "branch", "ref", "rev", "subPath", "period", "credentialsSecret"]),
      ...below(["dags.gitSync"], ["sshKey", "sshKeySecret", "knownHosts", "env", "envFrom"]),
    ],
    owner: { use: "airflow.dags" },
  },
  {
    paths: ["rbac", "allowPodLaunching", "allowJobLaunching", "multiNamespaceMode", ...anywhere("serviceAccount")],
    owner: { because: "each component has an account with the few rights that it needs" },
  },
  { paths: ["networkPolicies"], owner: { use: "airflow.egress" } },
  {
    paths: ["enableBuiltInSecretEnvVars"],
    owner: { because: "it keeps the database and the keys from the pods of tasks" },
  },
  {
    paths: below(jobs, ["enabled", "command", "args", "env", "defaultUser", "applyCustomEnv"]),
    owner: { because: "the Job sets up the database and the administrator, whose password is not an argument" },
  },
  { paths: anywhere("ttlSecondsAfterFinished"), owner: { because: "a Job that vanishes runs again with each update" } },
  {
    paths: anywhere("useHelmHooks"),
    isRefused: (value) => value !== false,
    owner: { because: "Pulumi does not run Helm's hooks" },
  },
  {
    paths: ["nameOverride", "fullnameOverride", "useStandardNaming", "ports", "airflowHome"],
    owner: { because: "NetworkPolicies, alerts and mounts name the chart's objects, ports and paths" },
  },
  {
    paths: below(["workers"], ["resources", "env", "replicas", "extraVolumes", "extraVolumeMounts", "persistence"]),
    owner: { because: "the chart ignores it beside workers.kubernetes and workers.celery, which the platform sets" },
  },
  { paths: ["podTemplate"], owner: { because: "the platform sets workers.kubernetes, which the template is made of" } },
  { paths: ["uid", ...anywhere("runAsUser")], isRefused: is(0), owner: restricted },
  { paths: anywhere("runAsNonRoot"), isRefused: is(false), owner: restricted },
  {
    paths: anywhere("privileged", "allowPrivilegeEscalation", "hostNetwork", "hostPID", "hostIPC"),
    isRefused: is(true),
    owner: restricted,
  },
  { paths: anywhere("hostPath", "capabilities.add", "seccompProfile.type"), isRefused: isUnsafe, owner: restricted },
  {
    paths: anywhere(
      "securityContext",
      "securityContexts",
      ...below(["securityContexts"], ["pod", "container", "containers"]),
    ),
    isRefused: is(null),
    owner: restricted,
  },
];

/** Profiles that `restricted` takes; a path of the node and an added capability are refused whatever they are. */
function isUnsafe(value: unknown): boolean {
  return value !== "RuntimeDefault" && value !== "Localhost";
}

const patterns = ownedValues.flatMap(({ paths, isRefused = () => true, owner }) =>
  paths.map((path) => ({ pattern: expressionOf(path), isRefused, owner })),
);

/** Who owns a chart value at a path of keys and positions; undefined: the site may set it. */
export function ownerOfValue(path: readonly PropertyKey[], value: unknown): Owner | undefined {
  const name = variableAt(path, value);
  if (name !== undefined) return ownerOfVariable(name);
  const text = path.map(String).join(".");
  return patterns.find(({ pattern, isRefused }) => pattern.test(text) && isRefused(value))?.owner;
}

/** The name of a variable among a container's. */
function variableAt(path: readonly PropertyKey[], value: unknown): string | undefined {
  const isName = path.at(-1) === "name" && typeof path.at(-2) === "number" && path.at(-3) === "env";
  return isName && typeof value === "string" ? value : undefined;
}

function expressionOf(path: string): RegExp {
  const text = path.replaceAll(".", "\\.").replace(/^\*\*\\\./, "(?:.*\\.)?");
  return new RegExp(`^${text}$`);
}
