import * as pulumi from "@pulumi/pulumi";
import type { Config } from "../../config.ts";
import { dataOutput, type DataLocations, readDataLocations } from "../../config/data-output.ts";
import { ConfigError } from "../../config/errors.ts";
import { lossProblems } from "../../config/losses.ts";
import { valueAt } from "../../lib/key-path.ts";
import { stackName } from "./platform-sign.ts";
import { errorText } from "../../lib/errors.ts";

/**
 * A function of the engine itself, which reads the outputs that a stack had after its last update.
 *
 * Those of all resources can be read too, but not used: a component's output may be a resource, and the SDK looks that one up
 * among those of the update that has just begun.
 */
const readOutputs = "pulumi:pulumi:readStackOutputs";

/**
 * Refuses a configuration that would delete data of this stack.
 *
 * @throws ConfigError with everything at once, before anything is registered
 */
export async function refuseLosses(config: Config): Promise<void> {
  const problems = lossProblems(config, await deployedLocations());
  if (problems.length > 0) throw new ConfigError(problems);
}

/** Where this stack keeps data since its last update; undefined before the first one. */
async function deployedLocations(): Promise<DataLocations | undefined> {
  try {
    return readDataLocations(await deployedOutput(dataOutput));
  } catch (error) {
    // What is protected stays so: without the outputs only the sentence that says it first is missing.
    const reason = errorText(error);
    await pulumi.log.warn(
      `cannot read the state of stack ${stackName()} to find what this update would delete: ${reason}`,
    );
    return undefined;
  }
}

/** An output that this stack had after its last update; undefined before the first one. */
export async function deployedOutput(output: string): Promise<unknown> {
  const answer: unknown = await pulumi.runtime.invoke(readOutputs, { name: stackName() });
  return valueAt(answer, ["outputs", output]);
}
