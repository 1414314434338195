import assert from "node:assert/strict";
import { accountId, objectsBelow, workloadMember } from "../../../components/cluster/gke/gke-identity.ts";
import type { Registration } from "../../../lib/recording.ts";
import { registration } from "../../program/registrations.ts";
import { project, recordGke } from "./gke-cases.ts";
import { at } from "../../../lib/json.ts";

const bucket = `${project}-mlops-data`;

/** Kubernetes service accounts, and the one prefix that each of them reaches. */
const identities = [
  { namespace: "mlops", name: "airflow-worker", prefix: "airflow/logs", client: "airflow" },
  { namespace: "mlops", name: "airflow-api-server", prefix: "airflow/logs", client: "airflow" },
  { namespace: "mlops", name: "airflow-triggerer", prefix: "airflow/logs", client: "airflow" },
  { namespace: "mlops", name: "backup", prefix: "backups", client: "backup" },
  { namespace: "mlops", name: "mlflow", prefix: "mlflow/artifacts", client: "mlflow" },
  { namespace: "pageviews", name: "pageviews", prefix: "projects/pageviews", client: "pageviews" },
];

const emailOf = (account: { namespace: string; name: string }) =>
  `${accountId("mlops", account)}@${project}.iam.gserviceaccount.com`;

const nodes = `serviceAccount:mlops-nodes@${project}.iam.gserviceaccount.com`;

/** Roles that are given on more than what the platform itself made; each has its reason. */
const projectWide = {
  "roles/container.defaultNodeServiceAccount":
    "logs and metrics of nodes belong to the project: the API has no narrower place to give it on",
};

describe("the identities of a GKE cluster", () => {
  let resources: Registration[];

  before(async () => {
    ({ resources } = await recordGke());
  });

  const ofType = (type: string) => resources.filter((resource) => resource.type === type);

  it("are one Google account for each Kubernetes service account, and one for the nodes", () => {
    const ids = ofType("gcp:serviceaccount/account:Account").map(({ inputs }) => inputs.accountId);
    assert.deepEqual(ids.toSorted(), [...identities.map((it) => accountId("mlops", it)), "mlops-nodes"].toSorted());
  });

  it("trust exactly one service account of one namespace each", () => {
    const trusts = ofType("gcp:serviceaccount/iAMMember:IAMMember").map(({ inputs }) => inputs);
    const expected = identities.map((it) => ({
      serviceAccountId: `projects/${project}/serviceAccounts/${emailOf(it)}`,
      role: "roles/iam.workloadIdentityUser",
      member: `serviceAccount:${project}.svc.id.goog[${it.namespace}/${it.name}]`,
    }));
    assert.deepEqual(sorted(trusts), sorted(expected));
  });

  it("read, write and list their own prefix of the bucket, and nothing else", () => {
    const grants = ofType("gcp:storage/bucketIAMMember:BucketIAMMember").map(({ inputs }) => inputs);
    const expected = identities.map((it) => ({
      bucket,
      role: "roles/storage.objectUser",
      member: `serviceAccount:${emailOf(it)}`,
      condition: {
        title: it.client,
        description: `Objects below ${it.prefix}/`,
        expression:
          `resource.name.startsWith("projects/_/buckets/${bucket}/objects/${it.prefix}/")` +
          ` || api.getAttribute("storage.googleapis.com/objectListPrefix", "").startsWith("${it.prefix}/")`,
      },
    }));
    assert.deepEqual(sorted(grants), sorted(expected));
  });

  it("have no other role: one on the project, one on the registry, both for the nodes", () => {
    const grants = resources.filter(({ type }) => /iam(member|binding|policy)/i.test(type) && type.startsWith("gcp:"));
    const others = grants.filter(({ type }) => !/serviceaccount|storage/.test(type));
    assert.deepEqual(
      others.map(({ type, inputs: { role, member } }) => ({ type, role, member })),
      [
        {
          type: "gcp:projects/iAMMember:IAMMember",
          role: Object.keys(projectWide)[0],
          member: nodes,
        },
        {
          type: "gcp:artifactregistry/repositoryIamMember:RepositoryIamMember",
          role: "roles/artifactregistry.reader",
          member: nodes,
        },
      ],
    );
    assert.equal(ofType("gcp:serviceaccount/key:Key").length, 0, "no key of an account is made");
  });

  it("reach pods by the annotation of their service accounts", async () => {
    const { outputs } = await recordGke();
    for (const it of identities) {
      const annotations = at(outputs, `handover.storage.${it.client}.accountAnnotations`);
      assert.deepEqual(Reflect.get(Object(annotations), it.name), { "iam.gke.io/gcp-service-account": emailOf(it) });
    }
    assert.equal(at(outputs, "handover.storage.mlflow.uri"), `gs://${bucket}/mlflow/artifacts`);
  });

  it("keep their data in one bucket: versioned, never public, without lists of its own", () => {
    const { inputs } = registration(resources, "gcp:storage/bucket:Bucket", "mlops");
    assert.deepEqual(inputs, {
      name: bucket,
      project,
      location: "EUROPE-WEST4",
      uniformBucketLevelAccess: true,
      publicAccessPrevention: "enforced",
      versioning: { enabled: true },
      lifecycleRules: [
        { action: { type: "Delete" }, condition: { daysSinceNoncurrentTime: 30, withState: "ARCHIVED" } },
        { action: { type: "AbortIncompleteMultipartUpload" }, condition: { age: 7 } },
      ],
      forceDestroy: false,
    });
  });
});

