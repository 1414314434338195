import { listAt, textAt } from "../../lib/json.ts";
import { fileOf } from "../../preview/stack.ts";
import { stackValues } from "../platform/stack-file.ts";
import { Failure } from "../verify/check.ts";

const variable = "WIKIMEDIA_CONTACT";

/** Domains that are reserved for examples (RFC 2606), and the word in the command below. */
const example = /@(?:[a-z0-9-]+\.)*example\.(?:org|com|net)$|\.example$|^your@address$/i;

/**
 * Refuses to ask Wikimedia in the name of an example.
 *
 * @param environment of the project's pods
 * @throws Failure with the commands that set a contact
 */
export function assertContact(environment: Record<string, string>, project: string, stack: string): void {
  const { WIKIMEDIA_CONTACT: contact = "", WIKIMEDIA_BASE_URL: url = "" } = environment;
  if (url !== "" || (contact !== "" && !example.test(contact))) return;
  const found = contact === "" ? `${variable} is not set` : `${variable} is still the example's ${contact}`;
  throw new Failure(
    `${found} in the project ${project}: Wikimedia asks every client for an address at which it reaches you`,
    fixOf(project, stack, stackValues(stack)),
  );
}

/** The commands that set the contact, where the values of the stack's file show which entry of `projects` is meant. */
export function fixOf(project: string, stack: string, values: Record<string, unknown>): string {
  const projects = listAt(values, "mlops:projects");
  const index = projects.findIndex((entry) => textAt(entry, "name") === project);
  const then = `make up STACK=${stack}`;
  if (index === -1) return `set ${variable} under config of the project ${project} in ${fileOf(stack)}; then: ${then}`;
  const key = `projects[${index}].config.${variable}`;
  return `scripts/pulumi config set --stack ${stack} --path '${key}' YOUR@ADDRESS && ${then}`;
}
