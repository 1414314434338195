import assert from "node:assert/strict";
import * as pulumi from "@pulumi/pulumi";
import { parse } from "yaml";
import { prometheusConfig, retentionSize, type Scrape } from "../../components/monitoring/prometheus-config.ts";
import { scrapesOf } from "../../components/monitoring/scrapes.ts";
import { validate } from "../../config.ts";
import { promtoolOn, requirePromtool } from "./promtool.ts";
import { fields } from "../program/registrations.ts";
import { at } from "../../lib/json.ts";

describe("prometheusConfig", () => {
  const mlflow = { username: "admin", password: pulumi.secret("") };
  const config = (scrapes: Scrape[]): unknown =>
    parse(prometheusConfig({ namespace: "mlops", projectNamespaces: ["alpha", "beta"], scrapes }));
  const minio = { token: pulumi.secret("") };
  const minikube = validate({ cluster: { kind: "minikube" } });
  const stack = (runsMinio: boolean) => ({ ...minikube, minio: { enabled: runsMinio } });
  const jobs = (runsMinio: boolean) => {
    const scrapes = at(config(scrapesOf(stack(runsMinio), { mlflow, minio })), "scrape_configs");
    assert.ok(Array.isArray(scrapes));
    return new Map(scrapes.map((job: unknown) => [String(at(job, "job_name")), job]));
  };

  it("collects from every part, and from MinIO where it runs", () => {
    const always = ["airflow", "alertmanager", "grafana", "kube-state-metrics", "mlflow", "postgres", "prometheus"];
    assert.deepEqual(new Set(jobs(true).keys()), new Set([...always, "minio", "minio-bucket", "kubelet", "cadvisor"]));
    assert.deepEqual(new Set(jobs(false).keys()), new Set([...always, "kubelet", "cadvisor"]));
  });

  it("does not collect from a part whose login is not given", () => {
    assert.throws(
      () => scrapesOf(stack(true), { mlflow }),
      /minio requires a login for its metrics, but the caller gives none/,
    );
  });

  it("names each target by its Service, and the file of its password", () => {
    const target = (job: string) => at(jobs(true).get(job), "static_configs.0.targets.0");
    assert.equal(target("airflow"), "airflow-statsd.mlops.svc:9102");
    assert.equal(target("kube-state-metrics"), "kube-state-metrics.mlops.svc:8080");
    assert.equal(target("postgres"), "postgres-exporter.mlops.svc:9187");
    const password = (job: string) => at(jobs(true).get(job), "basic_auth.password_file");
    for (const job of ["prometheus", "alertmanager", "grafana"]) {
      assert.equal(password(job), "/etc/prometheus/credentials/own");
    }
    assert.equal(password("mlflow"), "/etc/prometheus/credentials/mlflow");
    for (const job of ["airflow", "minio", "postgres", "kube-state-metrics"]) assert.equal(password(job), undefined);
  });

  it("shows MinIO a token, which is a file too", () => {
    for (const job of ["minio", "minio-bucket"]) {
      const { authorization, basic_auth } = fields(jobs(true).get(job));
      assert.deepEqual(authorization, { credentials_file: `/etc/prometheus/credentials/${job}` });
      assert.equal(basic_auth, undefined);
    }
    assert.equal(at(jobs(true).get("mlflow"), "authorization"), undefined);
  });

  it("asks each kubelet directly, and keeps what is of the platform, of the projects or of the node", () => {
    for (const [job, path] of [
      ["kubelet", "/metrics"],
      ["cadvisor", "/metrics/cadvisor"],
    ]) {
      const found = fields(jobs(true).get(job ?? ""));
      assert.deepEqual([found.scheme, found.metrics_path], ["https", path]);
      assert.deepEqual(found.kubernetes_sd_configs, [{ role: "node" }]);
      const rules = found.metric_relabel_configs;
      assert.deepEqual(at(rules, "1"), { action: "drop", source_labels: ["container"], regex: ".+" });
      const regex = new RegExp(`^(?:${String(at(rules, "2.regex"))})$`);
      for (const kept of ["mlops;/kubepods/x", "beta;", ";/", ";"]) assert.match(kept, regex);
      for (const dropped of ["kube-system;/kubepods/x", ";/kubepods", "mlops2;"]) assert.doesNotMatch(dropped, regex);
    }
  });

  it("is what promtool takes for a configuration", function () {
    this.timeout(60_000);
    requirePromtool(this);
    const scrapes = scrapesOf(stack(true), { mlflow, minio });
    const whole = fields(config(scrapes));
    // Debian's promtool is built without the discovery of nodes.
    const known = [...jobs(true).values()].filter((job) => at(job, "kubernetes_sd_configs") === undefined);
    const text = JSON.stringify({ ...whole, scrape_configs: known });
    const { passed, output } = promtoolOn(["check", "config", "--syntax-only"], text);
    assert.ok(passed, output);
  });
});

describe("retentionSize", () => {
  it("leaves a fifth of the volume", () => {
    assert.equal(retentionSize(10), "8192MB");
    assert.equal(retentionSize(1), "819MB");
  });
});
