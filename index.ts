import { Airflow } from "./components/airflow/airflow.ts";
import { airflowArgs } from "./components/airflow/airflow-args.ts";
import { clientsByStore } from "./components/clients.ts";
import { accessOutputs, clusterOutputs } from "./components/cluster/cluster-outputs.ts";
import type { Cluster } from "./components/cluster/cluster.ts";
import { createCluster } from "./components/cluster/create.ts";
import { createDataStores } from "./components/data-stores.ts";
import { type BuiltImages, imagesOf } from "./components/images.ts";
import { mlflowArgs } from "./components/mlflow/mlflow-args.ts";
import { Mlflow } from "./components/mlflow/mlflow.ts";
import { createMonitoring } from "./components/monitoring/monitoring.ts";
import { NetworkPolicies } from "./components/network/network-policies.ts";
import { networkTable } from "./components/network/network-table.ts";
import { commonArgs } from "./components/objects/common-args.ts";
import { labelEverything } from "./components/objects/labels.ts";
import { RestrictedNamespace } from "./components/objects/namespace.ts";
import { platformOutputs } from "./components/outputs.ts";
import { plannedBuilds, prepareBuilds } from "./components/own-images/planned.ts";
import { builtImages } from "./components/own-images/references.ts";
import { admission } from "./components/ownership/admission.ts";
import { DestroyGuard, watchRegistrations } from "./components/ownership/destroy-guard.ts";
import { refuseLosses } from "./components/ownership/deployed.ts";
import { PlatformIdentity } from "./components/ownership/platform-sign.ts";
import { protectData } from "./components/ownership/protection.ts";
import { deployedWebUis } from "./components/parts.ts";
import { createProjects } from "./components/project/projects.ts";
import { siteObjects } from "./components/site/site-objects.ts";
import { fitEverything } from "./components/site/site-pods.ts";
import { exposureOf } from "./components/web/exposure.ts";
import { exposeAll } from "./components/web/web-interfaces.ts";
import { type Config, readConfig } from "./config.ts";

/** The whole program: configuration, cluster, platform, outputs. */
export default async function program(): Promise<Record<string, unknown>> {
  const config = readConfig();
  await refuseLosses(config);
  protectData(config);
  labelEverything(config.labels);
  fitEverything(config);
  const registered = watchRegistrations();
  const builds = plannedBuilds(config);
  await prepareBuilds(builds);
  const cluster = createCluster(config, clientsByStore(config).cloud);
  const outputs = accessOutputs(cluster, config);
  const hasPlatform = config.layers.includes("platform");
  const built = await builtImages(builds, config, cluster);
  const others = hasPlatform ? createPlatform(config, cluster, built) : clusterOutputs(cluster, config);
  new DestroyGuard("destroy-guard", registered);
  return { ...outputs, ...others };
}

/** The platform on a cluster; each part needs only the parts above it. */
function createPlatform(config: Config, cluster: Cluster, built: BuiltImages | undefined): Record<string, unknown> {
  const { capabilities, provider } = cluster;
  const { networkPolicies } = config;
  const { storageClass, dataFolder, identityEndpoints } = capabilities;
  const opts = { providers: [provider] };
  const images = imagesOf(config, built);
  const exposure = exposureOf(config, capabilities);

  const admit = admission(config, cluster);
  const { sign } = new PlatformIdentity("platform", { platformId: config.platformId, admit });
  const create = config.createNamespaces;
  const place = { component: "platform", create, sign, networkPolicies, siteObjects: siteObjects(config) } as const;
  const platform = new RestrictedNamespace(config.namespace, place, opts);
  const { namespaceName: namespace } = platform;
  const common = commonArgs(config, { namespace, images });
  const interfaces = exposeAll({ namespace, exposure, names: deployedWebUis(config) }, opts);
  const stores = createDataStores(config, cluster, common, sign, opts);
  const { minio, database, ready: after } = stores;

  const mlflow = new Mlflow("mlflow", mlflowArgs(config, { common: common("mlflow"), stores, ui: interfaces.mlflow }), {
    ...opts,
    dependsOn: after,
  });
  const projects = createProjects(config, { sign, stores, mlflow, dataFolder }, opts);
  const table = networkTable(config, identityEndpoints, stores.server);
  if (networkPolicies) new NetworkPolicies("network-policies", { table, namespace, projects }, opts);
  const logs = config.airflow.logs.kind === "objectStorage" ? stores.storage("airflow") : undefined;
  const airflow = new Airflow(
    "airflow",
    airflowArgs(config, { images, capabilities, exposure, stores, logs, projects }),
    // Its values are static, and name the namespace without waiting for it.
    { ...opts, dependsOn: [platform.object] },
  );
  const { prometheus, grafana } = createMonitoring(
    config,
    { common, mlflow, minio, projects, storageClass, exposure, database, after },
    opts,
  );

  const administrators = {
    airflow,
    mlflow,
    minio,
    prometheus,
    grafana,
  };
  return platformOutputs({ config, sign, interfaces, administrators, logs, built });
}
