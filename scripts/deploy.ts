// The last step of `make up`: scripts/deploy.ts STACK [ARG ...] runs `pulumi up`, or says who holds the stack.
import { update } from "./update.ts";

const [stack = "minikube", ...args] = process.argv.slice(2);
try {
  process.exitCode = update("up", stack, args);
} catch (error) {
  console.error(error instanceof Error ? error.message : String(error));
  process.exitCode = 1;
}
