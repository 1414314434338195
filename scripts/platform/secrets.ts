// make secrets: stores secrets of a project, or the login of an image registry, encrypted in the stack's configuration.
// Values go to the CLI through its standard input and are never printed; files are read as text and never run.
import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { parseEnv } from "node:util";
import { CommandLineError, readOptions, runScript } from "../../lib/command-line.ts";
import { errorText } from "../../lib/errors.ts";
import { listAt, textAt } from "../../lib/json.ts";
import { keyOf } from "../../lib/key-path.ts";
import { fileOf, readStack } from "../../preview/stack.ts";

const usage = `usage:
  make secrets PROJECT=pageviews ENV_FILE=.env             stores each NAME=value of a file
  make secrets PROJECT=pageviews NAME=SSH_KEY FILE=path    stores a whole file, of any number of lines, as one value
  make secrets PROJECT=pageviews NAME=API_TOKEN            asks for one value
  make secrets REGISTRY=registry.example.org REGISTRY_USER=robot
                                                           stores the login of an image registry; asks for the password
  make secrets PROXY_USER=robot                            stores the login of the proxy; asks for the password
STACK=name stores them in Pulumi.<name>.yaml, by default in that of minikube.`;

const top = join(import.meta.dirname, "../..");
const pulumi = join(top, "scripts/pulumi");

/** Without a value, the CLI asks for it. */
type Entry = readonly [name: string, value: string | undefined];

function main(args: string[]): void {
  const options = readOptions(args, {
    project: { type: "string" },
    variables: { type: "string" },
    name: { type: "string" },
    file: { type: "string" },
    registry: { type: "string" },
    "registry-user": { type: "string" },
    "proxy-user": { type: "string" },
    stack: { type: "string", default: "minikube" },
  });
  const {
    project,
    stack,
    name,
    file,
    registry,
    variables: envFile,
    "registry-user": user,
    "proxy-user": proxyUser,
  } = options;
  if (project !== undefined && envFile !== undefined && name === undefined && file === undefined) {
    storeEntries(stack, project, envFile, entriesOf(envFile));
  } else if (project !== undefined && name !== undefined && envFile === undefined) {
    storeEntries(stack, project, "NAME", [[name, file === undefined ? undefined : read(file)]]);
  } else if (project === undefined && registry !== undefined && user !== undefined) {
    storeLogin(stack, ["registries", registry], user);
  } else if (project === undefined && proxyUser !== undefined) {
    storeLogin(stack, ["proxy"], proxyUser);
  } else {
    throw new CommandLineError(`found no project with a file or a name, and no user name\n${usage}`);
  }
}

function storeEntries(stack: string, project: string, source: string, entries: readonly Entry[]): void {
  const names = entries.map(([name]) => name);
  const wrong = names.filter((key) => !/^[A-Z_][A-Z0-9_]*$/.test(key));
  if (wrong.length > 0)
    throw new Error(`${source}: found the names ${wrong.join(", ")}; allowed: A-Z, 0-9 and _, as in API_TOKEN`);
  refuseProject(project, stack);
  for (const [key, value] of entries) store(stack, ["secrets", "projects", project, key], value);
  console.log(`stored ${names.length} secrets of project ${project} in ${fileOf(stack)}: ${names.join(", ")}`);
}

function storeLogin(stack: string, of: string[], username: string): void {
  const login = ["secrets", ...of];
  store(stack, [...login, "username"], username);
  console.log(`password of ${username}:`);
  store(stack, [...login, "password"], undefined);
  console.log(`stored the login as ${keyOf(login)} in ${fileOf(stack)}`);
}

function entriesOf(path: string): Entry[] {
  const text = read(path);
  const [unread] = unreadLines(text);
  if (unread !== undefined) {
    throw new Error(
      `${path}:${unread}: found a line that is not NAME=value; put a value of several lines in quotes, or in a file of its own (FILE=)`,
    );
  }
  const entries = Object.entries(parseEnv(text));
  if (entries.length === 0) throw new Error(`${path}: found no entry; write one NAME=value per line`);
  return entries.map(([key, value]) => [key, value ?? ""]);
}

/** An entry, whose value in quotes may have several lines; what a line has after it is a comment. */
const entry = /^[ \t]*(?:export[ \t]+)?[\w.-]+[ \t]*=[ \t]*(?:"[^"]*"[^\n]*|'[^']*'[^\n]*|`[^`]*`[^\n]*|[^\n]*)$/gm;

/** Numbers of an env file's lines that are neither part of an entry nor a comment: its parser skips them silently. */
function unreadLines(text: string): number[] {
  const rest = text.replaceAll("\r\n", "\n").replace(entry, (lines) => lines.replace(/[^\n]/g, ""));
  return rest.split("\n").flatMap((line, i) => (/^\s*(#|$)/.test(line) ? [] : [i + 1]));
}

/** Secrets of a project that the stack does not list would be refused by the next preview. */
function refuseProject(project: string, stack: string): void {
  const { project: program, config } = readStack(top, stack);
  const projects: unknown = JSON.parse(config[`${program}:projects`] ?? "[]");
  const names = listAt({ projects }, "projects").map((one) => textAt(one, "name"));
  if (!names.includes(project))
    throw new Error(`${fileOf(stack)} has no project ${project}; it has ${names.join(", ") || "none"}`);
}

function read(path: string): string {
  try {
    return readFileSync(path, "utf8");
  } catch (error) {
    throw new Error(`cannot read ${path}: ${errorText(error)}`);
  }
}

function store(stack: string, path: string[], value: string | undefined): void {
  const key = keyOf(path);
  // The CLI takes the last line's end from a value, unless it is told not to.
  const raw = value === undefined ? [] : ["--raw"];
  const { status } = spawnSync(pulumi, ["config", "set", "--stack", stack, "--secret", "--path", key, ...raw], {
    ...(value === undefined ? {} : { input: value }),
    stdio: [value === undefined ? "inherit" : "pipe", "inherit", "inherit"],
  });
  if (status !== 0) throw new Error(`could not store ${key}; later entries were not stored`);
}

await runScript("scripts/platform/secrets.ts", main);
