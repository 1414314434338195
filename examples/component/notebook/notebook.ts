import * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import type { Images } from "../images.ts";
import { clusterService } from "../objects/cluster-service.ts";
import { generatedPassword } from "../objects/generated-password.ts";
import { labels, selectorLabels } from "../objects/labels.ts";
import { restrictedPodSpec } from "../objects/restricted.ts";
import { rolloutAnnotations } from "../objects/rollout.ts";
import { volumeClaim } from "../objects/volume-claim.ts";
import { notebook, notebookPort } from "./description.ts";

export interface NotebookArgs {
  namespace: pulumi.Input<string>;
  images: Images;
  /** Undefined: the cluster's default class. */
  storageClass: string | undefined;
  /** Generation of the password; a higher number makes a new one. */
  generation: number;
}

/** User of the image. */
const notebookUser = 1000;
const adminUser = "admin";

/**
 * Apache Zeppelin with its notebooks on a volume of 5 GiB, and one user with a generated password.
 *
 * ```ts
 * new Notebook("notebook", { namespace, images, storageClass: undefined, generation: 1 });
 * ```
 */
export class Notebook extends pulumi.ComponentResource {
  readonly adminUser = adminUser;
  readonly adminPassword: pulumi.Output<string>;

  constructor(name: string, args: NotebookArgs, opts?: pulumi.ComponentResourceOptions) {
    super("mlops:notebook:Notebook", name, {}, opts);
    const { namespace, storageClass, generation } = args;
    const child = { parent: this };
    const metadata = { name, namespace, labels: labels(name) };
    this.adminPassword = generatedPassword(`${name}-admin`, { generation }, child).password;
    const stringData = { password: this.adminPassword, "shiro.ini": users(this.adminPassword) };
    const secret = new k8s.core.v1.Secret(name, { metadata, stringData }, child);
    const claim = new k8s.core.v1.PersistentVolumeClaim(
      `${name}-data`,
      volumeClaim({ name: `${name}-data`, component: name, namespace, storageClass, storageGiB: 5 }),
      child,
    );
    new k8s.core.v1.Service(name, clusterService(name, namespace, { http: notebookPort }), child);
    const template = {
      metadata: { labels: labels(name), annotations: rolloutAnnotations(generation) },
      spec: podSpec(args.images, secret.metadata.name, claim.metadata.name),
    };
    // The volume is mounted by one pod at a time.
    const strategy = { type: "Recreate" };
    const spec = { replicas: 1, strategy, selector: { matchLabels: selectorLabels(name) }, template };
    new k8s.apps.v1.Deployment(name, { metadata, spec }, child);
    const { adminPassword } = this;
    this.registerOutputs({ adminUser, adminPassword });
  }
}

/** shiro.ini: everything but the version asks for the user's password. */
function users(password: pulumi.Output<string>): pulumi.Output<string> {
  return pulumi.interpolate`[users]
${adminUser} = ${password}, admin
[roles]
admin = *
[urls]
/api/version = anon
/metrics = anon
/** = authcBasic
`;
}

function podSpec(
  images: Images,
  secret: pulumi.Input<string>,
  claim: pulumi.Input<string>,
): k8s.types.input.core.v1.PodSpec {
  const answers = { httpGet: { path: "/api/version", port: "http" }, periodSeconds: 10, timeoutSeconds: 5 };
  return restrictedPodSpec(notebookUser, {
    containers: [
      {
        name: "notebook",
        image: images.public("notebook"),
        env: [
          { name: "ZEPPELIN_NOTEBOOK_DIR", value: "/data/notebooks" },
          { name: "ZEPPELIN_METRIC_ENABLE_PROMETHEUS", value: "true" },
        ],
        ports: [{ name: "http", containerPort: notebookPort }],
        startupProbe: { ...answers, failureThreshold: 60 },
        readinessProbe: answers,
        livenessProbe: { ...answers, failureThreshold: 6 },
        resources: notebook.pods.notebook.resources,
        volumeMounts: [
          { name: "data", mountPath: "/data" },
          { name: "users", mountPath: "/opt/zeppelin/conf/shiro.ini", subPath: "shiro.ini", readOnly: true },
          { name: "tmp", mountPath: "/tmp" },
        ],
      },
    ],
    volumes: [
      { name: "data", persistentVolumeClaim: { claimName: claim } },
      { name: "users", secret: { secretName: secret, defaultMode: 0o440 } },
      { name: "tmp", emptyDir: { sizeLimit: "256Mi" } },
    ],
  });
}
