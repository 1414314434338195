import type { ClusterKind } from "../../kind.ts";
import { minikube } from "./schema.ts";

/** A cluster on the user's machine. */
export const minikubeKind = {
  schema: minikube,
  isLocal: true,
  defaults: { exposure: "nodePort", postgres: "cluster" },
} satisfies ClusterKind;
