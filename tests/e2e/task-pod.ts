import assert from "node:assert/strict";
import type { KubernetesObject } from "../../lib/kubernetes/objects.ts";
import type { KubectlTarget } from "../../lib/kubernetes/kubectl.ts";
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
for shared in ("template1", "postgres"):
    attempt(f"the database {shared}", lambda: database(dbname=shared))
def refused(statement):
    with psycopg.connect(connect_timeout=30, autocommit=True) as connection:
        return connection.execute(statement).statusmessage
for what, statement in {
    "an extension": "CREATE EXTENSION intarray",
    "a schema": "CREATE SCHEMA own",
    "a file of the server": "SELECT pg_read_file('/etc/passwd')",
    "a file as a large object": "SELECT lo_import('/etc/passwd')",
    "a program of the server": "COPY (SELECT 1) TO PROGRAM 'id'",
    "the superuser": "SET SESSION AUTHORIZATION postgres",
}.items():
    attempt(what, lambda: refused(statement))

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
def mlflow(method, path, body=None):
    token = base64.b64encode(f"{os.environ['MLFLOW_TRACKING_USERNAME']}:{os.environ['MLFLOW_TRACKING_PASSWORD']}".encode()).decode()
    headers = {"Authorization": f"Basic {token}", "Content-Type": "application/json"}
    url = os.environ["MLFLOW_TRACKING_URI"] + "/api/2.0/" + path
    data = None if body is None else json.dumps(body).encode()
    return json.load(urllib.request.urlopen(urllib.request.Request(url, data, headers, method=method), timeout=20))
def signed_url():
    name = f"probe-{os.urandom(4).hex()}"
    experiment = mlflow("POST", "mlflow/experiments/create", {"name": name})["experiment_id"]
    try:
        return mlflow("POST", f"mlflow-artifacts/mpu/create/{experiment}/probe", {"path": "file", "num_parts": 1})
    finally:
        mlflow("POST", "mlflow/experiments/delete", {"experiment_id": experiment})
attempt("the list of users", lambda: mlflow("GET", "mlflow/users/list"))
attempt("a signed URL of the store", signed_url)
attempt("host that is not allowed", lambda: tracking(os.environ["MLFLOW_TRACKING_PASSWORD"], "evil.example.org"))

prometheus = os.environ["MLFLOW_TRACKING_URI"].replace("mlflow", "prometheus").replace("5000", "9090")
attempt("prometheus", lambda: urllib.request.urlopen(prometheus, timeout=3).status)
print(json.dumps(results))
`;

/** A pod that tries it in a project. */
export function taskPod(target: KubectlTarget, project: string): KubernetesObject {
  return scriptPod(target, { project, name: "task", script });
}

/** Waits for the task and reads what it found. */
export async function taskResults(kubeconfig: string, namespace: string): Promise<Record<string, string>> {
  const results = await podResults(kubeconfig, namespace, "task");
  assert.ok(typeof results === "object" && results !== null);
  return Object.fromEntries(Object.entries(results).map(([name, value]) => [name, String(value)]));
}

/** Waits until a pod of a script has ended well, and reads the JSON that it printed. */
export async function podResults(kubeconfig: string, namespace: string, name: string): Promise<unknown> {
  const inNamespace = ["--namespace", namespace];
  const done = "--for=jsonpath={.status.phase}=Succeeded";
  await kubectl(kubeconfig, ["wait", done, `pod/${name}`, ...inNamespace, "--timeout=180s"]);
  const { stdout } = await kubectl(kubeconfig, ["logs", name, ...inNamespace]);
  return JSON.parse(stdout);
}
