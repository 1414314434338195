import { createHmac, randomBytes } from "node:crypto";
import type { KubernetesObject } from "../../lib/kubernetes/objects.ts";

/** Where something is broken on purpose, beside what runs there. */
export interface BrokenTarget {
  /** The platform's namespace. */
  platform: string;
  /** A project's namespace. */
  project: string;
  /** An image that a node holds, with a shell. */
  image: string;
  /** One with git and Python; undefined: no node holds it. */
  gitImage: string | undefined;
  /** A Secret of git's that the stack does not have. */
  gitSecret: string;
  /** What the project's quota still has. */
  quotaLeft: { cpu: string; memory: string };
}

/** Label by which everything is found and removed again. */
export const brokenLabel = { "mlops.test/broken": "doctor" };

/** Of the namespace that is stuck. */
export const stuckNamespace = "doctor-stuck";
export const finalizer = "mlops.test/nobody-takes-it-away";
/** What the database is given: a role with another password than its Secret, a value of another key. */
export const brokenRole = "doctor_role";
export const brokenVariable = "doctor_variable";

/** Objects that break something each; the stuck namespace's are apart. */
export function brokenObjects(broken: BrokenTarget): KubernetesObject[] {
  return [...brokenPods(broken), ...brokenStorage(broken), ...brokenSettings(broken)];
}

function brokenPods({ platform, project, image, gitImage, gitSecret, quotaLeft }: BrokenTarget): KubernetesObject[] {
  const shell = (script: string) => ({ image, command: ["sh", "-c", script] });
  const secretRef = { secretRef: { name: gitSecret } };
  return [
    pod(platform, "image", { image: "localhost/mlops/pageviews:doctor" }),
    pod(platform, "crash", shell("echo doctor has no reason >&2; exit 3")),
    pod(platform, "memory", { ...shell("tail /dev/zero"), resources: limits("32Mi") }),
    pod(platform, "probe", {
      ...shell("sleep 600"),
      livenessProbe: {
        exec: { command: ["sh", "-c", "echo not alive; exit 1"] },
        periodSeconds: 1,
        failureThreshold: 1,
      },
    }),
    pod(platform, "large", { image, resources: { requests: { cpu: "1000" } } }),
    pod(
      platform,
      "zone",
      { image },
      { volumes: [{ name: "data", persistentVolumeClaim: { claimName: "doctor-zone" } }] },
    ),
    pod(platform, "git-secret", { ...shell("sleep 600"), name: "git-sync", envFrom: [secretRef] }),
    ...(gitImage === undefined
      ? []
      : [pod(platform, "git", { name: "git-sync", image: gitImage, command: ["python3", "-c", gitScript] })]),
    pod(
      project,
      "quota",
      { image, resources: { requests: quotaLeft, limits: quotaLeft } },
      { nodeSelector: { doctor: "nowhere" } },
    ),
    {
      apiVersion: "batch/v1",
      kind: "Job",
      metadata: metadata(platform, "job"),
      spec: {
        backoffLimit: 0,
        template: {
          spec: { ...restricted({ ...shell("echo doctor finds no bucket; exit 1") }), restartPolicy: "Never" },
        },
      },
    },
    {
      apiVersion: "batch/v1",
      kind: "Job",
      metadata: { ...metadata(platform, "hook"), annotations: { "helm.sh/hook": "post-install,post-upgrade" } },
      spec: { suspend: true, template: { spec: { ...restricted(shell("true")), restartPolicy: "Never" } } },
    },
    {
      apiVersion: "batch/v1",
      kind: "CronJob",
      metadata: { ...metadata(platform, "backup"), labels: { ...brokenLabel, "app.kubernetes.io/name": "backup" } },
      spec: {
        schedule: "17 2 * * *",
        suspend: true,
        jobTemplate: { spec: { template: { spec: { ...restricted(shell("true")), restartPolicy: "Never" } } } },
      },
    },
  ];
}

/** A real git, and a real server that refuses its password. */
const gitScript = `
import http.server, subprocess, threading, time
class Refusing(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        self.send_response(401)
        self.send_header("WWW-Authenticate", "Basic")
        self.end_headers()
    def log_message(self, *args): pass
server = http.server.HTTPServer(("127.0.0.1", 8418), Refusing)
threading.Thread(target=server.serve_forever, daemon=True).start()
while True:
    subprocess.run(["git", "ls-remote", "http://git:wrong@127.0.0.1:8418/team/dags.git"])
    time.sleep(20)
`;

