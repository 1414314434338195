import { z } from "zod";
import { sizedGroups } from "../../components/parts.ts";
import { cpu, memory } from "../platform.ts";

const amounts = z.strictObject({ cpu: cpu.exactOptional(), memory: memory.exactOptional() });

/** What the main container of a pod requests, and its limits. */
export const sizeSchema = z.strictObject({ requests: amounts.prefault({}), limits: amounts.prefault({}) });

/** By the group of pods; what is not here keeps its default. */
export const resourcesSchema = z.partialRecord(z.enum(sizedGroups), sizeSchema);

export type Size = z.output<typeof sizeSchema>;