describe("the id of a Google service account", () => {
  it("fits into 30 characters and begins with the account's name", () => {
    const id = accountId("mlops", { namespace: "a", name: "a-project-with-a-name-of-forty-character" });
    assert.match(id, /^a-project-with-a-name-[0-9a-f]{8}$|^[a-z][a-z0-9-]{4,28}[a-z0-9]$/);
    assert.ok(id.length <= 30);
    assert.ok(accountId("mlops", { namespace: "a", name: "a" }).length >= 6);
    assert.doesNotMatch(accountId("mlops", { namespace: "a", name: "abcdefghijklmnopqrst-uvw" }), /--/);
  });

  it("is another for each cluster, namespace and name", () => {
    const ids = ["mlops", "staging"].flatMap((prefix) =>
      ["a", "b"].flatMap((namespace) => ["a", "b"].map((name) => accountId(prefix, { namespace, name }))),
    );
    assert.equal(new Set(ids).size, 8);
  });
});

describe("the condition of a prefix", () => {
  /** What IAM makes of the condition for one request: it has two ways to hold. */
  const allows = (expression: string, resource: string, listPrefix: string) => {
    const [objects = "", lists = "", ...others] = [...expression.matchAll(/startsWith\("([^"]+)"\)/g)].map(
      ([, prefix]) => prefix,
    );
    assert.deepEqual(others, []);
    return resource.startsWith(objects) || listPrefix.startsWith(lists);
  };
  const condition = objectsBelow("b", "projects/a");
  const objects = "projects/_/buckets/b/objects";

  it("lets its own objects and lists through", () => {
    assert.ok(allows(condition, `${objects}/projects/a/x.csv`, ""));
    assert.ok(allows(condition, "projects/_/buckets/b", "projects/a/"));
    assert.ok(allows(condition, "projects/_/buckets/b", "projects/a/2026/"));
  });

  it("stops at a prefix that begins alike, at other prefixes and at the whole bucket", () => {
    assert.ok(!allows(condition, `${objects}/projects/ab/x.csv`, ""));
    assert.ok(!allows(condition, `${objects}/airflow/logs/x`, ""));
    assert.ok(!allows(condition, "projects/_/buckets/b", "projects/ab/"));
    assert.ok(!allows(condition, "projects/_/buckets/b", "projects/a"));
    assert.ok(!allows(condition, "projects/_/buckets/b", ""));
    assert.ok(!allows(condition, "projects/_/buckets/other/objects/projects/a/x", ""));
  });
});

describe("the member of a trust", () => {
  it("names one namespace and one account", () => {
    const member = workloadMember("acme.svc.id.goog", { namespace: "team", name: "team" });
    assert.equal(member, "serviceAccount:acme.svc.id.goog[team/team]");
  });
});

function sorted(items: unknown[]): unknown[] {
  return items.toSorted((a, b) => (JSON.stringify(a) < JSON.stringify(b) ? -1 : 1));
}
