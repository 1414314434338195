import assert from "node:assert/strict";
import type { KubernetesObject } from "../../preview/objects.ts";
import { kubectl } from "../cluster.ts";
import { scriptPod } from "./script-pod.ts";

/** Tries what a task pod may and may not do; prints one JSON object. */
const script = `
import base64, io, json, os, sys, urllib.error, urllib.request
import minio, psycopg

results = {}
def attempt(name, action):
    try:
        results[name] = str(action())
    except minio.error.S3Error as error:
        results[name] = error.code
    except urllib.error.HTTPError as error:
        results[name] = str(error.code)
    except Exception as error:
        results[name] = f"{type(error).__name__}: {error}"

def database(**settings):
    with psycopg.connect(connect_timeout=30, **settings) as connection:
        role = connection.execute("SELECT current_user").fetchone()[0]
        # A login works as its client's role, which does not see what the login's connection is like.
        connection.execute("SET ROLE NONE")
        version = connection.execute("SELECT version FROM pg_stat_ssl WHERE pid = pg_backend_pid()").fetchone()[0]
        return f"{role} {version}"

attempt("database over TLS", database)
attempt("database in plain text", lambda: database(sslmode="disable"))
attempt("another client's database", lambda: database(dbname="airflow"))

host = os.environ["AWS_ENDPOINT_URL_S3"].removeprefix("http://")
store = minio.Minio(host, access_key=os.environ["AWS_ACCESS_KEY_ID"], secret_key=os.environ["AWS_SECRET_ACCESS_KEY"], secure=False)
bucket, _, prefix = os.environ["DATA_URI"].removeprefix("s3://").partition("/")
def write(name):
    store.put_object(bucket, name, io.BytesIO(b"data"), 4)
    assert store.get_object(bucket, name).read() == b"data"
    return "written and read"
attempt("own prefix", lambda: write(f"{prefix}/probe"))
attempt("another prefix", lambda: write("airflow/logs/probe"))
attempt("the whole bucket", lambda: [entry.object_name for entry in store.list_objects(bucket)])

def tracking(password, host=None):
    url = os.environ["MLFLOW_TRACKING_URI"] + "/api/2.0/mlflow/experiments/search?max_results=1"
    token = base64.b64encode(f"{os.environ['MLFLOW_TRACKING_USERNAME']}:{password}".encode()).decode()
    headers = {"Authorization": f"Basic {token}", **({"Host": host} if host else {})}
    return urllib.request.urlopen(urllib.request.Request(url, headers=headers), timeout=20).status
attempt("own password", lambda: tracking(os.environ["MLFLOW_TRACKING_PASSWORD"]))
attempt("wrong password", lambda: tracking("wrong"))
attempt("host that is not allowed", lambda: tracking(os.environ["MLFLOW_TRACKING_PASSWORD"], "evil.example.org"))

prometheus = os.environ["MLFLOW_TRACKING_URI"].replace("mlflow", "prometheus").replace("5000", "9090")
attempt("prometheus", lambda: urllib.request.urlopen(prometheus, timeout=3).status)
print(json.dumps(results))
`;

/** A pod that tries it in a project. */
export function taskPod(project: string): KubernetesObject {
  return scriptPod({ project, name: "task", image: "localhost/mlops/provision:0.1.0", script });
}

/** Waits for the task and reads what it found. */
export async function taskResults(kubeconfig: string, namespace: string): Promise<Record<string, string>> {
  const inNamespace = ["--namespace", namespace];
  const done = "--for=jsonpath={.status.phase}=Succeeded";
  await kubectl(kubeconfig, ["wait", done, "pod/task", ...inNamespace, "--timeout=180s"]);
  const { stdout } = await kubectl(kubeconfig, ["logs", "task", ...inNamespace]);
  const results: unknown = JSON.parse(stdout);
  assert.ok(typeof results === "object" && results !== null);
  return Object.fromEntries(Object.entries(results).map(([name, value]) => [name, String(value)]));
}
