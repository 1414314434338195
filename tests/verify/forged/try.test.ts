// The forged requests against a store of the test's own, and against MinIO's server where there is one.
import assert from "node:assert/strict";
import { forgeries } from "../../../scripts/verify/forged/plan.ts";
import { tryForgeries } from "../../../scripts/verify/forged/try.ts";
import { FakeStore, type Seen } from "./fake-store.ts";

const quiet = () => undefined;
const owner = { user: "root-key", password: "the-owners-secret" };
const holder = { name: "team", credentials: { user: "team-key", password: "the-teams-secret" } };
const clients = [
  { name: "the administrator", accessKey: "root-key", prefix: "" },
  { name: "backup", accessKey: "backup-key", prefix: "backups" },
  { name: "team", accessKey: "team-key", prefix: "projects/team" },
];
const real = { "backups/2026/airflow.dump": "a dump", "projects/team/model": "a model" };

describe("verify: forged requests", () => {
  let store: FakeStore;
  let args: Parameters<typeof tryForgeries>[0];

  beforeEach(async () => {
    store = new FakeStore();
    for (const [key, content] of Object.entries(real)) store.objects.set(key, content);
    args = { url: await store.start(), bucket: "mlops", owner, clients, holder, id: "1a2b" };
  });
  afterEach(() => {
    store.stop();
    assert.deepEqual(Object.fromEntries(store.objects), real);
    assert.equal(store.uploads.size, 0);
    const text = JSON.stringify(store.seen.map(({ url, headers, body }) => [url, headers, body]));
    assert.ok(!text.includes("secret"));
  });

  it("are all refused by a store that checks signatures", async () => {
    const outcome = await tryForgeries(args, quiet);
    assert.match(outcome.seen, /^\d+ forged requests with the keys of the administrator, backup, team: all refused$/);
    assert.equal(outcome.state, "ok");
    const forged = store.seen.filter(({ isSigned }) => !isSigned);
    assert.ok(forged.length > 500);
    const folders = new Set(forged.map(({ url }) => url.pathname.split("verify-forged-1a2b")[0]));
    assert.deepEqual([...folders].sort(), [
      "/",
      "/minio/admin/v3/info",
      "/mlops",
      "/mlops/",
      "/mlops/backups/",
      "/mlops/projects/team/",
    ]);
  });

  const takes = (name: string, treat: FakeStore["treat"], words: RegExp) =>
    it(`fail for a store that ${name}, and leave nothing in it`, async () => {
      store.treat = treat;
      const outcome = await tryForgeries(args, quiet);
      assert.ok(outcome.state === "failed");
      assert.match(outcome.seen, words);
    });
  const isStreamed = ({ headers, method }: Seen) =>
    method === "PUT" && headers["x-amz-decoded-content-length"] !== undefined;
  const hasKey = ({ url }: Seen) => url.searchParams.has("X-Amz-Credential");

  takes(
    "takes bodies with an unsigned trailer from who names a key",
    (request) => (isStreamed(request) && hasKey(request) ? "let in" : "refuse"),
    /^the object store accepts \d+ of \d+ unsigned requests: PutObject over an object, the key in the query \(the administrator\): 200; .*; and \d+ more$/,
  );
  takes(
    "reads to anybody",
    ({ method, url }) => (method === "GET" && url.pathname.endsWith("/bait") ? "let in" : "refuse"),
    /GetObject, without a key \(the administrator\): 200/,
  );
  takes(
    "refuses and writes nevertheless",
    (request) => (isStreamed(request) && request.url.pathname.endsWith("/planted") ? "do in secret" : "refuse"),
    /^the object store accepts 0 of \d+ .*: verify-forged-1a2b\/planted was planted; backups\/verify-forged-1a2b\/planted was planted; /,
  );
  takes(
    "deletes in secret",
    ({ method }) => (method === "DELETE" ? "do in secret" : "refuse"),
    /verify-forged-1a2b\/bait cannot be read by its owner/,
  );
  takes("breaks", () => "break", /neither accepts nor rejects \d+ of \d+ forged requests: .*: 500 InternalError/);

  it("fail for a store that follows headers which a presigned URL does not cover", async () => {
    store.followsUnsignedHeaders = true;
    const { seen } = await tryForgeries(args, quiet);
    assert.match(
      seen,
      /a presigned PutObject with x-amz-copy-source reads another object; a presigned UploadPart with/,
    );
  });

  it("say nothing of a store that refuses its administrator", async () => {
    store.refusesItsOwner = true;
    await assert.rejects(tryForgeries(args, quiet), /answers its administrator's GET \/mlops with 403 AccessDenied/);
  });

  it("name each operation in each form once", () => {
    const aim = { bucket: "mlops", folder: "f", others: ["g"], absentBucket: "none", uploadId: "1" };
    const [client] = clients;
    assert.ok(client);
    const names = forgeries(client, aim, new Date()).map(({ request }) => request);
    assert.equal(new Set(names).size, names.length);
    assert.equal(names.length % 6, 0);
  });
});
