import { cloudRules } from "../components/cluster/cloud-rules.ts";
import { eksRules } from "../components/cluster/eks/data/rules.ts";
import { type ConfigProblem, remove, set, setSecret, shown } from "./errors.ts";
import { valueAt } from "../lib/key-path.ts";
import { type Facts, factsOf, isCloud, isPublic, list, object, text } from "./facts.ts";
import { gkeRules } from "../components/cluster/gke/data/rules.ts";
import { exactTag, isExact } from "./image-tag.ts";
import type { Rule } from "./rule.ts";
import { projectProblems } from "./project-rules.ts";

/**
 * Every broken rule of a configuration.
 *
 * Rules read the raw input, so that their problems show together with the schema's.
 */
export function crossChecks(config: Record<string, unknown>): ConfigProblem[] {
  const facts = factsOf(config);
  const broken = [...rules, ...cloudRules, ...gkeRules, ...eksRules].filter((rule) => rule.broken(facts));
  return [...broken.map((rule) => problemOf(rule, facts)), ...projectProblems(facts)];
}

function problemOf({ key, allowed, fix, found }: Rule, facts: Facts): ConfigProblem {
  return {
    key,
    found: found ?? shown(valueAt(facts.config, key.split(".")), key),
    allowed: typeof allowed === "string" ? allowed : allowed(facts),
    fix: fix !== undefined ? set(key, fix) : key.startsWith("secrets.") ? setSecret(key) : remove(key),
  };
}

const usesCelery = ({ executor }: Facts) => executor.includes("CeleryExecutor");
const isHttps = ({ dags }: Facts) => text(dags.repository ?? "https://").startsWith("https://");
const isGit = ({ dags }: Facts) => dags.kind === "git";
const authentication = ({ dags }: Facts) => dags.authentication ?? "none";
const platformOnly = ({ layers }: Facts) => layers.includes("platform") && !layers.includes("cluster");

const generationOf = ({ config }: Facts, key: string, otherwise: number) => {
  const value = object(config.rotation)[key] ?? otherwise;
  return typeof value === "number" ? value : otherwise;
};