/** A class that is not there, and a volume where no node is. */
function brokenStorage({ platform }: BrokenTarget): KubernetesObject[] {
  const size = { requests: { storage: "1Gi" } };
  const claim = (name: string, spec: object): KubernetesObject => ({
    apiVersion: "v1",
    kind: "PersistentVolumeClaim",
    metadata: metadata(platform, name),
    spec: { accessModes: ["ReadWriteOnce"], resources: size, ...spec },
  });
  const expression = { key: "topology.kubernetes.io/zone", operator: "In", values: ["nowhere"] };
  return [
    claim("class", { storageClassName: "doctor-missing" }),
    claim("zone", { storageClassName: "", volumeName: "doctor-zone" }),
    {
      apiVersion: "v1",
      kind: "PersistentVolume",
      metadata: { name: "doctor-zone", labels: brokenLabel },
      spec: {
        accessModes: ["ReadWriteOnce"],
        capacity: { storage: "1Gi" },
        local: { path: "/tmp" },
        claimRef: { namespace: platform, name: "doctor-zone" },
        nodeAffinity: { required: { nodeSelectorTerms: [{ matchExpressions: [expression] }] } },
      },
    },
  ];
}

/** A cloud's bucket without an identity, a password that Postgres does not have, a host that MLflow does not know. */
function brokenSettings({ platform, project }: BrokenTarget): KubernetesObject[] {
  const settings = (kind: string, name: string, content: object): KubernetesObject => ({
    apiVersion: "v1",
    kind,
    metadata: metadata(project, name),
    ...content,
  });
  const backend = { service: { name: "mlflow", port: { number: 5000 } } };
  return [
    settings("ConfigMap", "cloud", { data: { DATA_URI: "gs://doctor-data/projects/doctor" } }),
    settings("ServiceAccount", "cloud", { automountServiceAccountToken: false }),
    settings("ConfigMap", "password", { data: { PGUSER: brokenRole } }),
    settings("Secret", "password", { stringData: { PGPASSWORD: "of-the-new-volume" } }),
    {
      apiVersion: "networking.k8s.io/v1",
      kind: "Ingress",
      metadata: metadata(platform, "host"),
      spec: {
        rules: [{ host: "mlflow.doctor.example", http: { paths: [{ path: "/", pathType: "Prefix", backend }] } }],
      },
    },
  ];
}

/** Something with a finalizer that nobody serves, and a load balancer whose controller is not there. */
export function stuckObjects(): KubernetesObject[] {
  const inside = (name: string, own: string) => ({ ...metadata(stuckNamespace, name), finalizers: [own] });
  return [
    {
      apiVersion: "v1",
      kind: "Namespace",
      metadata: { name: stuckNamespace, labels: { ...brokenLabel, "app.kubernetes.io/part-of": "mlops" } },
    },
    { apiVersion: "v1", kind: "ConfigMap", metadata: inside("kept", finalizer) },
    {
      apiVersion: "v1",
      kind: "Service",
      metadata: inside("balancer", "service.kubernetes.io/load-balancer-cleanup"),
      spec: { type: "ClusterIP", ports: [{ port: 80 }] },
    },
  ];
}

/** Statements that break the database, and those that repair it. */
export function brokenSql(): { airflow: string; repair: { airflow: string; postgres: string }; postgres: string } {
  const token = foreignToken();
  return {
    airflow: `INSERT INTO variable (key, val, is_encrypted) VALUES ('${brokenVariable}', '${token}', true)`,
    postgres: `CREATE ROLE ${brokenRole} LOGIN PASSWORD 'of-the-old-volume'`,
    repair: {
      airflow: `DELETE FROM variable WHERE key = '${brokenVariable}'`,
      postgres: `DROP ROLE IF EXISTS ${brokenRole}`,
    },
  };
}

/** A Fernet token of a key that nobody has. */
export function foreignToken(key = randomBytes(32)): string {
  const signed = Buffer.concat([Buffer.from([0x80]), Buffer.alloc(8), randomBytes(32)]);
  const signature = createHmac("sha256", key.subarray(0, 16)).update(signed).digest();
  return Buffer.concat([signed, signature]).toString("base64url");
}

function metadata(namespace: string, name: string) {
  return { name: `doctor-${name}`, namespace, labels: brokenLabel };
}

function pod(namespace: string, name: string, container: object, more: object = {}): KubernetesObject {
  return {
    apiVersion: "v1",
    kind: "Pod",
    metadata: metadata(namespace, name),
    spec: { ...restricted(container), ...more },
  };
}

function restricted(container: object) {
  return {
    automountServiceAccountToken: false,
    terminationGracePeriodSeconds: 0,
    securityContext: {
      runAsNonRoot: true,
      runAsUser: 50000,
      runAsGroup: 0,
      seccompProfile: { type: "RuntimeDefault" },
    },
    containers: [
      {
        name: "broken",
        imagePullPolicy: "IfNotPresent",
        securityContext: { allowPrivilegeEscalation: false, capabilities: { drop: ["ALL"] } },
        resources: limits("128Mi"),
        ...container,
      },
    ],
  };
}

function limits(memory: string) {
  return { requests: { cpu: "10m", memory: "16Mi" }, limits: { cpu: "500m", memory } };
}
