import { kindOf, urnParts } from "./urn.ts";

/** What `pulumi stack export` prints. */
export interface Checkpoint {
  deployment: {
    resources?: {
      urn: string;
      type: string;
      id?: string;
      protect?: boolean;
      external?: boolean;
      outputs?: Record<string, unknown>;
    }[];
    pending_operations?: { type: string; resource: { urn: string } }[];
    [key: string]: unknown;
  };
  [key: string]: unknown;
}

/** Names of the resources that an interrupted update was creating, changing or removing. */
export function pendingNames({ deployment }: Checkpoint): string[] {
  return (deployment.pending_operations ?? []).map(({ type, resource: { urn } }) => {
    const parts = urnParts(urn);
    return `${type} ${kindOf(parts.type)} ${parts.name}`;
  });
}

/** The state without them, once an update has brought everything to what the program says. */
export function withoutPending(checkpoint: Checkpoint): Checkpoint {
  const deployment = { ...checkpoint.deployment };
  delete deployment.pending_operations;
  return { ...checkpoint, deployment };
}
