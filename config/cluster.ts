import { z } from "zod";
import { eks } from "../components/cluster/eks/schema.ts";
import { existing } from "../components/cluster/existing/schema.ts";
import { gke } from "../components/cluster/gke/schema.ts";
import { minikube } from "../components/cluster/minikube/schema.ts";

/** Which cluster a stack runs on; `kind` decides, the stack's name means nothing. */
export const clusterSchema = z.discriminatedUnion("kind", [minikube, existing, gke, eks]);

export type ClusterConfig = z.output<typeof clusterSchema>;
