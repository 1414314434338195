import { execFile } from "node:child_process";
import { randomBytes } from "node:crypto";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { selfSignedCertificate } from "../../../lib/certificate.ts";
import { programPath } from "../../../lib/programs/tools.ts";
import { freePort } from "../../free-port.ts";
import { folder as project } from "../../program/program-cases.ts";
import { type ImageStore, nodeAddress } from "../node.ts";
import { type Database, postgresPrograms, startDatabase } from "./database.ts";
import { type ObjectStore, startObjectStore } from "./object-store.ts";
import { type Proxy, startProxy } from "./proxy.ts";
import { type Login, type Registry, startRegistry } from "./registry.ts";
import { startOutside } from "./wikimedia.ts";

const run = promisify(execFile);

/** Paths of a certificate, which is its own authority, and of its key. */
export interface Tls {
  certificateFile: string;
  keyFile: string;
}

/** What a company runs itself, on the machine that is the cluster's node: nothing of it is the platform's. */
export interface Company {
  /** Of the node, at which pods reach the company's servers. */
  address: string;
  /** Its certificate authority, in PEM. */
  authority: string;
  registry: Registry;
  registryLogin: Login;
  proxy: Proxy;
  proxyUrl: string;
  proxyLogin: Login;
  objectStore: ObjectStore;
  database: Database;
  stop: () => Promise<void>;
}

/** Why this machine cannot be the company; undefined where it can. */
export function whyNoCompany(): string | undefined {
  if (programPath("docker-registry") === undefined) return "needs a registry: docker-registry on PATH";
  if (versitygw() === undefined) return "needs an S3 server that is not MinIO: versitygw on PATH or in $VERSITYGW";
  if (postgresPrograms() === undefined) return "needs Debian's Postgres";
  return undefined;
}

/** Starts every server, and opens Wikimedia's name to the proxy alone. */
export async function startCompany(kubeconfig: string, store: ImageStore): Promise<Company> {
  const folder = await mkdtemp(join(tmpdir(), "company-"));
  const address = await nodeAddress(kubeconfig);
  const { certificatePem: authority, privateKeyPem } = selfSignedCertificate(randomBytes(32).toString("base64"), [
    address,
    "wikimedia.org",
  ]);
  const tls = { certificateFile: join(folder, "tls.crt"), keyFile: join(folder, "tls.key") };
  await writeFile(tls.certificateFile, authority);
  await writeFile(tls.keyFile, privateKeyPem, { mode: 0o600 });
  const registryLogin = { user: "robot", password: "registry:pass@word" };
  const proxyLogin = { user: "robot", password: "proxy:pass@word" };
  const [s3Port, proxyPort, postgresPort] = [await freePort(), await freePort(), await freePort()];
  const started: { stop: () => Promise<void> }[] = [];
  const stop = async () => {
    for (const server of started.reverse()) await server.stop();
    await rm(folder, { recursive: true, force: true });
  };
  const add = async <T extends { stop: () => Promise<void> }>(server: Promise<T>): Promise<T> => {
    started.push(await server);
    return server;
  };
  try {
    const outside = await add(startOutside(await pageviewsPython(), tls));
    const registry = await add(startRegistry(folder, registryLogin, store));
    const proxyAddress = { host: address, port: proxyPort };
    const proxy = await add(startProxy(proxyAddress, proxyLogin, { "wikimedia.org": outside.port }));
    const s3Address = { host: address, port: s3Port };
    const objectStore = await add(startObjectStore(versitygw() ?? "", folder, s3Address, tls));
    const postgresAddress = { host: address, port: postgresPort };
    const database = await add(startDatabase(postgresPrograms() ?? "", folder, postgresAddress, tls));
    const proxyUrl = `http://${address}:${proxyPort}`;
    return { address, authority, registry, registryLogin, proxy, proxyUrl, proxyLogin, objectStore, database, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

function versitygw(): string | undefined {
  return process.env.VERSITYGW ?? programPath("versitygw");
}

/** Python with the packages of images/pageviews. */
async function pageviewsPython(): Promise<string> {
  const environment = join(project, ".venv", "pageviews");
  const sync = ["sync", "--quiet", "--frozen", "--project", join(project, "images/pageviews")];
  await run(join(project, "scripts/uv"), sync, { env: { ...process.env, UV_PROJECT_ENVIRONMENT: environment } });
  return join(environment, "bin/python");
}
