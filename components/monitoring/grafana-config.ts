import type * as k8s from "@pulumi/kubernetes";
import { stringify } from "yaml";

/** Where the pod mounts what it reads. */
export const folders = {
  datasources: "/etc/grafana/provisioning/datasources",
  providers: "/etc/grafana/provisioning/dashboards",
  dashboards: "/etc/grafana/dashboards",
  secrets: "/etc/grafana/secrets",
  /** The database, which holds nothing that the files do not. */
  data: "/var/lib/grafana",
} as const;

export const adminUser = "admin";

/** Files of the Secret, by what they hold. */
export const secretFiles = {
  adminPassword: "admin-password",
  encryptionKey: "encryption-key",
  prometheusPassword: "prometheus-password",
} as const;

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
        secureJsonData: { basicAuthPassword: `$__file{${folders.secrets}/${secretFiles.prometheusPassword}}` },
        // The interval of the scrapes, so that $__rate_interval spans enough samples.
        jsonData: { httpMethod: "POST", timeInterval: "30s" },
      },
    ],
  });
}

/** Dashboards come from files alone: what is changed in the UI can be saved as another dashboard, until a restart. */
export const dashboardProviders = stringify({
  apiVersion: 1,
  providers: [
    {
      name: "platform",
      folder: "Platform",
      type: "file",
      disableDeletion: true,
      allowUiUpdates: false,
      options: { path: folders.dashboards },
    },
  ],
});

/**
 * Settings as environment variables.
 *
 * Source: https://grafana.com/docs/grafana/latest/setup-grafana/configure-grafana/
 *
 * @param rootUrl where browsers find it; undefined: links are relative to localhost
 * @param prometheusUser who reads Grafana's own metrics, with the data source's password
 */
export function settings(rootUrl: string | undefined, prometheusUser: string): k8s.types.input.core.v1.EnvVar[] {
  const secret = (file: string): string => `${folders.secrets}/${file}`;
  const values: Record<string, string> = {
    GF_SECURITY_ADMIN_USER: adminUser,
    GF_SECURITY_ADMIN_PASSWORD__FILE: secret(secretFiles.adminPassword),
    GF_SECURITY_SECRET_KEY__FILE: secret(secretFiles.encryptionKey),
    GF_SECURITY_COOKIE_SECURE: String(rootUrl?.startsWith("https://") ?? false),
    GF_SECURITY_DISABLE_GRAVATAR: "true",
    GF_METRICS_BASIC_AUTH_USERNAME: prometheusUser,
    GF_METRICS_BASIC_AUTH_PASSWORD__FILE: secret(secretFiles.prometheusPassword),
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
