import * as pulumi from "@pulumi/pulumi";
import * as random from "@pulumi/random";

/** What a platform writes on everything that it owns, so that no other platform changes it. */
export interface PlatformSign {
  /** Unique to the platform: what carries another id belongs to another platform. */
  id: pulumi.Output<string>;
  /** The stack that deployed it, `organization/project/stack`, for people. */
  stack: string;
}

/** Label of a Kubernetes object that says whose it is. */
export const platformLabel = "mlops/platform";
/** Annotation of a signed object that names the stack, for people; a label takes no slash. */
export const stackAnnotation = "mlops/stack";

/** This stack, `organization/project/stack`. */
export function stackName(): string {
  return [pulumi.getOrganization(), pulumi.getProject(), pulumi.getStack()].join("/");
}

/** Hexadecimal digits of an id are twice as many. */
const idBytes = 8;

export interface PlatformIdentityArgs {
  /** The id of a platform whose state was lost. @default - a random one, kept in the state */
  platformId: string;
  /** Gives the id back, or fails where what the platform is to make is another's. @default - nothing is asked */
  admit?: ((id: pulumi.Output<string>) => pulumi.Output<string>) | undefined;
}

/** Who the platform is; the id outlives a destroy that keeps the data. */
export class PlatformIdentity extends pulumi.ComponentResource {
  readonly sign: PlatformSign;

  constructor(name: string, { platformId, admit }: PlatformIdentityArgs, opts?: pulumi.ComponentResourceOptions) {
    super("mlops:platform-sign:PlatformIdentity", name, {}, opts);
    const generated = new random.RandomId(`${name}-id`, { byteLength: idBytes }, { parent: this }).hex;
    const id = platformId === "" ? generated : pulumi.output(platformId);
    // All that is signed waits for the answer: nothing is changed before it.
    this.sign = { id: admit?.(id) ?? id, stack: stackName() };
    this.registerOutputs({ sign: this.sign });
  }
}
