import type { Change, Profile } from "./story.ts";

const project = "acme-ml";
const cloudLayer = {
  "cluster.project": project,
  imageRegistry: `us-central1-docker.pkg.dev/${project}/mlops`,
  layers: ["cluster"],
};

/** Every stack that is destroyed gives up its protection before, as docs/gke.md says. */
const unprotected: Change = {
  name: "protection off",
  set: { "cluster.deletionProtection": false, "labels.environment": "development" },
  does: {},
};

export const gkeProfiles: readonly Profile[] = [
  {
    name: "default",
    cloud: "gcp",
    stackFile: "Pulumi.gke.yaml",
    config: cloudLayer,
    changes: [unprotected],
  },
];
