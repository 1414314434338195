import * as pulumi from "@pulumi/pulumi";
import * as random from "@pulumi/random";

export interface ProjectEntryArgs {
  /** Name of the project's namespace. */
  namespace: string;
  /** Whether the engine refuses an update without this entry, or with another namespace. */
  protect: boolean;
}

/**
 * The entry of a project in the stack's state, and nothing in the cluster.
 *
 * It stands for the namespace, which cannot be protected itself: the engine deletes no resource that its state says is
 * protected, and a project that is removed on purpose goes in one update. While it is removed its entry stays, without
 * protection, so that a later update may forget it.
 */
export class ProjectEntry extends pulumi.ComponentResource {
  constructor(name: string, args: ProjectEntryArgs, opts?: pulumi.ComponentResourceOptions) {
    super("mlops:project-entry:ProjectEntry", name, {}, opts);
    const { namespace, protect } = args;
    new random.RandomId(`${name}-entry`, { byteLength: 4, keepers: { namespace } }, { parent: this, protect });
    this.registerOutputs({});
  }
}
