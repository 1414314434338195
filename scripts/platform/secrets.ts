// make secrets PROJECT=name ENV_FILE=.env [STACK=minikube]: stores each entry of an env file encrypted in the stack's
// configuration.
// make secrets REGISTRY=host REGISTRY_USER=name [STACK=minikube]: asks for the password of an image registry and stores both.
// make secrets PROXY_USER=name [STACK=minikube]: the same for the proxy of the key `proxy`.
// Values go to the CLI through its standard input and are never printed.
import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { parseEnv } from "node:util";
import { CommandLineError, readOptions, runScript } from "../../lib/command-line.ts";
import { errorText } from "../../lib/errors.ts";
import { keyOf } from "../../lib/key-path.ts";

const pulumi = join(import.meta.dirname, "../pulumi");

const usage = [
  "make secrets PROJECT=pageviews ENV_FILE=.env: a project's secret values, one NAME=value per line",
  "make secrets PROXY_USER=robot: the login of the proxy; it asks for the password",
  "make secrets REGISTRY=registry.example.org REGISTRY_USER=robot: the login of an image registry; it asks for the password",
].join("\n  ");

function main(args: string[]): void {
  const options = readOptions(args, {
    project: { type: "string", default: "" },
    "env-file": { type: "string", default: "" },
    registry: { type: "string", default: "" },
    "registry-user": { type: "string", default: "" },
    "proxy-user": { type: "string", default: "" },
    stack: { type: "string", default: "minikube" },
  });
  const { project, "env-file": envFile, registry, "registry-user": user, "proxy-user": proxyUser, stack } = options;
  if (project !== "" && envFile !== "") storeEntries(stack, project, envFile);
  else if (registry !== "" && user !== "") storeLogin(stack, ["registries", registry], user);
  else if (proxyUser !== "") storeLogin(stack, ["proxy"], proxyUser);
  else throw new CommandLineError(`found no project with a file and no user name; run one of\n  ${usage}`);
}

function storeEntries(stack: string, project: string, envFile: string): void {
  const entries = Object.entries(read(envFile));
  const wrong = entries.map(([key]) => key).filter((key) => !/^[A-Z_][A-Z0-9_]*$/.test(key));
  if (wrong.length > 0)
    throw new Error(`${envFile}: found the names ${wrong.join(", ")}; allowed: A-Z, 0-9 and _, as in API_TOKEN`);
  if (entries.length === 0) throw new Error(`${envFile}: found no entry; write one NAME=value per line`);
  for (const [key, value] of entries) store(stack, ["secrets", "projects", project, key], value ?? "");
  console.log(
    `stored ${entries.length} secrets of project ${project} in Pulumi.${stack}.yaml: ${entries.map(([key]) => key).join(", ")}`,
  );
}

function storeLogin(stack: string, of: string[], username: string): void {
  const login = ["secrets", ...of];
  store(stack, [...login, "username"], username);
  console.log(`password of ${username}:`);
  store(stack, [...login, "password"]);
  console.log(`stored the login as ${keyOf(login)} in Pulumi.${stack}.yaml`);
}

function read(path: string): NodeJS.Dict<string> {
  try {
    return parseEnv(readFileSync(path, "utf8"));
  } catch (error) {
    throw new Error(`cannot read ${path}: ${errorText(error)}`);
  }
}

/** @param value without one, the CLI asks for it, or reads it from this script's standard input */
function store(stack: string, path: string[], value?: string): void {
  const key = keyOf(path);
  const { status } = spawnSync(pulumi, ["config", "set", "--stack", stack, "--secret", "--path", key], {
    ...(value === undefined ? {} : { input: value }),
    stdio: [value === undefined ? "inherit" : "pipe", "inherit", "inherit"],
  });
  if (status !== 0) throw new Error(`could not store ${key}; later entries were not stored`);
}

await runScript("scripts/platform/secrets.ts", main);
