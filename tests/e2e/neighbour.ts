/** Writes where its own platform keeps data, and knocks at the other one's doors; prints one JSON object. */
export function neighbour(other: string): string {
  return `
import io, json, os, socket
import minio, psycopg

results = {}
def attempt(name, action):
    try:
        results[name] = str(action())
    except Exception as error:
        results[name] = type(error).__name__

def database():
    with psycopg.connect(connect_timeout=30) as connection:
        connection.execute("CREATE TABLE IF NOT EXISTS mine (at timestamptz DEFAULT now())")
        connection.execute("INSERT INTO mine DEFAULT VALUES")
        return connection.execute("SELECT count(*) FROM mine").fetchone()[0]

def prefix():
    host = os.environ["AWS_ENDPOINT_URL_S3"].removeprefix("http://")
    store = minio.Minio(host, access_key=os.environ["AWS_ACCESS_KEY_ID"], secret_key=os.environ["AWS_SECRET_ACCESS_KEY"], secure=False)
    bucket, _, folder = os.environ["DATA_URI"].removeprefix("s3://").partition("/")
    store.put_object(bucket, f"{folder}/mine", io.BytesIO(b"data"), 4)
    return store.get_object(bucket, f"{folder}/mine").read().decode()

def reach(service, port):
    with socket.create_connection((f"{service}.${other}.svc", port), timeout=5):
        return "connected"

attempt("own database", database)
attempt("own prefix", prefix)
for service, port in (("postgres", 5432), ("minio", 9000), ("mlflow", 5000)):
    attempt(f"{service} of the other", lambda: reach(service, port))
print(json.dumps(results))
`;
}
