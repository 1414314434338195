import assert from "node:assert/strict";
import type { KubernetesObject } from "../../lib/kubernetes/objects.ts";
import type { KubectlTarget } from "../../lib/kubernetes/kubectl.ts";
import { kubectl } from "../cluster.ts";
import { scriptPod } from "./script-pod.ts";

/**
 * Tries the credentials of its environment once a second, as a task does that opens a connection for each piece of work,
 * and prints a line of JSON each time; `stop` among the files of its folder ends it.
 */
const script = `
import io, json, os, time
import minio, psycopg

host = os.environ["AWS_ENDPOINT_URL_S3"].removeprefix("http://")
store = minio.Minio(host, access_key=os.environ["AWS_ACCESS_KEY_ID"], secret_key=os.environ["AWS_SECRET_ACCESS_KEY"], secure=False)
bucket, _, prefix = os.environ["DATA_URI"].removeprefix("s3://").partition("/")

def database():
    with psycopg.connect(connect_timeout=30) as connection:
        return connection.execute("SELECT session_user").fetchone()[0]

def storage():
    store.put_object(bucket, f"{prefix}/rotation", io.BytesIO(b"data"), 4)
    return os.environ["AWS_ACCESS_KEY_ID"]

def attempt(action):
    try:
        return action()
    except minio.error.S3Error as error:
        return f"refused: {error.code}"
    except psycopg.OperationalError as error:
        text = str(error)
        return "refused: password" if "password authentication failed" in text else f"failed: {text}"
    except Exception as error:
        return f"failed: {type(error).__name__}"

while not os.path.exists("/tmp/stop"):
    print(json.dumps({"database": attempt(database), "storage": attempt(storage)}), flush=True)
    time.sleep(1)
`;

/** What one attempt of the pod found: the account that it was let in as, or how it was refused. */
export interface Attempt {
  database: string;
  storage: string;
}

/**
 * A pod like those of the project's tasks, which goes on until it is told to end.
 *
 * @param secret the Secret with its credentials. @default - the project's own
 */
export function credentialPod(target: KubectlTarget, project: string, name: string, secret?: string): KubernetesObject {
  return scriptPod(target, { project, name, script, secret });
}

/** Every attempt of the pod so far, the first one at least. */
export async function attempts(kubeconfig: string, project: string, name: string): Promise<Attempt[]> {
  const inProject = ["--namespace", project];
  await kubectl(kubeconfig, ["wait", "--for=condition=Ready", `pod/${name}`, ...inProject, "--timeout=180s"]);
  for (let tried = 0; tried < 120; tried++) {
    const { stdout } = await kubectl(kubeconfig, ["logs", name, ...inProject]);
    const lines = stdout.trim().split("\n").filter(Boolean);
    if (lines.length > 0) return lines.map((line) => JSON.parse(line) as Attempt);
    await new Promise((resolve) => setTimeout(resolve, 1000));
  }
  return assert.fail(`pod ${project}/${name} printed nothing`);
}

/** Lets the pod end by itself. */
export async function endPod(kubeconfig: string, project: string, name: string): Promise<void> {
  await kubectl(kubeconfig, ["exec", name, "--namespace", project, "--", "touch", "/tmp/stop"]);
}
