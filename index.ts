import { admission } from "./components/ownership/admission.ts";
import { Airflow } from "./components/airflow/airflow.ts";
import { clientsByStore, type StorageClient } from "./components/clients.ts";
import type { Cluster } from "./components/cluster/cluster.ts";
import { createCluster } from "./components/cluster/create.ts";
import { clusterOutputs } from "./components/cluster/cluster-outputs.ts";
import { refuseLosses } from "./components/ownership/deployed.ts";
import { createDataStores } from "./components/data-stores.ts";
import { imagesOf } from "./components/images.ts";
import { labelEverything } from "./components/objects/labels.ts";
import { Mlflow } from "./components/mlflow/mlflow.ts";
import { createMonitoring } from "./components/monitoring/monitoring.ts";
import { RestrictedNamespace } from "./components/objects/namespace.ts";
import { NetworkPolicies } from "./components/network/network-policies.ts";
import { networkTable } from "./components/network/network-table.ts";
import type { CommonArgsFor } from "./components/objects/common-args.ts";
import { deployedWebUis } from "./components/parts.ts";
import { platformOutputs } from "./components/outputs.ts";
import { platformJson } from "./components/project/platform-json.ts";
import { PlatformIdentity } from "./components/ownership/platform-sign.ts";
import { createProjects } from "./components/project/projects.ts";
import { protectData } from "./components/ownership/protection.ts";
import { staticUrl } from "./components/web/exposure.ts";
import { hostOf } from "./components/web/web-interface.ts";
import { exposeAll } from "./components/web/web-interfaces.ts";
import { type Config, readConfig } from "./config.ts";

/** The whole program: configuration, cluster, platform, outputs. */
export default async function program(): Promise<Record<string, unknown>> {
  const config = readConfig();
  await refuseLosses(config);
  protectData(config);
  labelEverything(config.labels);
  const clients = clientsByStore(config);
  const cluster = createCluster(config, clients.cloud);
  const { kubeconfig, registry } = cluster;
  const outputs = {
    imageRegistry: config.imageRegistry,
    ...(kubeconfig === undefined ? {} : { kubeconfig, registry }),
  };
  if (!config.layers.includes("platform")) return { ...outputs, ...clusterOutputs(cluster, config) };
  return { ...outputs, ...createPlatform(config, cluster, clients.minio) };
}

/** The platform on a cluster; each part needs only what stands above it. */
function createPlatform(config: Config, cluster: Cluster, minioClients: StorageClient[]): Record<string, unknown> {
  const opts = { providers: [cluster.provider] };
  const { storageClass, nodeAddress, dataFolder, identityEndpoints, loadBalancing } = cluster.capabilities;
  const { projects, rotation, secrets, airflow: airflowConfig } = config;
  const images = imagesOf(config);
  const exposure = { config: config.exposure, nodeAddress, loadBalancing };

  const { sign } = new PlatformIdentity("platform", {
    platformId: config.platformId,
    admit: admission(config, cluster),
  });
  const place = new RestrictedNamespace(config.namespace, { component: "platform", sign }, opts);
  const { namespaceName: namespace } = place;
  const common: CommonArgsFor = (name) => ({ namespace, images, generation: rotation[name] });
  const interfaces = exposeAll({ namespace, exposure, names: deployedWebUis(config) }, opts);
  const stores = createDataStores(config, cluster, minioClients, common, sign, opts);

  const mlflow = new Mlflow(
    "mlflow",
    {
      ...common("mlflow"),
      database: stores.database("mlflow"),
      authDatabase: stores.database("mlflow-auth"),
      artifacts: stores.storage("mlflow"),
      allowedHosts: interfaces.mlflow === undefined ? [] : [hostOf(interfaces.mlflow)],
      users: projects.map(({ name }) => name),
      adminGeneration: rotation.admin,
      // Not `minio`, as when access keys were names: the update that made them random restarts the server.
      credentialGenerations: { database: rotation.database, minioKeys: rotation.minio },
    },
    { ...opts, dependsOn: stores.ready },
  );
  const dagsFolder = airflowConfig.dags.kind === "hostPath" ? airflowConfig.dags.path : undefined;
  const places = createProjects(config, { sign, stores, mlflow, dataFolder, dagsFolder }, opts);
  const table = networkTable(config, identityEndpoints, stores.server);
  new NetworkPolicies("network-policies", { table, namespace, projects: places }, opts);

  const logs = airflowConfig.logs.kind === "objectStorage" ? stores.storage("airflow") : undefined;
  const airflow = new Airflow(
    "airflow",
    {
      images,
      rotation,
      namespace: config.namespace,
      config: airflowConfig,
      database: stores.database("airflow"),
      logs,
      embeddedDagsImage: images.own("airflow"),
      labels: config.labels,
      storageClass,
      projects: places,
      platformJson: platformJson({ config, images, dataFolder }),
      baseUrl: staticUrl(exposure, "airflow"),
      secrets,
      after: stores.ready,
    },
    // Its values are static, and name the namespace without waiting for it.
    { ...opts, dependsOn: [place.object] },
  );
  const rootUrl = staticUrl(exposure, "grafana");
  const metricsLogins = {
    mlflow: { username: mlflow.adminUser, password: mlflow.adminPassword },
    ...(stores.minio === undefined ? {} : { minio: { token: stores.minio.metricsToken } }),
  };
  const { prometheus, grafana } = createMonitoring(
    config,
    { common, metricsLogins, projects: places, storageClass, rootUrl, after: stores.ready },
    opts,
  );

  const administrators = {
    airflow,
    mlflow,
    minio: stores.minio,
    prometheus,
    grafana,
  };
  const logLocation = logs?.uri ?? "the volume airflow-logs";
  return platformOutputs({ config, sign, interfaces, administrators, logLocation });
}
