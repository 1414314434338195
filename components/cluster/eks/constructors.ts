import * as aws from "@pulumi/aws";
import { imagesOf } from "../../images.ts";
import { siteObjects } from "../../site/site-objects.ts";
import { platformFit } from "../../site/site-pods.ts";
import type { CloudConstructors } from "../constructor.ts";
import type { EksConfig, EksIdentity } from "./data/schema.ts";
import { EksCluster } from "./eks.ts";
import { eksCapabilities } from "./eks-capabilities.ts";
import { eksIdentityStorage } from "./eks-identity.ts";
import { eksRegistryAccess } from "./eks-registry-access.ts";

export const eksConstructors: CloudConstructors<EksConfig, EksIdentity> = {
  cluster: ({ cluster, config, clients }) => {
    const { postgres, exposure, networkPolicies, labels, rotation, imageRegistry } = config;
    const images = imagesOf(config);
    return new EksCluster("cluster", {
      ...cluster,
      postgres,
      exposure,
      networkPolicies,
      labels,
      clients,
      images,
      buildsImages: imageRegistry === "",
      siteObjects: siteObjects(config),
      fit: platformFit(config),
      generation: rotation.admin,
    });
  },
  capabilities: eksCapabilities,
  registry: (cluster, opts) => {
    const provider = new aws.Provider("images", { region: cluster.region }, opts);
    return eksRegistryAccess(cluster, { provider });
  },
  identityStorage: eksIdentityStorage,
};
