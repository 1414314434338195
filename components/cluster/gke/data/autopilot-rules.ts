import { isDeepStrictEqual } from "node:util";
import type { Rule } from "../../../../config/rule.ts";
import { gke, type GkeConfig } from "./schema.ts";

/** What Google decides on a cluster that is an Autopilot, and how tasks ask for it. */
const decided: { key: "regional" | "nodes" | "spotNodes" | "gpuNodes" | "zones"; why: string }[] = [
  { key: "regional", why: "an Autopilot is in the whole region" },
  { key: "nodes", why: "Google makes nodes for what the pods request" },
  {
    key: "spotNodes",
    why: "Google makes spot nodes for the tasks that ask for them; tasksByDefault alone has a meaning",
  },
  {
    key: "gpuNodes",
    why: "a task gets the GPU of its limits and of its node selector cloud.google.com/gke-accelerator",
  },
  { key: "zones", why: "Google takes the zones of the region" },
];
const { nodes: defaultNodes, spotNodes: defaultSpotNodes } = gke
  .pick({ nodes: true, spotNodes: true })
  .parse({ spotNodes: {} });
const byDefault = { tasksByDefault: true };
const spotByDefault = { ...defaultSpotNodes, ...byDefault };

/** Whether a key has a value that is not the schema's own. */
function isSet({ cluster }: { cluster: GkeConfig }, key: (typeof decided)[number]["key"]): boolean {
  switch (key) {
    case "regional":
      return !cluster.regional;
    case "zones":
      return cluster.zones.length > 0;
    case "nodes":
      return !isDeepStrictEqual(cluster.nodes, defaultNodes);
    case "spotNodes":
      return (
        cluster.spotNodes !== undefined && !isDeepStrictEqual({ ...cluster.spotNodes, ...byDefault }, spotByDefault)
      );
    case "gpuNodes":
      return cluster.gpuNodes !== undefined;
  }
}

/** Rules of a cluster that is an Autopilot. */
export const autopilotRules = decided.map(({ key, why }): Rule<GkeConfig> => ({
  key: `cluster.${key}`,
  broken: (config) => config.cluster.autopilot === true && isSet(config, key),
  allowed: `no value with cluster.autopilot: ${why}`,
}));
