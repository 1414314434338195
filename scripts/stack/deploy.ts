// The last step of `make up`: scripts/stack/deploy.ts STACK [ARG ...] runs `pulumi up`, or says who holds the stack.
import { hasNamedUsers, retireNamedUsers } from "./named-users.ts";
import { exported, update } from "./update.ts";

const [stack = "minikube", ...args] = process.argv.slice(2);
try {
  const before = exported(stack);
  process.exitCode = update("up", stack, args, before);
  const after = hasNamedUsers(before) && process.exitCode === 0 ? exported(stack) : undefined;
  if (after !== undefined && !hasNamedUsers(after)) await retireNamedUsers(after, stack);
} catch (error) {
  console.error(error instanceof Error ? error.message : String(error));
  process.exitCode = 1;
}
