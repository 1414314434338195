import { imagesOf } from "../../images.ts";
import { siteObjects } from "../../site/site-objects.ts";
import { platformFit } from "../../site/site-pods.ts";
import type { CloudConstructors } from "../constructor.ts";
import type { EksConfig, EksIdentity } from "./data/schema.ts";
import { EksCluster } from "./eks.ts";
import { eksCapabilities } from "./eks-capabilities.ts";
import { eksIdentityStorage } from "./eks-identity.ts";

export const eksConstructors: CloudConstructors<EksConfig, EksIdentity> = {
  cluster: ({ cluster, config, clients }) => {
    const { postgres, exposure, networkPolicies, labels, rotation } = config;
    const images = imagesOf(config);
    return new EksCluster("cluster", {
      ...cluster,
      postgres,
      exposure,
      networkPolicies,
      labels,
      clients,
      images,
      siteObjects: siteObjects(config),
      fit: platformFit(config),
      generation: rotation.admin,
    });
  },
  capabilities: eksCapabilities,
  identityStorage: eksIdentityStorage,
};
