import type * as pulumi from "@pulumi/pulumi";

/** Services whose incoming webhooks refuse Alertmanager's own JSON, by the hosts of their URLs. */
const services = [
  { kind: "slack", host: /^hooks\.slack(-gov)?\.com$/ },
  { kind: "msteamsv2", host: /\.(logic\.azure|api\.powerplatform)\.com$/ },
  { kind: "msteams", host: /\.webhook\.office\.com$/ },
  { kind: "discord", host: /^(\w+\.)?discord(app)?\.com$/ },
] as const;

/** How Alertmanager writes to a webhook; `webhook` is its own JSON. */
export type ReceiverKind = (typeof services)[number]["kind"] | "webhook";

/** Where alerts are sent. */
export interface AlertWebhook {
  kind: ReceiverKind;
  /** May contain a token. */
  url: pulumi.Output<string>;
}

/** The kind that a webhook's URL asks for. */
export function receiverKind(url: string): ReceiverKind {
  const { hostname } = new URL(url);
  return services.find(({ host }) => host.test(hostname))?.kind ?? "webhook";
}

/** The key of the URL's file in each kind's section. Source: https://prometheus.io/docs/alerting/latest/configuration/ */
const urlFileKeys: Record<ReceiverKind, string> = {
  webhook: "url_file",
  slack: "api_url_file",
  msteams: "webhook_url_file",
  msteamsv2: "webhook_url_file",
  discord: "webhook_url_file",
};

/** The section of a receiver in alertmanager.yml. */
export function receiverSection(kind: ReceiverKind, urlFile: string): Record<string, unknown> {
  return { [`${kind}_configs`]: [{ [urlFileKeys[kind]]: urlFile, send_resolved: true }] };
}
