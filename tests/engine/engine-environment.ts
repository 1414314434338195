import { join } from "node:path";
import { folder as top } from "../program/program-cases.ts";

/**
 * The environment of Pulumi's CLI in a throw-away folder, which has the state.
 *
 * @param folder with the empty folder .state
 */
export function engineEnvironment(folder: string): NodeJS.ProcessEnv {
  const { PATH = "", NODE_OPTIONS = "" } = process.env;
  return {
    ...process.env,
    PATH: `${join(top, "node_modules/.bin")}:${PATH}`,
    NODE_OPTIONS: `${NODE_OPTIONS} --require=${join(import.meta.dirname, "strip-types.cjs")}`,
    PULUMI_BACKEND_URL: `file://${folder}/.state`,
    PULUMI_CONFIG_PASSPHRASE: "test",
    PULUMI_SKIP_UPDATE_CHECK: "true",
  };
}
