import * as pulumi from "@pulumi/pulumi";
import { type SecretOutputs, watchMonitor } from "./monitor.ts";
import { type SourceFor, mockTables, type StackOutputs, type OwnOutputs } from "./mocks.ts";
import type { MockTables } from "../../lib/mocks.ts";
import { type GeneratedValues, generated, placeholders, memoized, uuidOf } from "./random.ts";
import { collectRejections } from "./rejections.ts";
import { isObject, textAt } from "../../lib/json.ts";
import type { Recording } from "../../lib/recording.ts";
import { unmark } from "../../lib/wire.ts";

interface RecordOptions {
  /** @default "organization", as the CLI calls that of a state in files */
  organization?: string;
  /** @default "mlops" */
  project?: string;
  /** @default "test" */
  stack?: string;
  /** Objects and lists as JSON. A key without a colon belongs to the project. */
  config?: Record<string, string>;
  /** The keys of `config` that are secret. */
  secretKeys?: string[];
  /** Whether the program sees a preview: what no mock knows is unknown then, instead of undefined. @default false */
  dryRun?: boolean;
  /**
   * Whether random values are real ones instead of placeholders that are the same at each run; a map keeps them for
   * the next run. @default false
   */
  generate?: boolean | GeneratedValues;
  /** Outputs of the stacks that the program refers to. @default - unknown, which takes a dry run */
  stackOutputs?: StackOutputs;
  /** Outputs that the stack had after its last update. @default - none, as before the first */
  deployed?: OwnOutputs;
  /** Results of functions by token, before those of the clouds' mocks. @default - none */
  answers?: MockTables["calls"];
}

/**
 * Runs a program on the SDK's in-memory runtime and records what it registers.
 *
 * @throws the first rejection that the program leaves unhandled, and an error for a second resource with one URN
 */
export async function record(program: () => unknown, options: RecordOptions = {}): Promise<Recording> {
  const { stackTraceLimit } = Error;
  // The SDK writes a stack trace for each promise, which takes a quarter of a run's time.
  Error.stackTraceLimit = 0;
  try {
    return await run(program, options);
  } catch {
    // A program that fails runs again, to say where.
    Error.stackTraceLimit = stackTraceLimit;
    return await run(program, options);
  } finally {
    Error.stackTraceLimit = stackTraceLimit;
  }
}

async function run(program: () => unknown, options: RecordOptions): Promise<Recording> {
  const {
    organization = "organization",
    project = "mlops",
    stack = "test",
    dryRun = false,
    generate = false,
  } = options;
  const inProject = (key: string) => (key.includes(":") ? key : `${project}:${key}`);
  const config = Object.entries(options.config ?? {}).map(([key, value]) => [inProject(key), value] as const);
  const tables = mockTables(sourceFor(generate), options.stackOutputs ?? (() => undefined), options.deployed ?? {});
  Object.assign(tables.calls, options.answers);
  const secretOutputs: SecretOutputs = new Map();
  await pulumi.runtime.setMocks(mocks(tables, secretOutputs), project, stack, dryRun, organization);
  pulumi.runtime.setAllConfig(Object.fromEntries(config), options.secretKeys?.map(inProject));
  const log = watchMonitor(project, stack, secretOutputs);
  const { rejections, warnings } = await collectWarnings(() =>
    collectRejections(async () => {
      await pulumi.runtime.runInPulumiStack(() => Promise.resolve(program()));
      await pulumi.runtime.disconnect();
    }),
  );
  const [first] = [...log.errors, ...rejections];
  if (first instanceof Error) throw first;
  if (first !== undefined) throw new Error("a promise was rejected without a handler", { cause: first });
  return { ...log.recording(), warnings };
}

/** Without an engine, the SDK writes a program's warnings to the console. */
async function collectWarnings<T extends object>(work: () => Promise<T>): Promise<T & { warnings: string[] }> {
  const { warn } = console;
  const warnings: string[] = [];
  console.warn = (text: unknown) => warnings.push(String(text).replace(/^warning: \[runtime\] /, ""));
  try {
    return { ...(await work()), warnings };
  } finally {
    console.warn = warn;
  }
}

function sourceFor(generate: boolean | GeneratedValues): SourceFor {
  if (typeof generate === "boolean") return () => (generate ? generated : placeholders);
  return ({ name, inputs }) => memoized(generate, JSON.stringify([name, inputs]));
}

/** @param secretOutputs names of the outputs that the SDK declares secret, by the resource's type */
function mocks(tables: MockTables, secretOutputs: SecretOutputs): pulumi.runtime.Mocks {
  const providers = new Map<string, Record<string, unknown>>();
  return {
    newResource: ({ type, name, inputs, id: readId, provider = "" }: MockResource) => {
      const plain = plainInputs(inputs);
      const args = {
        name,
        inputs: plain,
        id: readId === "" ? undefined : readId,
        provider: providers.get(provider.slice(provider.lastIndexOf("::") + 2)) ?? {},
      };
      const { id = defaultId(type, name, plain), ...outputs } = tables.resources[type]?.(args) ?? {};
      if (type.startsWith("pulumi:providers:")) providers.set(String(id), plain);
      const isSecret = (key: string) => secretOutputs.get(type)?.includes(key) ?? false;
      const marked = Object.entries(outputs).map(
        ([key, value]) => [key, isSecret(key) ? pulumi.secret(value) : value] as const,
      );
      return { id: String(id), state: { ...inputs, ...Object.fromEntries(marked) } };
    },
    call: ({ token, inputs }: { token: string; inputs: Record<string, unknown> }) =>
      tables.calls[token]?.(plainInputs(inputs)) ?? inputs,
  };
}

/** The arguments that the SDK passes to a mock; it leaves their inputs untyped. */
interface MockResource {
  type: string;
  name: string;
  /** Marked. */
  inputs: Record<string, unknown>;
  id?: string;
  /** `<urn>::<id>`. */
  provider?: string;
}

function plainInputs(marked: Record<string, unknown>): Record<string, unknown> {
  const { value } = unmark(marked);
  return isObject(value) ? value : {};
}

function defaultId(type: string, name: string, inputs: Record<string, unknown>): string {
  if (type.startsWith("pulumi:providers:")) return uuidOf(placeholders.bytes(`${type}::${name}`, 16));
  if (!type.startsWith("kubernetes:")) return `${name}-id`;
  const objectName = textAt(inputs, "metadata.name") ?? name;
  const namespace = textAt(inputs, "metadata.namespace");
  return namespace === undefined ? objectName : `${namespace}/${objectName}`;
}
