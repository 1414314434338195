import assert from "node:assert/strict";
import * as pulumi from "@pulumi/pulumi";
import { parse } from "yaml";
import { Alertmanager, alertmanagerConfig } from "../../components/monitoring/alertmanager.ts";
import { receiverKind, receiverSection } from "../../components/monitoring/alert-receiver.ts";
import { createImages } from "../../components/images.ts";
import { record } from "../../preview/recorder/recorder.ts";
import { isSecret } from "../secret-input.ts";
import type { Recording } from "../../lib/recording.ts";
import { fields, registration, showing, typesAndNames } from "../program/registrations.ts";
import { at } from "../../lib/json.ts";

const name = "alertmanager";
const images = createImages("localhost/mlops", "0.1.0");
const webhook = "https://hooks.example.org/a-token-of-the-webhook";
const webConfig = "basic_auth_users: { admin: a-hash-of-the-password }";

function deploy(url?: string, generation = 1): Promise<Recording> {
  return record(() => {
    const receiver = url === undefined ? {} : { webhook: { kind: receiverKind(url), url: pulumi.secret(url) } };
    const args = { namespace: "mlops", images, webConfig: pulumi.secret(webConfig), generation, ...receiver };
    new Alertmanager(name, args);
  });
}

const secretOf = ({ resources }: Recording) => registration(resources, "kubernetes:core/v1:Secret", name);
const configOf = ({ resources }: Recording): unknown => {
  const map = registration(resources, "kubernetes:core/v1:ConfigMap", name);
  return parse(String(at(map.inputs.data, "alertmanager.yml") ?? fields(map.inputs.data)["alertmanager.yml"]));
};

describe("Alertmanager", () => {
  let recording: Recording;
  before(async () => {
    recording = await deploy();
  });
  const deployment = () => registration(recording.resources, "kubernetes:apps/v1:Deployment", name).inputs;
  const pod = () => fields(at(deployment(), "spec.template.spec"));

  it("makes these children and no other", () => {
    assert.deepEqual(typesAndNames(recording.resources), [
      "kubernetes:apps/v1:Deployment alertmanager",
      "kubernetes:core/v1:ConfigMap alertmanager",
      "kubernetes:core/v1:Secret alertmanager",
      "kubernetes:core/v1:Service alertmanager",
      "mlops:alertmanager:Alertmanager alertmanager",
    ]);
  });

  it("sends alerts nowhere without a webhook", () => {
    assert.deepEqual(configOf(recording), {
      route: {
        receiver: "none",
        group_by: ["alertname", "namespace"],
        group_wait: "30s",
        group_interval: "5m",
        repeat_interval: "12h",
      },
      receivers: [{ name: "none" }],
    });
    assert.deepEqual(secretOf(recording).inputs.stringData, { "web.yml": webConfig });
  });

  it("reads the webhook's URL from a file of a Secret", async () => {
    const withWebhook = await deploy(webhook);
    const file = "/etc/alertmanager/secret/webhook-url";
    assert.deepEqual(at(configOf(withWebhook), "receivers"), [
      { name: "webhook", webhook_configs: [{ url_file: file, send_resolved: true }] },
    ]);
    assert.equal(at(configOf(withWebhook), "route.receiver"), "webhook");
    const secret = secretOf(withWebhook);
    assert.deepEqual(secret.inputs.stringData, { "web.yml": webConfig, "webhook-url": webhook });
    assert.ok(isSecret(secret, "stringData.webhook-url"));
    assert.deepEqual(showing(withWebhook.resources, "a-token-of-the-webhook"), []);
    assert.deepEqual(showing(withWebhook.resources, "a-hash-of-the-password"), []);
  });

  it("asks for the password and gossips with nobody", () => {
    assert.deepEqual(at(pod(), "containers.0.args"), [
      "--config.file=/etc/alertmanager/config/alertmanager.yml",
      "--web.config.file=/etc/alertmanager/secret/web.yml",
      "--web.listen-address=:9093",
      "--storage.path=/alertmanager",
      "--cluster.listen-address=",
    ]);
    assert.deepEqual(at(pod(), "volumes"), [
      { name: "data", emptyDir: { sizeLimit: "64Mi" } },
      { name: "config", configMap: { name } },
      { name: "secret", secret: { secretName: name, defaultMode: 0o440 } },
    ]);
    for (const probe of ["readinessProbe", "livenessProbe"]) {
      assert.deepEqual(at(pod(), `containers.0.${probe}.tcpSocket`), { port: "http" });
    }
    assert.equal(pod().automountServiceAccountToken, false);
  });

  it("restarts with another configuration and another generation, one after the other", async () => {
    const annotations = ({ resources }: Recording) => {
      const { inputs } = registration(resources, "kubernetes:apps/v1:Deployment", name);
      return JSON.stringify(at(inputs, "spec.template.metadata.annotations"));
    };
    const all = [recording, await deploy(webhook), await deploy(undefined, 2)].map(annotations);
    assert.equal(new Set(all).size, 3);
    assert.deepEqual(at(deployment(), "spec.strategy"), { type: "Recreate" });
  });
});

describe("the kind of a webhook", () => {
  const kinds = {
    "https://hooks.slack.com/services/T0/B0/x": ["slack", "slack_configs", "api_url_file"],
    "https://prod-1.westeurope.logic.azure.com:443/workflows/x": ["msteamsv2", "msteamsv2_configs", "webhook_url_file"],
    "https://default1.a.environment.api.powerplatform.com/powerautomate/x": [
      ...["msteamsv2", "msteamsv2_configs", "webhook_url_file"],
    ],
    "https://example.webhook.office.com/webhookb2/x": ["msteams", "msteams_configs", "webhook_url_file"],
    "https://discord.com/api/webhooks/1/x": ["discord", "discord_configs", "webhook_url_file"],
    "https://hooks.slack.com.example.org/x": ["webhook", "webhook_configs", "url_file"],
  } as const;

  for (const [url, [kind, section, key]] of Object.entries(kinds)) {
    it(`is ${kind} for ${url}`, () => {
      assert.equal(receiverKind(url), kind);
      assert.deepEqual(receiverSection(kind, "/file"), { [section]: [{ [key]: "/file", send_resolved: true }] });
    });
  }
});

describe("alertmanagerConfig", () => {
  it("holds no secret by itself", () => {
    assert.equal(alertmanagerConfig("webhook").includes("url:"), false);
  });
});
