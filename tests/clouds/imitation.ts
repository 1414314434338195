import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import { join } from "node:path";
import { env } from "node:process";
import { createInterface } from "node:readline";
import { isObject, textAt } from "../../lib/json.ts";
import type { Cloud } from "./plugins.ts";

const top = join(import.meta.dirname, "../..");

/** What happens to the next calls of some methods. */
export interface Fault {
  /** Pattern of the methods' names in the cloud's own description, such as `compute.networks.insert`. */
  method: string;
  /** Calls that meet it. @default 1 */
  times?: number;
  /** HTTP status of an error that is answered in place of doing anything. */
  code?: number;
  message?: string;
  /** The cloud's name of the error. */
  status?: string;
  /** Whether the request is done and its answer never sent. */
  lost?: boolean;
  /** Seconds that the operation takes which the request starts. */
  seconds?: number;
}

/** A cloud on loopback. */
export interface Imitation {
  url: string;
  /** Points the cloud's provider at it, with keys that are made up. */
  environment: Record<string, string>;
  /** Paths or names of all that exists. */
  left: () => Promise<string[]>;
  /** What the cloud would refuse of what was sent since the last question, and what the imitation cannot play. */
  complaints: () => Promise<string[]>;
  fault: (fault: Fault) => Promise<void>;
  /** The faults that no call has met yet. */
  unmet: () => Promise<Fault[]>;
  /** Sends a request as a person would by the cloud's own tools. */
  send: (method: string, path: string, body: unknown) => Promise<unknown>;
  /** Folder of programs that stand in for the cloud's own tools. */
  tools: string;
  stop: () => Promise<void>;
}

interface Kind {
  /** Folder of its Python project, which has the package `imitation`. */
  project: string;
  environment: (url: string) => Record<string, string>;
}

/** Each API's path, by the name in the provider's variable. */
const googlePaths = {
  ARTIFACT_REGISTRY: "artifactregistry/v1/",
  COMPUTE: "compute/beta/",
  CONTAINER: "container/v1beta1/",
  DNS: "dns/v1beta2/",
  IAM: "iam/v1/",
  IAM_BETA: "iam/v1/",
  RESOURCE_MANAGER: "resourcemanager/v1/",
  SERVICE_NETWORKING: "servicenetworking/v1/",
  SERVICE_USAGE: "serviceusage/v1/",
  SQL: "sql/v1beta4/",
  STORAGE: "storage/v1/",
};

const kinds: Record<Cloud, Kind> = {
  gcp: {
    project: "google",
    environment: (url) => ({
      ...Object.fromEntries(
        Object.entries(googlePaths).map(([api, path]) => [`GOOGLE_${api}_CUSTOM_ENDPOINT`, `${url}/${path}`]),
      ),
      GOOGLE_OAUTH_ACCESS_TOKEN: "made-up",
      PULUMI_GCP_SKIP_REGION_VALIDATION: "true",
    }),
  },
  aws: {
    project: "amazon",
    environment: (url) => ({
      AWS_ENDPOINT_URL: url,
      AWS_ACCESS_KEY_ID: "testing",
      AWS_SECRET_ACCESS_KEY: "testing",
      AWS_EC2_METADATA_DISABLED: "true",
    }),
  },
};

/**
 * Starts a cloud on a free port, with nothing in it.
 *
 * @param more arguments of the imitation's command line
 */
export async function startImitation(cloud: Cloud, ...more: string[]): Promise<Imitation> {
  const { project, environment } = kinds[cloud];
  const folder = join(top, "tests/clouds", project);
  const child = spawn(install(folder, project), ["-m", "imitation", ...more], {
    cwd: folder,
    env: { PATH: env.PATH, PYTHONDONTWRITEBYTECODE: "1" },
    // It ends with its input, so that none outlives a test that is killed.
    stdio: ["pipe", "pipe", "inherit"],
  });
  const url = await firstLine(child);
  let seen = 0;
  const ask = async (method: string, path: string, body?: unknown): Promise<unknown> => {
    const text = body === undefined ? {} : { body: JSON.stringify(body) };
    const response = await fetch(`${url}/${path}`, { method, ...text });
    if (!response.ok) throw new Error(`${method} ${path}: ${response.status} ${await response.text()}`);
    return response.json();
  };
  return {
    url,
    environment: environment(url),
    left: async () => leftIn(await ask("GET", "_store")),
    complaints: async () => {
      const entries = (await ask("GET", "_journal")) as unknown[];
      const news = entries.slice(seen);
      seen = entries.length;
      return news.filter((entry) => textAt(entry, "kind") !== "answer").map((entry) => JSON.stringify(entry));
    },
    fault: async (fault) => {
      await ask("POST", "_faults", fault);
    },
    unmet: async () => (await ask("GET", "_faults")) as Fault[],
    send: ask,
    tools: join(folder, "bin"),
    stop: () => stop(child),
  };
}

/** Makes the locked environment of the project, and gives its Python. */
function install(folder: string, project: string): string {
  const environment = join(top, `.venv/${project}`);
  const args = ["sync", "--quiet", "--frozen", "--project", folder];
  const { status, stderr } = spawnSync(join(top, "scripts/uv"), args, {
    env: { ...env, UV_PROJECT_ENVIRONMENT: environment },
    encoding: "utf8",
  });
  if (status !== 0) throw new Error(`the packages of tests/clouds/${project} cannot be installed: ${stderr}`);
  return join(environment, "bin/python");
}

async function firstLine({ stdout }: ChildProcess): Promise<string> {
  if (stdout !== null) for await (const line of createInterface({ input: stdout })) return line;
  throw new Error("the imitation ended without saying its address");
}

function leftIn(store: unknown): string[] {
  const resources = isObject(store) ? store.resources : undefined;
  return isObject(resources) ? Object.keys(resources).sort() : [];
}

function stop(child: ChildProcess): Promise<void> {
  return new Promise((resolve) => {
    if (child.exitCode !== null) {
      resolve();
      return;
    }
    child.on("exit", () => resolve());
    child.stdin?.end();
  });
}
