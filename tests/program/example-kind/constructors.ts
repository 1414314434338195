import type { CloudConstructors } from "../constructor.ts";
import type { ExampleConfig, ExampleIdentity } from "./data/schema.ts";
import { ExampleCluster, exampleCapabilities, exampleStorage } from "./example.ts";

export const exampleConstructors: CloudConstructors<ExampleConfig, ExampleIdentity> = {
  cluster: ({ cluster, clients }) => new ExampleCluster("cluster", { ...cluster, clients }),
  capabilities: exampleCapabilities,
  identityStorage: (_, { name, region }, { clients }, opts) => ({
    capabilities: {},
    objectStorage: exampleStorage(name, region, clients, opts),
  }),
};
