import type * as pulumi from "@pulumi/pulumi";

/** A variable of a container whose value is in a Secret. */
export function secretVariable<Name extends pulumi.Input<string>>(name: string, secret: Name, key: string) {
  return { name, valueFrom: { secretKeyRef: { name: secret, key } } };
}
