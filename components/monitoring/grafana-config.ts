import * as pulumi from "@pulumi/pulumi";
import { stringify } from "yaml";
import { grafanaConnections } from "../postgres/connection-limits.ts";
import type { DatabaseConnection } from "../postgres/databases.ts";

/** Where the pod mounts what it reads. */
export const folders = {
  datasources: "/etc/grafana/provisioning/datasources",
  providers: "/etc/grafana/provisioning/dashboards",
  dashboards: "/etc/grafana/dashboards",
  secrets: "/etc/grafana/secrets",
  postgresCa: "/etc/grafana/postgres-ca",
  /** Search indexes, which Grafana makes from its database. */
  data: "/var/lib/grafana",
} as const;

export const adminUser = "admin";

/** Keys of the Secret, by what they hold. */
export const secretKeys = {
  adminPassword: "admin-password",
  databasePassword: "database-password",
  encryptionKey: "encryption-key",
  prometheusPassword: "prometheus-password",
} as const;

/** Settings whose values are in the Secret, by the key there. */
export const secretSettings = {
  GF_SECURITY_ADMIN_PASSWORD: secretKeys.adminPassword,
  GF_SECURITY_SECRET_KEY: secretKeys.encryptionKey,
  GF_DATABASE_PASSWORD: secretKeys.databasePassword,
  GF_METRICS_BASIC_AUTH_PASSWORD: secretKeys.prometheusPassword,
} as const;

/**
 * Starts the server with the administrator's password of the Secret: the setting counts in an empty database only, so that without
 * this step a rotation would lock everyone out. The step also upgrades the tables. No process has the password as an argument.
 *
 * Source: https://grafana.com/docs/grafana/latest/administration/cli/
 */
export const startScript = `set -e
printf '%s\\n' "$GF_SECURITY_ADMIN_PASSWORD" |
  grafana cli --homepath "$GF_PATHS_HOME" admin reset-admin-password --password-from-stdin
exec /run.sh
`;

/** The data source that every panel names by its uid. */
export function datasources(prometheus: { url: string; user: string }): string {
  return stringify({
    apiVersion: 1,
    datasources: [
      {
        name: "Prometheus",
        uid: "prometheus",
        type: "prometheus",
        access: "proxy",
        url: prometheus.url,
        isDefault: true,
        editable: false,
        basicAuth: true,
        basicAuthUser: prometheus.user,
        secureJsonData: { basicAuthPassword: `$__file{${folders.secrets}/${secretKeys.prometheusPassword}}` },
        // The interval of the scrapes, so that $__rate_interval spans enough samples.
        jsonData: { httpMethod: "POST", timeInterval: "30s" },
      },
    ],
  });
}

/** Dashboards come from files alone, and go with them: what is changed in the UI can be saved as another dashboard. */
export const dashboardProviders = stringify({
  apiVersion: 1,
  providers: [
    {
      name: "platform",
      folder: "Platform",
      type: "file",
      disableDeletion: false,
      allowUiUpdates: false,
      options: { path: folders.dashboards },
    },
  ],
});

interface SettingsArgs {
  /** Where browsers find it; undefined: links are relative to localhost. */
  rootUrl: string | undefined;
  /** Who reads Grafana's own metrics, with the data source's password. */
  prometheusUser: string;
  database: Pick<DatabaseConnection, "host" | "port" | "database" | "user">;
}

/**
 * Settings as environment variables, without those of `secretSettings`.
 *
 * Source: https://grafana.com/docs/grafana/latest/setup-grafana/configure-grafana/
 */
export function settings({
  rootUrl,
  prometheusUser,
  database,
}: SettingsArgs): { name: string; value: pulumi.Input<string> }[] {
  const values: Record<string, pulumi.Input<string>> = {
    GF_SECURITY_ADMIN_USER: adminUser,
    GF_SECURITY_COOKIE_SECURE: String(rootUrl?.startsWith("https://") ?? false),
    GF_SECURITY_DISABLE_GRAVATAR: "true",
    GF_DATABASE_TYPE: "postgres",
    GF_DATABASE_HOST: pulumi.interpolate`${database.host}:${database.port}`,
    GF_DATABASE_NAME: database.database,
    GF_DATABASE_USER: database.user,
    GF_DATABASE_SSL_MODE: "verify-full",
    GF_DATABASE_CA_CERT_PATH: `${folders.postgresCa}/ca.crt`,
    // By default as many as there are requests.
    GF_DATABASE_MAX_OPEN_CONN: String(grafanaConnections.pool),
    GF_METRICS_BASIC_AUTH_USERNAME: prometheusUser,
    GF_DASHBOARDS_DEFAULT_HOME_DASHBOARD_PATH: `${folders.dashboards}/platform.json`,
    GF_ANALYTICS_REPORTING_ENABLED: "false",
    GF_ANALYTICS_CHECK_FOR_UPDATES: "false",
    GF_ANALYTICS_CHECK_FOR_PLUGIN_UPDATES: "false",
    GF_ANALYTICS_FEEDBACK_LINKS_ENABLED: "false",
    GF_NEWS_NEWS_FEED_ENABLED: "false",
    GF_SNAPSHOTS_EXTERNAL_ENABLED: "false",
    // The installer would unload the image's own Prometheus plugin to replace it with a newer one, which a read-only
    // root filesystem refuses, and leave none: https://github.com/grafana/grafana/issues/132528
    GF_PLUGINS_PREINSTALL_DISABLED: "true",
    GF_PLUGINS_PLUGIN_ADMIN_ENABLED: "false",
    GF_PLUGINS_PUBLIC_KEY_RETRIEVAL_DISABLED: "true",
    ...(rootUrl === undefined ? {} : { GF_SERVER_ROOT_URL: rootUrl }),
  };
  return Object.entries(values).map(([name, value]) => ({ name, value }));
}
