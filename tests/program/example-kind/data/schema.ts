import { z } from "zod";
import { cloud, nodes } from "../../cloud-schema.ts";

/** An existing cluster. */
export const exampleIdentity = z.strictObject({
  kind: z.literal("example"),
  name: cloud.name.describe("Beginning of the name of the bucket."),
  region: cloud.region,
});

/** A cluster that the program makes. */
export const example = z.strictObject({
  kind: z.literal("example"),
  ...cloud,
  nodes: nodes("standard-4", "ssd"),
});

export type ExampleConfig = z.output<typeof example>;
export type ExampleIdentity = z.output<typeof exampleIdentity>;
