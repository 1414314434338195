import { join } from "node:path";
import type { Known } from "../../components/preflight/known.ts";
import { documentIn, listAt, textAt } from "../../lib/json.ts";
import { hasCli } from "../../lib/programs/pulumi-cli.ts";
import { runProgram } from "../../lib/programs/program.ts";

const pulumi = join(import.meta.dirname, "../pulumi");

/** The resources in a stack's state, none before its first deployment; undefined: the state cannot be read. */
export async function stateOf(stack: string): Promise<Known[] | undefined> {
  if (!hasCli()) return undefined;
  const answer = await runProgram(pulumi, ["stack", "export", "--stack", stack], { timeoutSeconds: 60 });
  if (answer === undefined) return undefined;
  if (!answer.ok) return /no stack named/i.test(answer.stderr) ? [] : undefined;
  return listAt(documentIn(answer.stdout), "deployment.resources").flatMap((resource) => {
    const [type, id] = [textAt(resource, "type"), textAt(resource, "id")];
    return type === undefined || id === undefined ? [] : [{ type, id }];
  });
}
