import { z } from "zod";
import { kindNames } from "../components/cluster/kinds.ts";
import { clusterSchema } from "./cluster.ts";
import { sections } from "./sections.ts";

const kindList = [kindNames.slice(0, -1).join(", "), kindNames.at(-1)].join(" or ");

/** The schema of record: every key of a stack's configuration, its default and its meaning. */
export const configSchema = z.strictObject({
  cluster: clusterSchema.describe(`The cluster: kind ${kindList}, and that kind's settings.`),
  ...sections,
});
