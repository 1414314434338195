import { spawnSync } from "node:child_process";
import { join } from "node:path";
import { listAt, textAt } from "../../lib/json.ts";
import { administrators, credentials } from "./credentials.ts";
import { assertStackFile, fromCluster, noPlatform } from "./no-platform.ts";
import {
  addressOfNode,
  hasNodePort,
  type Interface,
  interfacesOfCluster,
  interfacesOfStack,
  mayHaveRoutes,
} from "./interfaces.ts";
import { kubectl, type KubectlTarget } from "../../lib/kubernetes/kubectl.ts";
import { errorText } from "../../lib/errors.ts";
import { hasCli } from "../../lib/programs/pulumi-cli.ts";

interface Platform {
  target: KubectlTarget;
  interfaces: Interface[];
  /** Notes for the user about the source of the data. */
  note: string | undefined;
}

/**
 * The UIs of a platform: from the stack's outputs, and from the cluster where there is no Pulumi CLI or no such stack.
 *
 * @param target in the stack's namespace, if that is another one
 * @throws in one sentence when neither knows a platform
 */
export function findInterfaces(stack: string, target: KubectlTarget): Platform {
  const { outputs, problem } = stackOutputs(stack);
  const interfaces = interfacesOfStack(outputs);
  if (interfaces.length > 0) {
    const namespace = textAt(outputs, "namespace") ?? target.namespace;
    return { target: { ...target, namespace }, interfaces, note: undefined };
  }
  assertStackFile(stack);
  const reason = problem ?? `stack ${stack} has no platform in its outputs`;
  return { target, interfaces: findInCluster(target, stack), note: `${reason}: querying the cluster instead` };
}

/** The stack's outputs with its secrets, or why there are none. */
function stackOutputs(stack: string): { outputs?: unknown; problem?: string } {
  const cli = join(import.meta.dirname, "../pulumi");
  if (!hasCli()) return { problem: "the Pulumi CLI is not installed" };
  const args = ["stack", "output", "--json", "--show-secrets", "--non-interactive", "--stack", stack];
  const { status, stdout, stderr } = spawnSync(cli, args, { encoding: "utf8" });
  if (status === 0) return { outputs: JSON.parse(stdout) as unknown };
  const words = stderr.trim().replaceAll(/\s*\n\s*/g, "; ");
  return { problem: `stack ${stack} cannot be read (${words.replace(/^error: /, "")})` };
}

function findInCluster(target: KubectlTarget, stack: string): Interface[] {
  const listed = (resource: string, timeout?: number) =>
    listAt(JSON.parse(kubectl(target, ["get", resource, "--output", "json"], "", timeout)) as unknown, "items");
  const services = fromCluster(target, stack, (timeout) => listed("services,ingresses", timeout));
  // A cluster without the Gateway API does not know the kind.
  const routes = mayHaveRoutes(services) ? tolerant(() => listed("httproutes.gateway.networking.k8s.io")) : [];
  const objects = [...services, ...(routes ?? [])];
  const nodes = hasNodePort(objects)
    ? tolerant(() => JSON.parse(kubectl(target, ["get", "nodes", "--output", "json"])) as unknown)
    : {};
  const found = interfacesOfCluster(
    objects,
    tolerant(() => credentials(target)) ?? administrators([]),
    addressOfNode(nodes),
  );
  if (found.length > 0) return found;
  throw noPlatform(target, stack);
}

/** The result of a read that may fail, for example without a permission; undefined if it fails. */
function tolerant<T>(read: () => T): T | undefined {
  try {
    return read();
  } catch (error) {
    console.error(errorText(error));
    return undefined;
  }
}
