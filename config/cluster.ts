import { z } from "zod";
import { kindSchemas } from "../components/cluster/kinds.ts";

/** Which cluster a stack runs on; `kind` decides, the stack's name means nothing. */
export const clusterSchema = z.discriminatedUnion("kind", kindSchemas);
