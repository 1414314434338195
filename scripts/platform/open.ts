// make open: where the platform's UIs are and who may log in, from the stack's outputs or else from the cluster; opens
// one of them in a browser.
//
//   scripts/platform/open.ts [--stack minikube] [--namespace mlops] [--context NAME] [--ui airflow] [--no-browser] [--passwords]
//                   [--json]
//
// UIs that are not exposed are forwarded to ports of this machine until Ctrl-C. Passwords are shown on a terminal or
// with --passwords: not in the log of a job or in a file.
import { CommandLineError, readOptions, runScript } from "../../lib/command-line.ts";
import { table } from "../../lib/terminal.ts";
import { openBrowser } from "./browser.ts";
import { findInterfaces } from "./find-interfaces.ts";
import { keepForward } from "./forward.ts";
import { answers, isNodePort } from "./probe.ts";
import type { Interface } from "./interfaces.ts";
import { firstRun } from "./next-steps.ts";
import type { KubectlTarget } from "../../lib/kubernetes/kubectl.ts";
import { webUiNames, webUis } from "../../components/parts.ts";
import { errorText } from "../../lib/errors.ts";

const options = {
  stack: { type: "string", default: "minikube" },
  namespace: { type: "string", default: "mlops" },
  context: { type: "string" },
  ui: { type: "string", default: "airflow" },
  "no-browser": { type: "boolean", default: false },
  passwords: { type: "boolean", default: false },
  json: { type: "boolean", default: false },
} as const;

/** A UI that answers, or why it does not. */
interface Reached extends Interface {
  problem: string | undefined;
}

async function main(args: string[]): Promise<number> {
  const values = readOptions(args, options);
  const { stack, namespace, context, ui } = values;
  const wanted = webUiNames.find((name) => name === ui);
  if (wanted === undefined) throw new CommandLineError(`found --ui ${ui}; the UIs are ${webUiNames.join(", ")}`);
  const { target, interfaces: known, note } = findInterfaces(stack, { namespace, context });
  if (note !== undefined) console.error(note);
  const interfaces = await Promise.all(known.map(withoutSilentPort));
  const forwarded = interfaces.filter(({ url }) => url === undefined);
  if (forwarded.length > 0) console.error(`forwarding ${forwarded.map(({ ui }) => webUis[ui].title).join(", ")} …`);
  const reached = await Promise.all(interfaces.map((found) => reach(target, found)));

  const showsPasswords = values.passwords || (process.stdout.isTTY && process.env.CI === undefined);
  console.log(values.json ? json(reached, showsPasswords) : text(reached, showsPasswords));
  if (!values.json) console.log(`\nNew here? ${firstRun(stack)}`);
  const url = reached.find((one) => one.ui === wanted)?.url;
  if (url !== undefined && !values["no-browser"] && process.stdout.isTTY) openBrowser(url);
  if (reached.some(({ url, ui }) => url !== undefined && forwarded.some((one) => one.ui === ui)))
    console.error("Ctrl-C ends the port-forwards.");
  return reached.every(({ url }) => url === undefined) ? 1 : 0;
}

/** A node port that this machine does not reach, as those of minikube in a virtual machine, counts as not exposed. */
async function withoutSilentPort(found: Interface): Promise<Interface> {
  const { ui, url } = found;
  if (url === undefined || !isNodePort(url) || (await answers(url))) return found;
  console.error(`${webUis[ui].title}: nothing answers at ${url}`);
  return { ...found, url: undefined };
}

/** Forwards a port to a UI that is not exposed. */
async function reach(target: KubectlTarget, found: Interface): Promise<Reached> {
  if (found.url !== undefined) return { ...found, problem: undefined };
  const { pods: service, port, title } = webUis[found.ui];
  try {
    const { port: local } = await keepForward(target, service, port, (words) => {
      console.error(`${title}: ${words}`);
    });
    return { ...found, url: `http://localhost:${local}`, problem: undefined };
  } catch (error) {
    return { ...found, problem: errorText(error) };
  }
}

function text(reached: Reached[], showsPasswords: boolean): string {
  const rows = reached.map(({ ui, url, administrator, problem }) => {
    const password = showsPasswords ? administrator?.password : administrator && "(--passwords shows it)";
    return [webUis[ui].title, url ?? `cannot be reached: ${problem ?? ""}`, administrator?.user ?? "", password ?? ""];
  });
  return table([["UI", "URL", "user", "password"], ...rows], "texts");
}

function json(reached: Reached[], showsPasswords: boolean): string {
  const rows = reached.map(({ ui, url, administrator, problem }) => ({
    ui,
    url,
    user: administrator?.user,
    ...(showsPasswords ? { password: administrator?.password } : {}),
    problem,
  }));
  return JSON.stringify(rows, null, 2);
}

process.once("SIGINT", () => process.exit());
await runScript("scripts/platform/open.ts", main);
