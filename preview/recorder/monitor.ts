import * as pulumi from "@pulumi/pulumi";
import type { Lookup, Recording, Registration } from "../../lib/recording.ts";
import { isObject } from "../../lib/json.ts";
import { type PlainValue, unmark } from "../../lib/wire.ts";

type Monitor = NonNullable<ReturnType<typeof pulumi.runtime.getMonitor>>;
type Request = Parameters<Monitor["registerResource"]>[0];
type OutputsRequest = Parameters<Monitor["registerResourceOutputs"]>[0];
type LookupRequest = Pick<Parameters<Monitor["invoke"]>[0], "getProvider">;
type InvokeRequest = Parameters<Monitor["invoke"]>[0];
type ReadRequest = Parameters<Monitor["readResource"]>[0];
type Callback<T> = (error: Error | null, response: T) => void;

/** What the in-memory monitor is made of, beside its declared interface. */
interface MemoryMonitor {
  registerResource: (request: Request, callback: Callback<unknown>) => void;
  registerResourceOutputs: (request: OutputsRequest, callback: Callback<unknown>) => void;
  invoke: (request: InvokeRequest, callback: Callback<unknown>) => void;
  readResource: (request: ReadRequest, callback: Callback<unknown>) => void;
}

/** The calls that a running program makes. */
interface Log {
  errors: Error[];
  recording: () => Omit<Recording, "warnings">;
}

/** Names of outputs that are secret, by the type of the resource; the in-memory monitor knows none. */
export type SecretOutputs = Map<string, readonly string[]>;

const stackType = "pulumi:pulumi:Stack";

/**
 * Puts a recorder between the program and the in-memory monitor that `setMocks` installed.
 *
 * The monitor alone tells mocks neither parents nor options (pulumi/pulumi#14421), names URNs other than the
 * engine, and takes two resources with one URN.
 *
 * @param secretOutputs gets the outputs that the program's SDKs declare secret
 */
export function watchMonitor(project: string, stack: string, secretOutputs: SecretOutputs): Log {
  const monitor = memoryMonitor();
  const log = {
    errors: [] as Error[],
    resources: new Map<string, Registration>(),
    lookups: [] as Lookup[],
    stackOutputs: unmark({}),
  };
  const stackUrn = urnOf(project, stack, "", stackType, `${project}-${stack}`);
  const { registerResource, registerResourceOutputs, invoke, readResource } = monitor;
  const look = (token: string, request: LookupRequest) => log.lookups.push({ token, provider: request.getProvider() });
  Object.assign(monitor, {
    newUrn: (parent: string, type: string, name: string) => urnOf(project, stack, parent, type, name),
    registerResource: (request: Request, callback: Callback<unknown>) => {
      const urn = urnOf(project, stack, request.getParent(), request.getType(), request.getName());
      if (log.resources.has(urn)) {
        const error = new Error(`two resources have the URN ${urn}`);
        log.errors.push(error);
        callback(error, undefined);
        return;
      }
      if (urn !== stackUrn) log.resources.set(urn, registrationOf(request, urn, stackUrn));
      secretOutputs.set(request.getType(), request.getAdditionalsecretoutputsList());
      registerResource.call(monitor, request, callback);
    },
    registerResourceOutputs: (request: OutputsRequest, callback: Callback<unknown>) => {
      const outputs = unmark(request.getOutputs()?.toJavaScript() ?? {});
      if (request.getUrn() === stackUrn) log.stackOutputs = outputs;
      else setOutputs(log.resources.get(request.getUrn()), outputs);
      registerResourceOutputs.call(monitor, request, callback);
    },
    invoke: (request: InvokeRequest, callback: Callback<unknown>) => {
      look(request.getTok(), request);
      invoke.call(monitor, request, callback);
    },
    readResource: (request: ReadRequest, callback: Callback<unknown>) => {
      look(request.getType(), request);
      readResource.call(monitor, request, callback);
    },
  });
  return {
    errors: log.errors,
    recording: () => ({
      resources: [...log.resources.values()],
      lookups: log.lookups.toSorted((a, b) => a.token.localeCompare(b.token)),
      outputs: objectOf(log.stackOutputs),
      secretOutputPaths: log.stackOutputs.secretPaths,
    }),
  };
}

function memoryMonitor(): MemoryMonitor & object {
  const monitor = pulumi.runtime.getMonitor();
  if (monitor === undefined) throw new Error("setMocks installs a monitor");
  return monitor;
}

/** The engine leaves the stack out of the types in a URN. */
function urnOf(project: string, stack: string, parent: string, type: string, name: string): string {
  const parentType = parent.split("::")[2] ?? "";
  const qualified = parentType === "" || parentType === stackType ? type : `${parentType}$${type}`;
  return `urn:pulumi:${stack}::${project}::${qualified}::${name}`;
}

function registrationOf(request: Request, urn: string, stackUrn: string): Registration {
  const inputs = unmark(request.getObject()?.toJavaScript() ?? {});
  const parent = request.getParent();
  const importId = request.getImportid();
  return {
    urn,
    type: request.getType(),
    name: request.getName(),
    custom: request.getCustom(),
    remote: request.getRemote(),
    parent: parent === stackUrn ? "" : parent,
    provider: request.getProvider(),
    dependencies: request.getDependenciesList().toSorted(),
    protect: request.getProtect() ?? false,
    ignoreChanges: request.getIgnorechangesList(),
    aliases: request.getAliasesList().map((alias) => alias.toObject()),
    deleteBeforeReplace: request.getDeletebeforereplace(),
    retainOnDelete: request.getRetainondelete() ?? false,
    ...(importId === "" ? {} : { importId }),
    inputs: objectOf(inputs),
    secretPaths: inputs.secretPaths,
    outputs: {},
    secretOutputPaths: [],
  };
}

function setOutputs(registration: Registration | undefined, outputs: PlainValue): void {
  if (registration === undefined) return;
  registration.outputs = objectOf(outputs);
  registration.secretOutputPaths = outputs.secretPaths;
}

function objectOf({ value }: PlainValue): Record<string, unknown> {
  return isObject(value) ? value : {};
}
