import type { ClusterKind } from "../../kind.ts";
import { localRegistry } from "../../shared-schema.ts";
import { minikube } from "./schema.ts";
import { minikubeWarnings } from "./warnings.ts";

/** A cluster on the user's machine. */
export const minikubeKind = {
  schema: minikube,
  warnings: minikubeWarnings,
  isLocal: true,
  storageClass: "standard",
  defaults: { exposure: "nodePort", postgres: "cluster", imageRegistry: localRegistry },
} satisfies ClusterKind;
