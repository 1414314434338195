import assert from "node:assert/strict";
import { grafanaConnections } from "../../components/postgres/connection-limits.ts";
import { secretSettings, settings } from "../../components/monitoring/grafana-config.ts";

describe("settings", () => {
  const database = { host: "postgres.mlops.svc", port: 5432, database: "grafana", user: "grafana_g1" };
  const value = (rootUrl: string | undefined, name: string) =>
    settings({ rootUrl, prometheusUser: "admin", database }).find((variable) => variable.name === name)?.value;

  it("knows where browsers find it, and sends cookies over TLS alone where it can", () => {
    assert.equal(value("https://grafana.example.org", "GF_SERVER_ROOT_URL"), "https://grafana.example.org");
    assert.equal(value("https://grafana.example.org", "GF_SECURITY_COOKIE_SECURE"), "true");
    assert.equal(value("http://192.168.49.2:30030", "GF_SECURITY_COOKIE_SECURE"), "false");
    assert.equal(value(undefined, "GF_SERVER_ROOT_URL"), undefined);
    assert.equal(value(undefined, "GF_SECURITY_COOKIE_SECURE"), "false");
  });

  it("calls nobody outside the cluster", () => {
    for (const name of ["REPORTING_ENABLED", "CHECK_FOR_UPDATES", "CHECK_FOR_PLUGIN_UPDATES"]) {
      assert.equal(value(undefined, `GF_ANALYTICS_${name}`), "false");
    }
    for (const name of ["PREINSTALL_DISABLED", "PUBLIC_KEY_RETRIEVAL_DISABLED"]) {
      assert.equal(value(undefined, `GF_PLUGINS_${name}`), "true");
    }
    assert.equal(value(undefined, "GF_NEWS_NEWS_FEED_ENABLED"), "false");
    assert.equal(value(undefined, "GF_SECURITY_DISABLE_GRAVATAR"), "true");
  });

  it("leaves every secret to the Secret", () => {
    for (const name of Object.keys(secretSettings)) assert.equal(value(undefined, name), undefined);
  });

  it("verifies the server of its database, and holds no more connections than its login may", () => {
    assert.deepEqual(
      ["TYPE", "NAME", "USER", "SSL_MODE", "CA_CERT_PATH", "MAX_OPEN_CONN"].map((name) =>
        value(undefined, `GF_DATABASE_${name}`),
      ),
      ["postgres", "grafana", "grafana_g1", "verify-full", "/etc/grafana/postgres-ca/ca.crt", "10"],
    );
    assert.ok(2 * grafanaConnections.pool < grafanaConnections.limit);
  });
});
