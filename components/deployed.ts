import * as pulumi from "@pulumi/pulumi";
import type { Config } from "../config.ts";
import { ConfigError } from "../config/errors.ts";
import { object, text } from "../config/facts.ts";
import { type Deployed, lossProblems } from "../config/losses.ts";

/** A function of the engine itself, which reads the state of a stack. */
const readState = "pulumi:pulumi:readStackResourceOutputs";

/**
 * Refuses a configuration that would delete data of this stack.
 *
 * @throws ConfigError with everything at once, before anything is registered
 */
export async function refuseLosses(config: Config): Promise<void> {
  const problems = lossProblems(config, await deployedResources());
  if (problems.length > 0) throw new ConfigError(problems);
}

/** The resources of this stack as its last update left them; none before the first one. */
async function deployedResources(): Promise<Deployed[]> {
  const stackName = [pulumi.getOrganization(), pulumi.getProject(), pulumi.getStack()].join("/");
  try {
    const answer: unknown = await pulumi.runtime.invoke(readState, { stackName });
    return Object.entries(object(object(answer).outputs)).map(([urn, resource]) => ({
      type: text(object(resource).type),
      name: urn.slice(urn.lastIndexOf("::") + 2),
      outputs: object(resource).outputs,
    }));
  } catch (error) {
    // What is protected stays so: without the state only the sentence that says it first is missing.
    const reason = error instanceof Error ? error.message : String(error);
    await pulumi.log.warn(`cannot read what stack ${stackName} has, to say what this update would delete: ${reason}`);
    return [];
  }
}
