/** What a kind of resource is for, so that a picture shows at a glance what a component is made of. */
export interface Category {
  name: string;
  fill: string;
  /** Kinds as `kindOf` names them. */
  kinds: RegExp;
}

/** The first that fits counts; the last one fits everything. */
export const categories: readonly Category[] = [
  {
    name: "compute",
    fill: "#c3ddfd",
    kinds:
      /^(Chart|CronJob|DaemonSet|Deployment|Job|StatefulSet)$|\.(Addon|Cluster|LaunchTemplate|NodeGroup|NodePool)$/,
  },
  {
    name: "data",
    fill: "#bfe8c8",
    kinds:
      /^PersistentVolume|^StorageClass$|\.(rds|sql|s3|storage)\.(?!\w*IAM)|\.ecr\.|artifactregistry\.Repository$|LogGroup$/,
  },
  {
    name: "identity",
    fill: "#dcd0f5",
    kinds: /^ServiceAccount$|^(Cluster)?Role(Binding)?$|\.iam\.|\.serviceaccount\.|(IAM|Iam)Member$/,
  },
  { name: "settings, secrets", fill: "#fbe3a4", kinds: /^(ConfigMap|Secret|Random\w+)$|\.kms\./ },
  {
    name: "network",
    fill: "#b9e6ea",
    kinds: /^(Ingress|NetworkPolicy|Service)$|\.(compute|dns|ec2|servicenetworking|vpc)\./,
  },
  { name: "other", fill: "#dde3e9", kinds: /^/ },
];

export function categoryOf(kind: string): Category {
  const found = categories.find(({ kinds }) => kinds.test(kind));
  if (found === undefined) throw new Error(`${kind} has no category`);
  return found;
}
