import type * as k8s from "@pulumi/kubernetes";
import type * as pulumi from "@pulumi/pulumi";
import { loginsFolder } from "./database-access.ts";
import { backup } from "./description.ts";
import { secrets as airflowSecrets } from "../airflow/names.ts";
import { restrictedPodSpec } from "../objects/restricted.ts";

/** User of images/backup. */
const backupUser = 10001;

/** Folder with `ca.crt`, the authority of the server's certificate. */
export const caFolder = "/etc/postgres-ca";
const fernetFolder = "/etc/airflow-keys";
export const fernetKeyFile = `${fernetFolder}/fernet-key`;

interface BackupPodArgs {
  image: pulumi.Input<string>;
  serviceAccount: pulumi.Input<string>;
  /** ConfigMap with the plain environment. */
  settings: pulumi.Input<string>;
  /** Secret with the secret environment. */
  secrets: pulumi.Input<string>;
  /** ConfigMap with `ca.crt`. */
  authority: pulumi.Input<string>;
  /** Secret with the databases' logins; undefined: the administrator's is in `secrets`. */
  logins: pulumi.Input<string> | undefined;
  /** Whether Airflow's Fernet key is mounted; a pod that may not store it does not get it. */
  withFernetKey: boolean;
}

/** A volume, and where it is mounted. */
type Mount = [k8s.types.input.core.v1.Volume, string];

/** The pod of one run: dumps pass through it to the object store, so that it needs no disk. */
export function backupPod(args: BackupPodArgs): k8s.types.input.core.v1.PodSpec {
  const { logins } = args;
  const mounts: Mount[] = [
    [{ name: "ca", configMap: { name: args.authority } }, caFolder],
    ...(logins === undefined ? [] : [loginsMount(logins)]),
    ...(args.withFernetKey ? [fernetKeyMount] : []),
  ];
  return restrictedPodSpec(backupUser, {
    // Each attempt is a pod of its own, so that the log of one that failed stays.
    restartPolicy: "Never",
    serviceAccountName: args.serviceAccount,
    containers: [
      {
        name: "backup",
        image: args.image,
        args: ["run"],
        envFrom: [{ configMapRef: { name: args.settings } }, { secretRef: { name: args.secrets } }],
        resources: backup.pods.backup.resources,
        volumeMounts: [
          ...mounts.map(([{ name }, mountPath]) => ({ name, mountPath, readOnly: true })),
          { name: "tmp", mountPath: "/tmp" },
        ],
      },
    ],
    volumes: [...mounts.map(([volume]) => volume), { name: "tmp", emptyDir: { sizeLimit: "64Mi" } }],
  });
}

function loginsMount(secretName: pulumi.Input<string>): Mount {
  return [{ name: "logins", secret: { secretName, defaultMode: 0o440 } }, loginsFolder];
}

/** The one key of Airflow that encrypts its database's contents; the others can be regenerated. */
const fernetKeyMount: Mount = [
  {
    name: "airflow-keys",
    secret: {
      secretName: airflowSecrets.keys,
      defaultMode: 0o440,
      items: [{ key: "fernet-key", path: "fernet-key" }],
    },
  },
  fernetFolder,
];
