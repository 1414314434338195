import * as pulumi from "@pulumi/pulumi";

/** What holds data and can go with a destroy. */
const holdsData = ["kubernetes:core/v1:PersistentVolumeClaim"];

/** Protects every volume of the stack: a destroy then refuses, and says so, until the protection is configured away. */
export function protectData(): void {
  pulumi.runtime.registerStackTransformation(({ type, props, opts }) =>
    holdsData.includes(type) ? { props, opts: { ...opts, protect: true } } : undefined,
  );
}
