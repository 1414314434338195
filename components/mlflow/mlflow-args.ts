import type { Config } from "../../config.ts";
import type { DataStores } from "../data-stores.ts";
import type { CommonArgs } from "../objects/common-args.ts";
import { hostOf, type WebInterface } from "../web/web-interface.ts";
import type { MlflowArgs } from "./mlflow.ts";

interface Platform {
  common: CommonArgs;
  stores: Pick<DataStores, "database" | "storage">;
  /** The server's UI. */
  ui: WebInterface | undefined;
}

/** MLflow's arguments on a platform that a configuration describes. */
export function mlflowArgs({ projects, rotation }: Config, { common, stores, ui }: Platform): MlflowArgs {
  return {
    ...common,
    database: stores.database("mlflow"),
    authDatabase: stores.database("mlflow-auth"),
    artifacts: stores.storage("mlflow"),
    allowedHosts: ui === undefined ? [] : [hostOf(ui)],
    users: projects.map(({ name }) => name),
    adminGeneration: rotation.admin,
    // Not `minio`, as when access keys were names: the update that made them random restarts the server.
    credentialGenerations: { database: rotation.database, minioKeys: rotation.minio },
  };
}
