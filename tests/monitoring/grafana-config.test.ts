import assert from "node:assert/strict";
import { settings } from "../../components/monitoring/grafana-config.ts";

describe("settings", () => {
  const value = (rootUrl: string | undefined, name: string) =>
    settings(rootUrl, "admin").find((variable) => variable.name === name)?.value;

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

  it("names files for every secret, and holds none", () => {
    const files = {
      GF_SECURITY_ADMIN_PASSWORD__FILE: "admin-password",
      GF_SECURITY_SECRET_KEY__FILE: "encryption-key",
      GF_METRICS_BASIC_AUTH_PASSWORD__FILE: "prometheus-password",
    };
    for (const [name, file] of Object.entries(files)) {
      assert.equal(value(undefined, name), `/etc/grafana/secrets/${file}`);
      assert.equal(value(undefined, name.replace("__FILE", "")), undefined);
    }
  });
});
