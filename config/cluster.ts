import { z } from "zod";
import { kindSchemas } from "../components/cluster/kinds.ts";

/** The cluster that a stack runs on. `kind` selects it; stack names are arbitrary. */
export const clusterSchema = z.discriminatedUnion("kind", kindSchemas);
