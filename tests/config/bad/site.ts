import { selfSignedCertificate } from "../../../lib/certificate.ts";

export const { certificatePem, privateKeyPem } = selfSignedCertificate(Buffer.alloc(32, 7).toString("base64"), [
  "ca.corp.example",
]);

/** Made by `openssl ca -selfsign`; its key is gone. */
const expired = `-----BEGIN CERTIFICATE-----
MIIBHjCBxAIBATAKBggqhkjOPQQDAjAbMRkwFwYDVQQDDBBvbGQuY29ycC5leGFt
cGxlMB4XDTIwMDEwMTAwMDAwMFoXDTIwMDEwMjAwMDAwMFowGzEZMBcGA1UEAwwQ
b2xkLmNvcnAuZXhhbXBsZTBZMBMGByqGSM49AgEGCCqGSM49AwEHA0IABBJBBsJO
WhDk830vki2YgZdUHy3CK0ZZWl47svC5vAllBYU+vvXxxm1Ya7TkvwrE0Ok8Bsg7
F9KabTvma4O3SRgwCgYIKoZIzj0EAwIDSQAwRgIhAIwELat0ZpG5T0wvHXyHmBZY
zzLxACLhkQWZjYD7bModAiEAgdRA3DKILfnEEAy+Z2XQHkyZ4JowUKyJ8VVHRhzX
Hak=
-----END CERTIFICATE-----
`;

/** What is said of a wrong key: its allowed values and the fix. */
interface Wrong {
  keys: Record<string, unknown>;
  key: string;
  allowed: RegExp;
  fix: string;
}

