import { type ClusterConfig, isCloud, kindOf } from "../../components/cluster/kinds.ts";
import { ask, printOutput, remove, set, setFromFile, setSecret } from "../fixes.ts";
import { exactTag, isExact } from "../image-tag.ts";
import type { Rule } from "../rule.ts";
import type { StackConfig } from "../sections.ts";

type Stack = StackConfig<ClusterConfig>;

const usesCelery = ({ airflow }: Stack) => airflow.executor.includes("CeleryExecutor");
const platformOnly = ({ layers }: Stack) => layers.includes("platform") && !layers.includes("cluster");

type GitSource = Extract<Stack["airflow"]["dags"], { kind: "git" }>;

/** Whether a condition holds for the repository; false if the DAGs are not in a repository. */
const ofRepository =
  (holds: (source: GitSource, isHttps: boolean) => boolean) =>
  ({ airflow: { dags } }: Stack): boolean =>
    dags.kind === "git" && holds(dags, dags.repository.startsWith("https://"));

/** Rules between the keys of any stack. */
export const platformRules: Rule<ClusterConfig>[] = [
  {
    key: "platformId",
    broken: ({ createNamespaces, layers, platformId }) =>
      !createNamespaces && layers.includes("platform") && platformId === "",
    found: "nothing",
    allowed: `the 16 hexadecimal digits with which the site labels its namespaces, since createNamespaces is false; for a deployed stack, those that \`${printOutput("platformId")}\` prints; for a new one, those of \`openssl rand -hex 8\``,
    // No command chooses between the two: an error of the first must not give a deployed stack another id.
    fix: ask,
  },
  {
    key: "rotation.fernetRetired",
    broken: ({ rotation }) => rotation.fernetRetired >= rotation.fernet,
    allowed: ({ rotation }) => `a number below rotation.fernet, which is ${rotation.fernet}`,
  },
  {
    key: "airflow.redis",
    broken: (config) => usesCelery(config) && config.airflow.redis === false,
    allowed: ({ airflow }) => `true with executor ${airflow.executor}`,
    fix: true,
  },
  {
    key: "airflow.redis",
    broken: (config) => !usesCelery(config) && config.airflow.redis === true,
    allowed: ({ airflow }) => `false with executor ${airflow.executor}`,
    fix: false,
  },
  {
    key: "airflow.image",
    broken: ({ airflow: { image } }) => image !== undefined && !isExact(image),
    allowed: `an image with a digest or ${exactTag}`,
    fix: ask,
  },
  {
    key: "minio.image",
    broken: ({ minio: { image } }) => image !== undefined && !isExact(image),
    allowed: `an image with a digest or ${exactTag}`,
    fix: ask,
  },
  {
    key: "imageRegistry",
    broken: ({ cluster, imageRegistry, layers }) =>
      isCloud(cluster) && layers.includes("platform") && imageRegistry.startsWith("localhost"),
    allowed: ({ cluster }) =>
      `the registry that \`make images REGISTRY=…\` pushed to${kindOf(cluster).defaults.imageRegistry === "" ? ", or no value: the program then builds the images" : ""}; ${cluster.kind} cannot pull from a registry on your machine`,
    fix: (key, { cluster }) => (kindOf(cluster).defaults.imageRegistry === "" ? remove(key) : ask(key)),
  },
  {
    key: "airflow.dags.kind",
    broken: ({ airflow, cluster }) => airflow.dags.kind === "hostPath" && !kindOf(cluster).isLocal,
    allowed: ({ cluster }) => `git or image on ${cluster.kind}: the other nodes do not have one node's folder`,
    fix: () => remove("airflow.dags"),
  },
  {
    key: "airflow.dags.repository",
    broken: ofRepository(({ repository }) => /^https:\/\/[^/]*@/.test(repository)),
    found: "a URL that contains credentials",
    allowed: "a URL without credentials; set the token as secrets.git.token",
    fix: (key, { airflow: { dags } }) =>
      set(key, dags.kind === "git" ? dags.repository.replace(/\/\/[^/]*@/, "//") : ""),
  },
  {
    key: "airflow.dags.authentication",
    broken: ofRepository(({ authentication }, isHttps) => isHttps && authentication === "sshKey"),
    allowed: "none or token with an https:// repository",
    fix: "token",
  },
  {
    key: "airflow.dags.authentication",
    broken: ofRepository(({ authentication }, isHttps) => !isHttps && authentication !== "sshKey"),
    allowed: "sshKey with an SSH repository",
    fix: "sshKey",
  },
  {
    key: "secrets.git.token",
    broken: ({ airflow: { dags }, secrets }) =>
      dags.kind === "git" && dags.authentication === "token" && secrets.git?.token === undefined,
    allowed: "a value, since airflow.dags.authentication is token",
    fix: setSecret,
  },
  ...(
    [
      ["sshPrivateKey", "deploy-key"],
      ["knownHosts", "known_hosts"],
    ] as const
  ).map(([name, file]): Rule<ClusterConfig> => ({
    key: `secrets.git.${name}`,
    broken: ({ airflow: { dags }, secrets }) =>
      dags.kind === "git" && dags.authentication === "sshKey" && secrets.git?.[name] === undefined,
    allowed: "a value, since airflow.dags.authentication is sshKey and git refuses unknown hosts",
    fix: (key) => setFromFile(key, file),
  })),
  {
    key: "postgres.kind",
    broken: ({ cluster, postgres }) => postgres.kind === "managed" && !isCloud(cluster),
    allowed: ({ cluster }) => `cluster or external on ${cluster.kind}`,
    fix: "cluster",
  },
  {
    key: "clusterStack",
    broken: (config) => platformOnly(config) && isCloud(config.cluster) && config.clusterStack === "",
    found: "nothing",
    allowed: "the stack that created the cluster, since layers is [platform]",
    fix: ask,
  },
  {
    key: "clusterStack",
    broken: (config) => !platformOnly(config) && config.clusterStack !== "",
    allowed: "no value unless layers is [platform]",
  },
  {
    key: "clusterStack",
    broken: ({ clusterStack }) => clusterStack !== "" && !/^[^/\s]+\/[^/\s]+\/[^/\s]+$/.test(clusterStack),
    allowed: "organization/project/stack; without a Pulumi account, the organization's name is organization",
    fix: ask,
  },
  {
    key: "layers",
    broken: ({ cluster, layers }) => !isCloud(cluster) && new Set(layers).size === 1,
    allowed: ({ cluster }) =>
      `cluster and platform on ${cluster.kind}: the program does not create that cluster, so there is nothing to split`,
  },
  {
    key: "layers",
    broken: ({ layers }) => new Set(layers).size !== layers.length,
    allowed: "each layer once",
  },
  {
    key: "secrets.alerts",
    broken: ({ monitoring, secrets }) => monitoring.kind !== "bundled" && secrets.alerts !== undefined,
    allowed: ({ monitoring }) =>
      `no webhook: with monitoring.kind ${monitoring.kind}, the platform runs no Alertmanager that sends alerts`,
  },
  {
    key: "secrets.proxy",
    broken: ({ proxy, secrets }) => proxy === undefined && secrets.proxy !== undefined,
    allowed: "no login without the URL of a proxy in proxy.http or proxy.https",
    fix: () => ask("proxy.https"),
  },
];
