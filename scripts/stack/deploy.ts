// The last step of `make up`: scripts/stack/deploy.ts STACK [ARG ...] runs `pulumi up`, or says who holds the stack.
import { readCommand, runScript } from "../../lib/command-line.ts";
import { nextSteps } from "../platform/next-steps.ts";
import { hasPlatform, stackValues } from "../platform/stack-file.ts";
import { hasNamedUsers, retireNamedUsers } from "./named-users.ts";
import { exported, update } from "./update.ts";

async function main(all: string[]): Promise<number> {
  const [stack = "minikube", ...args] = readCommand(all, {}).args;
  const before = await exported(stack);
  const code = await update("up", stack, args, before);
  const after = hasNamedUsers(before) && code === 0 ? await exported(stack) : undefined;
  if (after !== undefined && !hasNamedUsers(after)) await retireNamedUsers(after, stack);
  if (code === 0 && hasPlatform(stackValues(stack))) console.log(`\n${nextSteps(stack)}`);
  return code;
}

await runScript("scripts/stack/deploy.ts", main);
