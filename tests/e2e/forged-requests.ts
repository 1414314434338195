import assert from "node:assert/strict";
import { gzipSync } from "node:zlib";
import { s3Port } from "../../components/minio/description.ts";
import { bucket } from "../../components/minio/minio-users.ts";
import { credentials } from "../../scripts/platform/credentials.ts";
import { withForward } from "../../scripts/platform/forward.ts";
import { readPlatformJson } from "../../scripts/platform/platform-json.ts";
import { readClients } from "../../scripts/verify/forged/clients.ts";
import { Field } from "../../scripts/verify/forged/field.ts";
import { Owner } from "../../scripts/verify/forged/owner.ts";
import { type Client, forgeries } from "../../scripts/verify/forged/plan.ts";
import { type Sent, verdict } from "../../scripts/verify/forged/verdict.ts";
import { target } from "../../scripts/verify/forged/s3-request.ts";
import { kubectl } from "../cluster.ts";
import { apply } from "./deploy.ts";
import { scriptPod } from "./script-pod.ts";
import type { Session } from "./session.ts";
import { podResults } from "./task-pod.ts";

const attacker = "pageviews";
const victim = "verify";
const pod = "forger";

/** What a task pod of one project gets with the access keys of all others, as `make verify` tries it from outside. */
export function describeForgedRequests(session: Session): void {
  it("MinIO takes nothing from a task pod that knows the keys of others and not their secrets", async () => {
    const { target } = session;
    const owner = credentials(target).minio;
    assert.ok(owner);
    const clients = [
      { name: "the administrator", accessKey: owner.user, prefix: "" },
      ...readClients(target, readPlatformJson(target), victim),
    ];
    assert.deepEqual(
      clients.map(({ name }) => name),
      ["the administrator", "airflow", "backup", "mlflow", victim],
    );
    await withForward(target, "minio", s3Port, async (port) => {
      const field = new Field(new Owner(`http://127.0.0.1:${port}`, bucket, owner), bucket, clients, "e2e0");
      await field.prepare();
      try {
        const sent = await sendFromPod(session, clients, field);
        const outcome = verdict(sent, await field.damage());
        assert.equal(outcome.state, "ok", outcome.seen);
      } finally {
        await field.clear();
      }
    });
  });
}

async function sendFromPod(session: Session, clients: Client[], field: Field): Promise<Sent[]> {
  const { kubeconfig } = session.platform;
  const planned = clients.flatMap((client) => forgeries(client, field.aim(client), new Date()));
  await apply(kubeconfig, [scriptPod(session.target, { project: attacker, name: pod, script: sender(planned) })]);
  const answers = await podResults(kubeconfig, attacker, pod);
  await kubectl(kubeconfig, ["delete", "pod", pod, "--namespace", attacker]);
  assert.ok(Array.isArray(answers));
  assert.equal(answers.length, planned.length);
  return planned.map(({ request, client }, index) => {
    const [status, code] = answers[index] as [number, string];
    return { request, client, status, code };
  });
}

/** A program that sends the requests in their order, and prints status and S3's word for each. */
function sender(planned: ReturnType<typeof forgeries>): string {
  const requests = planned.map(({ http }) => [http.method, target(http), http.headers, http.body.toString("base64")]);
  const packed = gzipSync(JSON.stringify(requests)).toString("base64");
  return `
import base64, gzip, http.client, json, os, re, urllib.parse

host = urllib.parse.urlsplit(os.environ["AWS_ENDPOINT_URL_S3"]).netloc
answers = []
for method, path, headers, body in json.loads(gzip.decompress(base64.b64decode("${packed}"))):
    connection = http.client.HTTPConnection(host, timeout=30)
    connection.request(method, path, body=base64.b64decode(body), headers=headers)
    answer = connection.getresponse()
    code = re.search("<Code>([^<]*)</Code>", answer.read().decode(errors="replace"))
    answers.append([answer.status, code[1] if code else ""])
    connection.close()
print(json.dumps(answers))
`;
}
