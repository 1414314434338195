// The clients that pods connect with, under a site's environment: each goes by the proxy and trusts the site's authority.
import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createServer as createProxy, type Server } from "node:http";
import { createServer } from "node:https";
import { connect, type AddressInfo, type Socket } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { validate } from "../../config.ts";
import { caBundle, caFit } from "../../components/site/ca-certificates.ts";
import { proxyFit } from "../../components/site/proxy.ts";
import { selfSignedCertificate } from "../../lib/certificate.ts";
import { skipWithReason } from "../skip.ts";

const top = join(import.meta.dirname, "../..");
const hosts = ["wikimedia.org", "git.corp.example", "bucket.s3.eu-central-1.amazonaws.com", "storage.googleapis.com"];
const authority = selfSignedCertificate(Buffer.alloc(32, 9).toString("base64"), hosts);

const keys = `aws_access_key_id="a", aws_secret_access_key="b", region_name="eu-central-1"`;
const anonymous = "from google.auth.credentials import AnonymousCredentials as A";

/** What is run, in the environment of which image, and the host that it connects to. */
interface Client {
  image: "mlflow" | "pageviews";
  program: string;
  host: string;
}

const clients: Record<string, Client> = {
  "requests, with which the ingestion reads Wikimedia": {
    image: "pageviews",
    program: [
      "from datetime import date",
      "from pageviews.errors import UpstreamError",
      "from pageviews.wikimedia import Client, Window",
      "day = date(2026, 1, 1)",
      "try:",
      '    Client("a@example.org", max_retries=0).fetch(Window("A", day, day))',
      "except UpstreamError as error:",
      "    print(error)  # The server is none of Wikimedia's.",
    ].join("\n"),
    host: "wikimedia.org",
  },
  "s3fs, with which backups and tasks reach S3": {
    image: "pageviews",
    program: `import s3fs\ns3fs.S3FileSystem(key="a", secret="b", client_kwargs={"region_name": "eu-central-1"}).cat_file("bucket/key")`,
    host: "bucket.s3.eu-central-1.amazonaws.com",
  },
  "gcsfs, with which backups and tasks reach Cloud Storage": {
    image: "pageviews",
    // Without the question of the bucket's layout, which goes by gRPC and which this server does not answer.
    program: `import os\nos.environ["GCSFS_EXPERIMENTAL_ZB_HNS_SUPPORT"] = "false"\nimport gcsfs\ngcsfs.GCSFileSystem(token="anon").cat_file("bucket/key")`,
    host: "storage.googleapis.com",
  },
  "boto3, with which MLflow and Airflow reach S3": {
    image: "mlflow",
    program: `import boto3\nboto3.client("s3", ${keys}).get_object(Bucket="bucket", Key="key")`,
    host: "bucket.s3.eu-central-1.amazonaws.com",
  },
  "google-cloud-storage, with which MLflow and Airflow reach Cloud Storage": {
    image: "mlflow",
    program: `${anonymous}\nfrom google.cloud import storage\nstorage.Client("p", A()).bucket("bucket").blob("key").download_as_bytes()`,
    host: "storage.googleapis.com",
  },
};

