import * as pulumi from "@pulumi/pulumi";
import { clouds } from "../../components/cluster/kinds.ts";
import { type RandomSource, uuidOf } from "./random.ts";
import { isObject } from "../../lib/json.ts";
import { merged } from "../../lib/merged.ts";
import type { MockArgs, MockTables } from "../../lib/mocks.ts";

/** Where the values of a resource come from. */
export type SourceFor = (args: MockArgs) => RandomSource;

/** Outputs of the stack itself after its last update. */
export type OwnOutputs = Readonly<Record<string, unknown>>;

/** Outputs of another stack by its full name; undefined: unknown. */
export type StackOutputs = (name: string) => { outputs: Record<string, unknown>; secretNames: string[] } | undefined;

/**
 * Plausible outputs of the resources whose outputs the program reads.
 *
 * What is not listed echoes its inputs.
 */
export function mockTables(source: SourceFor, stackOutputs: StackOutputs, deployed: OwnOutputs): MockTables {
  return {
    resources: {
      ...randomResources(source),
      ...merged(clouds.map(({ mocks }) => mocks.resources)),
      "kubernetes:core/v1:Service": ({ inputs }) => ({ status: { loadBalancer: loadBalancerOf(inputs) } }),
      "pulumi:pulumi:StackReference": ({ id, name }) => {
        const { outputs, secretNames } = stackOutputs(id ?? name) ?? {};
        return {
          name: id ?? name,
          outputs: outputs ?? pulumi.runtime.unknownValue,
          secretOutputNames: secretNames ?? pulumi.runtime.unknownValue,
        };
      },
    },
    calls: {
      ...merged(clouds.map(({ mocks }) => mocks.calls)),
      "pulumi:pulumi:readStackOutputs": () => ({ outputs: deployed }),
    },
  };
}

function loadBalancerOf({ spec }: Record<string, unknown>): Record<string, unknown> {
  const isLoadBalancer = isObject(spec) && spec.type === "LoadBalancer";
  // An address that documentation may use: https://www.rfc-editor.org/rfc/rfc5737
  return isLoadBalancer ? { ingress: [{ ip: "203.0.113.10" }] } : {};
}

function randomResources(sourceFor: SourceFor): MockTables["resources"] {
  return {
    "random:index/randomPassword:RandomPassword": (args) => {
      const { name, inputs } = args;
      const source = sourceFor(args);
      const result = source.text(name, lengthOf(inputs));
      return { id: "none", result: pulumi.secret(result), bcryptHash: pulumi.secret(source.bcrypt(name, result)) };
    },
    "random:index/randomString:RandomString": (args) => {
      const result = sourceFor(args).text(args.name, lengthOf(args.inputs));
      return { id: result, result };
    },
    "random:index/randomBytes:RandomBytes": (args) => {
      const bytes = sourceFor(args).bytes(args.name, lengthOf(args.inputs));
      return {
        id: "none",
        base64: pulumi.secret(bytes.toString("base64")),
        hex: pulumi.secret(bytes.toString("hex")),
      };
    },
    "random:index/randomId:RandomId": (args) => {
      const bytes = sourceFor(args).bytes(args.name, Number(args.inputs.byteLength));
      return {
        id: bytes.toString("base64url"),
        b64Std: bytes.toString("base64"),
        b64Url: bytes.toString("base64url"),
        dec: BigInt(`0x${bytes.toString("hex")}`).toString(),
        hex: bytes.toString("hex"),
      };
    },
    "random:index/randomUuid:RandomUuid": (args) => {
      const result = uuidOf(sourceFor(args).bytes(args.name, 16));
      return { id: result, result };
    },
  };
}

function lengthOf(inputs: Record<string, unknown>): number {
  return Number(inputs.length);
}
