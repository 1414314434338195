import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { env } from "node:process";
import * as grpc from "@grpc/grpc-js";
import providerServices from "@pulumi/pulumi/proto/provider_grpc_pb.js";
import provider from "@pulumi/pulumi/proto/provider_pb.js";
import protobuf from "google-protobuf/google/protobuf/empty_pb.js";
import struct from "google-protobuf/google/protobuf/struct_pb.js";

/** Inputs of a resource. */
export type Values = Parameters<typeof struct.Struct.fromJavaScript>[0];

/** How a provider answers a call: the callback of gRPC's. */
type Answer<T> = (error: grpc.ServiceError | null, answer: T) => void;

/** A provider's plugin, asked as the engine asks it. It reaches no cloud: validation and plans need none. */
export class Plugin {
  readonly #process: ChildProcess;
  readonly #client: providerServices.ResourceProviderClient;

  private constructor(process: ChildProcess, port: string) {
    this.#process = process;
    this.#client = new providerServices.ResourceProviderClient(`127.0.0.1:${port}`, grpc.credentials.createInsecure());
  }

  /** @param file the plugin, which the engine would start */
  static async start(file: string, config: Values): Promise<Plugin> {
    // Nothing listens there: what would ask the cloud fails instead.
    const unreachable = { HTTPS_PROXY: "http://127.0.0.1:9", HTTP_PROXY: "http://127.0.0.1:9", NO_PROXY: "127.0.0.1" };
    const child = spawn(file, ["127.0.0.1:9"], {
      env: { ...env, ...unreachable },
      stdio: ["ignore", "pipe", "ignore"],
    });
    const port = await new Promise<string>((resolve, reject) => {
      child.stdout.setEncoding("utf8").once("data", (text: string) => resolve(text.trim()));
      child.once("close", () => reject(new Error(`${file} ended before it named its port`)));
    });
    const plugin = new Plugin(child, port);
    const request = new provider.ConfigureRequest();
    request.setArgs(struct.Struct.fromJavaScript(config));
    await call<unknown>((answer) => plugin.#client.configure(request, answer));
    return plugin;
  }

  async version(): Promise<string> {
    const info = await call<{ getVersion(): string }>((answer) =>
      this.#client.getPluginInfo(new protobuf.Empty(), answer),
    );
    return info.getVersion();
  }

  /** What the provider says against inputs. */
  async check(type: string, inputs: Values): Promise<string[]> {
    const request = new provider.CheckRequest();
    request.setUrn(urnOf(type)).setNews(struct.Struct.fromJavaScript(inputs)).setOlds(new struct.Struct());
    request.setRandomseed(Buffer.alloc(32, 1));
    const answer = await call<provider.CheckResponse | string>((back) =>
      this.#client.check(request, (error, response) =>
        // A rule between several inputs is an error of the whole call.
        error?.code === grpc.status.UNKNOWN ? back(null, error.details) : back(error, response),
      ),
    );
    return typeof answer === "string" ? [answer] : answer.getFailuresList().map((failure) => failure.getReason());
  }

  async stop(): Promise<void> {
    const ended = once(this.#process, "close");
    this.#process.kill();
    await ended;
  }
}

function urnOf(type: string): string {
  return `urn:pulumi:facts::mlops::${type}::x`;
}

function call<T>(ask: (answer: Answer<T>) => void): Promise<T> {
  return new Promise((resolve, reject) => {
    ask((error, answer) => (error === null ? resolve(answer) : reject(error)));
  });
}
