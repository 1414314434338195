import { hasCli } from "../lib/programs/pulumi-cli.ts";
import { wrapped } from "../lib/terminal.ts";
import { fileOf } from "./stack.ts";

/**
 * How to go on where printed commands run a Pulumi CLI that this machine does not have; empty where it has one.
 *
 * @param text what is printed
 */
export function cliNote(text: string, stack: string, isThere = hasCli): string {
  if (!text.includes("scripts/pulumi config ") || isThere()) return "";
  const secrets = text.includes(" --secret") ? " Secret values need the CLI." : "";
  return wrapped(
    `The fixes run the Pulumi CLI, which is not installed: run \`make cli\`, or edit ${fileOf(stack)}. ` +
      `There, 'a.b' is the key b below mlops:a, and 'a[0]' is the first entry of its list.${secrets}`,
  );
}
