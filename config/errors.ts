import { getOrganization, getProject, getStack, RunError } from "@pulumi/pulumi";
import { isBelowSecrets, notesOn, ofStack } from "./fixes.ts";
import { whySecret } from "./likely-secret.ts";

/** A problem of a stack's configuration, and the command that fixes it. */
export interface ConfigProblem {
  /** Path below the project, e.g. `airflow.executor`. */
  key: string;
  found: string;
  allowed: string;
  /** A command line that works as it is, or what to do by hand. */
  fix: string;
}

/** An error of which the user reads the message and nothing else. */
export class UserError extends RunError {
  constructor(text: string) {
    super(text);
    // The SDK prefixes the message, once for each resource that waited for the value. Users need no prefix.
    Object.defineProperty(this, "message", { get: () => text, set: () => undefined });
    // The user has to solve it, and stack frames of this program would only hide the message.
    this.stack = text;
  }
}

/** All problems of a configuration at once. */
export class ConfigError extends UserError {
  readonly problems: ConfigProblem[];

  /** @param name the stack's, for its fixes; @default - the one that the engine runs */
  constructor(found: ConfigProblem[], name = stackName()) {
    const ofThis = (one: ConfigProblem) => ({
      ...one,
      allowed: ofStack(one.allowed, name),
      fix: ofStack(one.fix, name),
    });
    const problems = found.map((one) => (name === "" ? one : ofThis(one)));
    const lines = [...problems.map(problemText), ...notesOn(problems.map(({ fix }) => fix)).map((note) => `  ${note}`)];
    super(`the stack's configuration has ${count(problems.length)}\n${lines.join("\n")}`);
    this.name = "ConfigError";
    this.problems = problems;
  }
}

/** A problem in two lines. */
function problemText({ key, found, allowed, fix }: ConfigProblem): string {
  const what = found === nothing ? `not set; expected: ${allowed}` : `found ${found}; allowed: ${allowed}`;
  return `  ${key}: ${what}\n    fix: ${fix}`;
}

/** What is found at a key without a value. */
const nothing = "nothing";

/** The value at a path as a user would recognise it; never one below `secrets`, nor one that looks like a secret. */
export function shown(value: unknown, key: string): string {
  if (value === undefined) return nothing;
  if (isBelowSecrets(key)) return "[secret]";
  const secret = whySecret(/[\w-]*(?="?\]?$)/.exec(key)?.[0] ?? "", value);
  if (secret !== undefined) return secret;
  const text = JSON.stringify(value);
  return text.length > 80 ? `${text.slice(0, 77)}...` : text;
}

/** A warning in two lines; the engine shows them with a heading of its own. */
export function warningText({ key, found, allowed, fix }: ConfigProblem): string {
  return `${key}: found ${found}; expected: ${allowed}\n  fix: ${ofStack(fix, stackName())}`;
}

/** The stack as the CLI finds it from any login: with its organization, which a state in files and buckets does not have. */
function stackName(): string {
  const own = getStack();
  const organization = own === "" ? withoutOrganization : organizationOf();
  return organization === withoutOrganization ? own : [organization, getProject(), own].join("/");
}

/** What the CLI calls the organization of such a state. */
const withoutOrganization = "organization";

function organizationOf(): string {
  try {
    return getOrganization();
  } catch {
    // The engine always names one; only tests of single functions run without.
    return withoutOrganization;
  }
}

function count(problems: number): string {
  return problems === 1 ? "1 problem:" : `${problems} problems:`;
}