describe("the clients of pods under a site's proxy and authority", function () {
  this.timeout(300_000);
  let folder: string;
  let servers: Server[];
  let environment: Record<string, string>;
  const asked: string[] = [];
  const served: string[] = [];

  before(async () => {
    folder = mkdtempSync(join(tmpdir(), "site-clients-"));
    const tls = { key: authority.privateKeyPem, cert: authority.certificatePem };
    const web = createServer(tls, (request, response) => {
      served.push(String(request.headers.host));
      response.writeHead(200, { "Content-Length": 2 }).end("{}");
    });
    const webPort = await portOf(web);
    const proxy = createProxy().on("connect", (request, client: Socket) => {
      asked.push(String(request.url));
      const through = connect(webPort, "127.0.0.1", () => {
        client.write("HTTP/1.1 200 Connection established\r\n\r\n");
        through.pipe(client).pipe(through);
      });
      for (const socket of [client, through]) socket.on("error", () => through.destroy());
    });
    servers = [web, proxy];
    environment = environmentOf(`http://127.0.0.1:${await portOf(proxy)}`, folder);
  });

  after(() => {
    servers.forEach((server) => server.close());
    rmSync(folder, { recursive: true });
  });

  for (const [title, { image, program, host }] of Object.entries(clients)) {
    it(title, async function () {
      const python = await pythonOf(image);
      if (python === undefined) skipWithReason(this, `the packages of images/${image} cannot be installed`);
      await run(python, ["-c", program], environment);
      assert.ok(asked.includes(`${host}:443`), asked.join());
      assert.ok(
        served.some((name) => name.startsWith(host)),
        served.join(),
      );
    });
  }

  it("git, with which git-sync and Airflow's bundles read the DAGs", async () => {
    // The server is none of git's: its first answer is what git says that it got.
    const said = await run("git", ["ls-remote", "https://git.corp.example/dags.git"], environment).catch(String);
    assert.doesNotMatch(said, /certificate|resolve/);
    assert.ok(asked.includes("git.corp.example:443") && served.includes("git.corp.example"));
  });

  it("go without the proxy to what is inside", async () => {
    const before = asked.length;
    await run("git", ["ls-remote", "https://mlflow.mlops.svc/dags.git"], environment).catch(String);
    assert.equal(asked.length, before);
  });

  it("refuse the site's servers without its authority", async () => {
    const untrusting = Object.fromEntries(Object.entries(environment).filter(([name]) => !/CA|SSL/.test(name)));
    const said = await run("git", ["ls-remote", "https://git.corp.example/dags.git"], untrusting).catch(String);
    assert.match(said, /certificate/);
  });
});

/** The variables of a pod, with the bundle where this machine has it. */
function environmentOf(proxy: string, folder: string): Record<string, string> {
  const config = validate({
    cluster: { kind: "minikube" },
    proxy: { https: proxy },
    caCertificates: authority.certificatePem,
  });
  const [[name, bundle] = ["", ""]] = Object.entries(caBundle(config) ?? {});
  writeFileSync(join(folder, name), bundle);
  const [mount] = caFit(config).container.volumeMounts ?? [];
  const variables = [proxyFit(config), caFit(config)].flatMap(({ container }) => container.env ?? []);
  const values = variables.map(({ name, value = "" }): [string, string] => [
    name,
    value.replace(mount?.mountPath ?? "", folder),
  ]);
  return { PATH: process.env.PATH ?? "", HOME: folder, ...Object.fromEntries(values) };
}

const pythons = new Map<string, Promise<string | undefined>>();

/** Python with the packages that an image's lock names. */
function pythonOf(image: string): Promise<string | undefined> {
  const environment = join(top, ".venv", image);
  const env = { ...process.env, UV_PROJECT_ENVIRONMENT: environment };
  const sync = ["sync", "--quiet", "--frozen", "--project", join(top, "images", image)];
  const found =
    pythons.get(image) ??
    run(join(top, "scripts/uv"), sync, env).then(
      () => join(environment, "bin/python"),
      () => undefined,
    );
  pythons.set(image, found);
  return found;
}

function run(command: string, args: string[], env: NodeJS.ProcessEnv): Promise<string> {
  return new Promise((resolve, reject) => {
    execFile(command, args, { env, timeout: 120_000 }, (error, stdout, stderr) => {
      if (error === null) resolve(stdout);
      else reject(new Error(`${error.message}\n${stderr}`));
    });
  });
}

function portOf(server: Server): Promise<number> {
  return new Promise((resolve) => {
    server.listen(0, "127.0.0.1", () => resolve((server.address() as AddressInfo).port));
  });
}