const rules: Rule[] = [
  {
    key: "rotation.fernetRetired",
    broken: (facts) => generationOf(facts, "fernetRetired", 0) >= generationOf(facts, "fernet", 1),
    allowed: (facts) => `a number below rotation.fernet, which is ${generationOf(facts, "fernet", 1)}`,
  },
  {
    key: "airflow.redis",
    broken: (facts) => usesCelery(facts) && facts.airflow.redis === false,
    allowed: ({ executor }) => `true with executor ${executor}`,
    fix: "true",
  },
  {
    key: "airflow.redis",
    broken: (facts) => !usesCelery(facts) && facts.airflow.redis === true,
    allowed: ({ executor }) => `false with executor ${executor}`,
    fix: "false",
  },
  {
    key: "airflow.image",
    broken: ({ airflow }) => typeof airflow.image === "string" && !isExact(airflow.image),
    allowed: `an image with a digest or ${exactTag}`,
    fix: "registry.example.org/airflow:1.0.0",
  },
  {
    key: "minio.image",
    broken: ({ minio }) => typeof minio.image === "string" && !isExact(minio.image),
    allowed: `an image with a digest or ${exactTag}`,
    fix: "registry.example.org/silo:1.0.0",
  },
  {
    key: "imageRegistry",
    broken: (facts) =>
      isCloud(facts) &&
      facts.layers.includes("platform") &&
      text(facts.config.imageRegistry ?? "localhost").startsWith("localhost"),
    allowed: ({ kind }) =>
      `the registry that \`make images REGISTRY=…\` pushed to, since ${kind} cannot pull from yours`,
    fix: "registry.example.org/mlops",
  },
  {
    key: "airflow.dags.kind",
    broken: ({ kind, dags }) => dags.kind === "hostPath" && kind !== "minikube",
    allowed: ({ kind }) => `git or image on ${kind}: a folder of one node is not on the others`,
    fix: "git",
  },
  {
    key: "airflow.dags.repository",
    broken: ({ dags }) => /^https:\/\/[^/]*@/.test(text(dags.repository)),
    found: "an URL with credentials in it",
    allowed: "an URL without; the token goes to secrets.git.token",
    fix: "https://<host>/<path>",
  },
  {
    key: "airflow.dags.authentication",
    broken: (facts) => isGit(facts) && isHttps(facts) && authentication(facts) === "sshKey",
    allowed: "none or token with an https:// repository",
    fix: "token",
  },
  {
    key: "airflow.dags.authentication",
    broken: (facts) => isGit(facts) && !isHttps(facts) && authentication(facts) !== "sshKey",
    allowed: "sshKey with an SSH repository",
    fix: "sshKey",
  },
  {
    key: "secrets.git.token",
    broken: (facts) => isGit(facts) && authentication(facts) === "token" && facts.git.token === undefined,
    allowed: "a value, since airflow.dags.authentication is token",
  },
  ...["sshPrivateKey", "knownHosts"].map((name): Rule => ({
    key: `secrets.git.${name}`,
    broken: (facts) => isGit(facts) && authentication(facts) === "sshKey" && facts.git[name] === undefined,
    allowed: "a value, since airflow.dags.authentication is sshKey, and an unknown host is refused",
  })),
  {
    key: "postgres.kind",
    broken: (facts) => facts.postgres.kind === "managed" && !isCloud(facts),
    allowed: ({ kind }) => `cluster or external on ${kind}`,
    fix: "cluster",
  },
  {
    key: "secrets.postgres.adminPassword",
    broken: ({ postgres, secrets }) =>
      postgres.kind === "external" && object(secrets.postgres).adminPassword === undefined,
    allowed: "a value, since postgres.kind is external",
  },
  {
    key: "minio.enabled",
    broken: ({ minio, hasBucket }) => minio.enabled === false && !hasBucket,
    allowed: "true, since the cluster has no bucket of its own",
    fix: "true",
  },
  {
    key: "mlflow.artifactStore",
    broken: ({ mlflow, minio }) => mlflow.artifactStore === "minio" && minio.enabled === false,
    allowed: "cloud while minio.enabled is false",
    fix: "cloud",
  },
  {
    key: "mlflow.artifactStore",
    broken: ({ mlflow, hasBucket }) => mlflow.artifactStore === "cloud" && !hasBucket,
    allowed: "minio, since the cluster has no bucket of its own",
    fix: "minio",
  },
  {
    key: "clusterStack",
    broken: (facts) => platformOnly(facts) && isCloud(facts) && facts.clusterStack === "",
    found: "nothing",
    allowed: "the stack that made the cluster, since layers is [platform]",
    fix: "organization/mlops/gke-cluster",
  },
  {
    key: "clusterStack",
    broken: (facts) => !platformOnly(facts) && facts.clusterStack !== "",
    allowed: "nothing unless layers is [platform]",
  },
  {
    key: "clusterStack",
    broken: ({ clusterStack }) => clusterStack !== "" && !/^[^/\s]+\/[^/\s]+\/[^/\s]+$/.test(text(clusterStack)),
    allowed: "organization/project/stack; without an account the organization is called organization",
    fix: "organization/mlops/gke-cluster",
  },
  {
    key: "layers",
    broken: (facts) => !isCloud(facts) && new Set(facts.layers).size === 1,
    allowed: ({ kind }) => `cluster and platform on ${kind}, of which the program makes no cluster to be apart from`,
  },
  {
    key: "layers",
    broken: ({ layers }) => new Set(layers).size !== layers.length,
    allowed: "each layer once",
    fix: '["cluster","platform"]',
  },
  {
    key: "exposure.kind",
    broken: (facts) => facts.exposure.kind === "nodePort" && isCloud(facts),
    allowed: ({ kind }) => `portForward, loadBalancer or ingress on ${kind}: its nodes are private`,
    fix: "portForward",
  },
  {
    key: "cluster.nodeAddress",
    broken: ({ exposure, kind, cluster }) =>
      exposure.kind === "nodePort" && kind === "existing" && cluster.nodeAddress === undefined,
    allowed: "a node's address, since exposure.kind is nodePort",
    fix: "192.0.2.10",
  },
  {
    key: "exposure.ports",
    broken: ({ exposure }) => {
      const ports = Object.values(object(exposure.ports));
      return new Set(ports).size !== ports.length;
    },
    allowed: "a different port for each UI",
    fix: "{}",
  },
  {
    key: "exposure.sourceRanges",
    broken: ({ exposure }) => list(exposure.sourceRanges).some(isPublic) && exposure.allowPublicPlaintext !== true,
    allowed:
      "ranges of your own network such as 203.0.113.0/24; or, since the load balancer speaks plain HTTP to everyone, exposure.allowPublicPlaintext true",
    fix: '["203.0.113.0/24"]',
  },
  {
    key: "exposure.tlsSecretName",
    broken: (facts) =>
      facts.exposure.kind === "ingress" &&
      (!isCloud(facts) || facts.exposure.className !== undefined) &&
      facts.exposure.tlsSecretName === undefined,
    allowed: ({ kind, exposure }) =>
      `the Secret with the certificate on ${kind}${exposure.className === undefined ? "" : " with a class of your own"}`,
    fix: "platform-tls",
  },
];
