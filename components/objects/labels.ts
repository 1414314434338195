import * as pulumi from "@pulumi/pulumi";

/** Labels that a Service, a NetworkPolicy or a monitor selects a component's pods by; they never change. */
export function selectorLabels(name: string): Record<string, string> {
  return { "app.kubernetes.io/name": name, "app.kubernetes.io/part-of": "mlops" };
}

/**
 * The recommended labels of an object.
 *
 * @param name the component, e.g. `postgres`
 * @param component its part, e.g. `roles` for the Job that makes the roles. @default - the component's name
 */
export function labels(name: string, component: string = name): Record<string, string> {
  return {
    ...selectorLabels(name),
    "app.kubernetes.io/component": component,
    "app.kubernetes.io/managed-by": "pulumi",
  };
}

interface Metadata {
  labels?: Record<string, string>;
}

/**
 * Puts a stack's labels on every Kubernetes object that has metadata.
 *
 * Objects of a chart's release get them from the chart's values; labels of pod
 * templates are left alone, so that a new label restarts nothing.
 */
export function labelEverything(extra: Record<string, string>): void {
  if (Object.keys(extra).length === 0) return;
  pulumi.runtime.registerStackTransformation(({ type, props, opts }) => {
    if (!type.startsWith("kubernetes:") || props.metadata === undefined) return undefined;
    const given = pulumi.output(props.metadata as Metadata);
    const metadata = given.apply((own) => ({ ...own, labels: { ...extra, ...own.labels } }));
    return { props: { ...props, metadata }, opts };
  });
}
