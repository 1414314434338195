import { existsSync, readdirSync, readFileSync } from "node:fs";
import { connect } from "node:net";
import { homedir } from "node:os";
import { join } from "node:path";
import { documentIn, textAt } from "../../lib/json.ts";
import { reasonOf, runProgram } from "../../lib/programs/program.ts";

/** Builders of Buildx that run somewhere else, so that no engine is needed here. */
const remoteDrivers = ["remote", "kubernetes", "cloud"];

/** What to do where nothing builds images, as one sentence. */
export const builderFix =
  "start Docker, or create a Buildx builder (docker buildx create --driver remote|kubernetes), or set imageRegistry to published images";

/**
 * Why no image can be built here: neither does Docker's engine answer, nor has Buildx a builder elsewhere.
 *
 * The provider brings Buildx and the client with it: only something that builds is needed. Undefined: there is one.
 */
export async function builderProblem(environment = process.env): Promise<string | undefined> {
  if (hasRemoteBuilder(environment)) return undefined;
  // The client knows its contexts, such as Docker Desktop's.
  const answer = await runProgram("docker", ["version", "--format", "{{.Server.Version}}"], { timeoutSeconds: 20 });
  if (answer?.ok === true) return undefined;
  if (answer !== undefined) return `Docker's engine does not answer: ${sentence(reasonOf(answer))}`;
  if (await answers(environment.DOCKER_HOST ?? defaultHost)) return undefined;
  return "Docker is not installed, and Buildx has no builder elsewhere";
}

/** The first sentence of a text, which another one follows. */
function sentence(text: string): string {
  return text.split(/\n|\. /)[0]?.replace(/\.$/, "") ?? "";
}

const defaultHost = "unix:///var/run/docker.sock";

/** Whether Buildx knows a builder that runs elsewhere. Source: https://docs.docker.com/build/building/variables/#buildx_config */
function hasRemoteBuilder({ BUILDX_CONFIG, DOCKER_CONFIG }: NodeJS.ProcessEnv): boolean {
  const buildx = BUILDX_CONFIG ?? join(DOCKER_CONFIG ?? join(homedir(), ".docker"), "buildx");
  const folder = join(buildx, "instances");
  if (!existsSync(folder)) return false;
  const drivers = readdirSync(folder).map((name) => {
    return textAt(documentIn(readFileSync(join(folder, name), "utf8")), "Driver") ?? "";
  });
  return drivers.some((driver) => remoteDrivers.includes(driver));
}

/** Whether something listens where an engine would. */
function answers(host: string): Promise<boolean> {
  const url = URL.canParse(host) ? new URL(host) : undefined;
  if (url === undefined) return Promise.resolve(false);
  const place =
    url.protocol === "unix:" ? { path: url.pathname } : { host: url.hostname, port: Number(url.port || "2375") };
  return new Promise((resolve) => {
    const socket = connect(place);
    const end = (isThere: boolean) => {
      socket.destroy();
      resolve(isThere);
    };
    socket.setTimeout(5000, () => end(false));
    socket.once("connect", () => end(true)).once("error", () => end(false));
  });
}
