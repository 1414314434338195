import { labelCommand, podSecurityLabels } from "../../../components/ownership/namespace-labels.ts";
import { platformLabel } from "../../../components/ownership/platform-sign.ts";
import type { Namespace } from "../../../lib/kubernetes/api.ts";
import type { Check, Finding } from "../check.ts";
import { nameOf, signOf } from "../objects.ts";

export const namespaceLabelsMissing: Check = {
  id: "namespace-labels",
  severity: "warning",
  looksAt: "the namespaces of the platform and its projects, and their labels",
  means:
    "A namespace is missing, allows pods that are not restricted, or does not say that it belongs to this platform. With " +
    "`createNamespaces: false`, these labels are the site's duty.",
  remedy:
    "Run the printed command, as someone who may change namespaces. If the program created a namespace that is missing, run " +
    "`scripts/pulumi refresh --stack <stack>`, then `make up`: an update without a refresh does not find deleted objects.",
  threads: ["https://github.com/londonaicentre/FLIP/issues/661"],
  kinds: ["namespaces"],
  find: (snapshot) => {
    const namespaces = snapshot.of("namespaces");
    const names = [snapshot.platform, ...snapshot.projects.map(({ namespace }) => namespace)];
    const there = namespaces.filter(({ metadata }) => names.includes(metadata.name));
    // Without the right to list them, none is there, which the result says.
    if (there.length === 0) return [];
    const wanted = wantedLabels(signOf(snapshot.platform, there));
    return [...new Set(names)].flatMap((name) => ofNamespace(name, there, wanted));
  },
};

/** The labels that each namespace should have. */
function wantedLabels(sign: string | undefined): Record<string, string> {
  return { ...(sign === undefined ? {} : { [platformLabel]: sign }), ...podSecurityLabels };
}

function ofNamespace(name: string, there: readonly Namespace[], wanted: Record<string, string>): Finding[] {
  const where = nameOf("namespaces", { name });
  const namespace = there.find(({ metadata }) => metadata.name === name);
  const command = labelCommand([name], wanted);
  if (namespace === undefined) {
    const create = `with createNamespaces: false, first kubectl create namespace ${name} && ${command}`;
    const remedy = `scripts/pulumi refresh --stack <stack>, then make up; ${create}`;
    return [{ where, found: "it does not exist", remedy }];
  }
  const { labels = {} } = namespace.metadata;
  const lacking = Object.entries(wanted).filter(([key, value]) => labels[key] !== value);
  if (lacking.length === 0) return [];
  const shown = lacking.map(([key]) => `${key} is ${labels[key] ?? "missing"}`);
  const fix = labelCommand([name], Object.fromEntries(lacking));
  const isOthers = lacking.some(([key]) => key === platformLabel && key in labels);
  return [{ where, found: shown.join(", "), remedy: isOthers ? `if no other platform uses it: ${fix}` : fix }];
}
