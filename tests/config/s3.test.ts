import assert from "node:assert/strict";
import { validate } from "../../config.ts";
import { ofAnyStack } from "./bad/bad-case.ts";
import { keys, s3, valid, wrongS3 } from "./bad/s3.ts";
import { messagesOf, problemsOf } from "./problems.ts";

const cluster = { kind: "existing", context: "team" };

describe("a stack file with MinIO off on a cluster without a bucket", () => {
  const file = { cluster, imageRegistry: "registry.example.org/mlops", minio: { enabled: false } };

  it("is told every key of an S3, each with the command that sets it", () => {
    assert.deepEqual(
      problemsOf(file).map(({ key, found, fix }) => [key, found, ofAnyStack(fix)]),
      [
        ["s3.endpoint", "nothing", "scripts/pulumi config set --path 's3.endpoint'"],
        ["s3.bucket", "nothing", "scripts/pulumi config set --path 's3.bucket'"],
        ["secrets.s3.accessKey", "nothing", "scripts/pulumi config set --secret --path 'secrets.s3.accessKey'"],
        ["secrets.s3.secretKey", "nothing", "scripts/pulumi config set --secret --path 'secrets.s3.secretKey'"],
      ],
    );
    assert.match(messagesOf(file)[0] ?? "", /minio\.enabled is false.*docs\/site\.md.*or set minio\.enabled to true/);
  });

  it("is accepted once they are set", () => {
    assert.deepEqual(problemsOf({ ...file, s3, secrets: { s3: keys } }), []);
  });
});

describe("an S3 of the site", () => {
  for (const [what, change, message] of wrongS3) {
    it(`refuses ${what} with one problem`, () => {
      const messages = messagesOf({ ...valid, s3: { ...s3, ...change } });
      assert.equal(messages.length, 1, messages.join("\n"));
      assert.match(messages[0] ?? "", message);
    });
  }

  it("takes plain HTTP inside the cluster, or where the site allows it", () => {
    for (const change of [
      { endpoint: "http://rook-ceph-rgw.rook-ceph.svc" },
      { endpoint: "http://minio.storage.svc.cluster.local:9000" },
      { endpoint: "http://10.1.2.3:9000", allowPlaintext: true },
    ])
      assert.deepEqual(problemsOf({ ...valid, s3: { ...s3, ...change } }), []);
  });

  it("is not used beside MinIO", () => {
    assert.deepEqual(messagesOf({ ...valid, minio: {} }), [
      "minio.enabled: found true; allowed: false, since s3 takes MinIO's place",
    ]);
  });

  it("stores MLflow's artifacts too, whatever the cluster has", () => {
    for (const artifactStore of ["minio", "cloud"])
      assert.deepEqual(messagesOf({ ...valid, mlflow: { artifactStore } }), [
        `mlflow.artifactStore: found "${artifactStore}"; allowed: no value, since s3 stores the artifacts`,
      ]);
  });

  for (const kind of [
    { kind: "gke", project: "acme-ml-prod", region: "europe-west4" },
    { kind: "eks", region: "eu-central-1" },
  ])
    it(`takes the place of the bucket on ${kind.kind}`, () => {
      assert.deepEqual(problemsOf({ ...valid, imageRegistry: "registry.example.org/mlops", cluster: kind }), []);
    });
});

describe("the keys of the site's S3", () => {
  const projects = [{ name: "alpha" }, { name: "old", removed: true }];
  const clients = Object.fromEntries(["airflow", "backup", "mlflow", "alpha"].map((name) => [name, keys]));
  const withSecrets = (secrets: object, config: object = {}) => ({
    ...valid,
    projects,
    ...config,
    secrets: { s3: secrets },
  });

  it("are one pair, a pair for each client, or both", () => {
    for (const secrets of [keys, { clients }, { ...keys, clients: { backup: keys } }])
      assert.deepEqual(problemsOf(withSecrets(secrets)), []);
  });

  it("may be missing for no client that the stack has", () => {
    const { backup, ...others } = clients;
    assert.ok(backup);
    const messages = messagesOf(withSecrets({ clients: others }));
    assert.deepEqual(
      messages.map((message) => message.replace(/, which use.*/, "")),
      ["accessKey", "secretKey"].map(
        (name) =>
          `secrets.s3.${name}: found nothing; allowed: a value, or keys in secrets.s3.clients for each of backup`,
      ),
    );
    assert.deepEqual(problemsOf(withSecrets({ clients: others }, { backup: { enabled: false } })), []);
  });

  it("are a pair", () => {
    assert.deepEqual(
      problemsOf(withSecrets({ accessKey: "AKIAEXAMPLE" })).map(({ key }) => key),
      ["secrets.s3.secretKey"],
    );
  });

  it("belong to a client of the platform", () => {
    assert.deepEqual(messagesOf(withSecrets({ ...keys, clients: { beta: keys } })), [
      "secrets.s3.clients.beta: found keys of a client that the platform does not have; allowed: airflow, backup, mlflow, alpha, old",
    ]);
  });

  it("are never removed, but given the client's name", () => {
    const fixOf = (of: Record<string, object>) =>
      ofAnyStack(problemsOf(withSecrets({ ...keys, clients: of }))[0]?.fix ?? "");
    const edit = "edit Pulumi.yaml:";
    assert.equal(fixOf({ bakcup: keys }), `${edit} rename secrets.s3.clients.bakcup to secrets.s3.clients.backup`);
    assert.match(fixOf({ bakcup: keys, backup: keys }), /secrets\.s3\.clients\.backup is also set/);
    assert.equal(
      fixOf({ warehouse: keys }),
      `${edit} give secrets.s3.clients.warehouse the name of one of these clients`,
    );
  });

  it("tell that they have changed and nothing else", () => {
    const fingerprint = (secrets: object): string => validate(withSecrets(secrets)).secrets.s3("mlflow").fingerprint;
    assert.match(fingerprint(keys), /^[0-9a-f]{4}$/);
    assert.equal(fingerprint(keys), fingerprint({ ...keys, clients: { backup: { accessKey: "a", secretKey: "b" } } }));
    assert.notEqual(fingerprint(keys), fingerprint({ ...keys, secretKey: "another" }));
  });

  it("are a client's own where it has some", () => {
    const own = { accessKey: "own", secretKey: "own-secret" };
    const { s3: keysOf } = validate(withSecrets({ ...keys, clients: { backup: own } })).secrets;
    assert.notEqual(keysOf("backup").fingerprint, keysOf("mlflow").fingerprint);
    assert.equal(keysOf("backup").fingerprint, validate(withSecrets(own)).secrets.s3("mlflow").fingerprint);
  });
});
