import type { CloudConstructors } from "../constructor.ts";
import type { ExampleConfig, ExampleIdentity } from "./data/schema.ts";
import { ExampleCluster, exampleCapabilities, exampleStorage } from "./example.ts";

export const exampleConstructors: CloudConstructors<ExampleConfig, ExampleIdentity> = {
  cluster: ({ cluster, config: { labels }, clients }) => new ExampleCluster("cluster", { ...cluster, clients, labels }),
  capabilities: exampleCapabilities,
  identityStorage: (_, { name, region }, args, opts) => ({
    capabilities: {},
    objectStorage: exampleStorage(name, region, args, opts),
  }),
};
