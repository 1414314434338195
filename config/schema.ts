import { z } from "zod";
import { clusterSchema } from "./cluster.ts";
import { sections } from "./sections.ts";

/** The schema of record: every key of a stack's configuration, its default and its meaning. */
export const configSchema = z.strictObject({
  cluster: clusterSchema.describe("The cluster: kind minikube, existing, gke or eks, and that kind's settings."),
  ...sections,
});