export const wrongSites: Record<string, Wrong> = {
  "a registry with https://": {
    keys: { imageRegistry: "https://registry.corp.example/mlops" },
    key: "imageRegistry",
    allowed: /without https:\/\/ or a slash at the end/,
    fix: "scripts/pulumi config set --path 'imageRegistry' registry.corp.example/mlops",
  },
  "a mirror with a slash at the end": {
    keys: { imageMirror: "mirror.corp.example/hub/" },
    key: "imageMirror",
    allowed: /a slash at the end/,
    fix: "scripts/pulumi config set --path 'imageMirror' mirror.corp.example/hub",
  },
  "a mirror of a single registry with https://": {
    keys: { imageMirrors: { "quay.io": "https://mirror.corp.example/quay" } },
    key: 'imageMirrors["quay.io"]',
    allowed: /without https:/,
    fix: `scripts/pulumi config set --path 'imageMirrors["quay.io"]' mirror.corp.example/quay`,
  },
  "a mirror of a registry that no public image is in": {
    keys: { imageMirrors: { "ghcr.io": "mirror.corp.example/ghcr" } },
    key: 'imageMirrors["ghcr.io"]',
    allowed: /docker\.io, public\.ecr\.aws, quay\.io, registry\.k8s\.io/,
    fix: `scripts/pulumi config rm --path 'imageMirrors["ghcr.io"]'`,
  },
  "a pull secret with capitals": {
    keys: { imagePullSecrets: ["RegCred"] },
    key: "imagePullSecrets[0]",
    allowed: /the name of a Secret/,
    fix: "scripts/pulumi config set --path 'imagePullSecrets[0]' regcred",
  },
  "a login of a registry with https://": {
    keys: { secrets: { registries: { "https://registry.corp.example": { username: "a", password: "b" } } } },
    key: 'secrets.registries["https://registry.corp.example"]',
    allowed: /without https:\/\/ or a path/,
    fix: `edit Pulumi.yaml: rename secrets.registries["https://registry.corp.example"] to secrets.registries["registry.corp.example"]`,
  },
  "a proxy with a login in its URL": {
    keys: { proxy: { https: "http://robot:hunter2@proxy.corp.example:3128" } },
    key: "proxy.https",
    allowed: /make secrets PROXY_USER/,
    fix: "scripts/pulumi config set --path 'proxy.https' http://proxy.corp.example:3128",
  },
  "a proxy without its protocol": {
    keys: { proxy: { http: "proxy.corp.example:3128" } },
    key: "proxy.http",
    allowed: /http:\/\/proxy\.corp\.example:3128/,
    fix: "scripts/pulumi config set --path 'proxy.http' http://proxy.corp.example:3128",
  },
  "a proxy with a slash at the end": {
    keys: { proxy: { https: "http://proxy.corp.example:3128/" } },
    key: "proxy.https",
    allowed: /without a path/,
    fix: "scripts/pulumi config set --path 'proxy.https' http://proxy.corp.example:3128",
  },
  "exceptions from no proxy": {
    keys: { proxy: { no: [".corp.example"] } },
    key: "proxy.https",
    allowed: /http, https or both/,
    fix: "scripts/pulumi config set --path 'proxy.https'",
  },
  "an exception with a star": {
    keys: { proxy: { https: "http://proxy.corp.example:3128", no: ["*.corp.example"] } },
    key: "proxy.no[0]",
    allowed: /a domain such as \.corp\.example/,
    fix: "scripts/pulumi config set --path 'proxy.no[0]'",
  },
  "the login of no proxy": {
    keys: { secrets: { proxy: { username: "robot", password: "hunter2" } } },
    key: "secrets.proxy",
    allowed: /proxy\.http or proxy\.https/,
    fix: "scripts/pulumi config set --path 'proxy.https'",
  },
  "a certificate that is none": {
    keys: { caCertificates: "ca.pem" },
    key: "caCertificates",
    allowed: /certificates of authorities in PEM/,
    fix: "scripts/pulumi config set caCertificates < ca.pem",
  },
  "a private key as a certificate": {
    keys: { caCertificates: [privateKeyPem] },
    key: "caCertificates[0]",
    allowed: /certificates of authorities/,
    fix: "scripts/pulumi config set caCertificates < ca.pem",
  },
  "a certificate that is damaged": {
    keys: { caCertificates: "-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----\n" },
    key: "caCertificates",
    allowed: /certificates of authorities/,
    fix: "scripts/pulumi config set caCertificates < ca.pem",
  },
  "an expired certificate": {
    keys: { caCertificates: expired },
    key: "caCertificates",
    allowed: /certificates of authorities/,
    fix: "scripts/pulumi config set caCertificates < ca.pem",
  },
  "a toleration without a key": {
    keys: { scheduling: { tasks: { tolerations: [{ effect: "NoSchedule" }] } } },
    key: "scheduling.tasks.tolerations[0].operator",
    allowed: /Exists, since there is no key/,
    fix: "scripts/pulumi config set --path 'scheduling.tasks.tolerations[0].operator'",
  },
  "an effect that Kubernetes does not have": {
    keys: { scheduling: { platform: { tolerations: [{ key: "spot", effect: "NoStart" }] } } },
    key: "scheduling.platform.tolerations[0].effect",
    allowed: /NoSchedule, PreferNoSchedule, NoExecute/,
    fix: "scripts/pulumi config set --path 'scheduling.platform.tolerations[0].effect'",
  },
  "a misspelt field of an affinity": {
    keys: { scheduling: { platform: { affinity: { nodeAffinity: { required: [] } } } } },
    key: "scheduling.platform.affinity.nodeAffinity.required",
    allowed: /a known key/,
    fix: "scripts/pulumi config rm --path 'scheduling.platform.affinity.nodeAffinity.required'",
  },
  "a request above the default limit": {
    keys: { resources: { mlflow: { requests: { memory: "4Gi" } } } },
    key: "resources.mlflow.requests.memory",
    allowed: /at most resources\.mlflow\.limits\.memory, which is 1536Mi/,
    fix: "scripts/pulumi config set --path 'resources.mlflow.limits.memory' 4Gi",
  },
  "a limit below the default request": {
    keys: { resources: { "postgres-exporter": { limits: { memory: "16Mi" } } } },
    key: "resources.postgres-exporter.limits.memory",
    allowed: /at least resources\.postgres-exporter\.requests\.memory, which is 32Mi/,
    fix: "scripts/pulumi config rm --path 'resources.postgres-exporter.limits.memory'",
  },
  "resources of what Airflow's chart runs": {
    keys: { resources: { scheduler: { limits: { memory: "4Gi" } } } },
    key: "resources.scheduler",
    allowed: /known key/,
    fix: "edit Pulumi.yaml: remove resources.scheduler, or move its values to another key",
  },
};
