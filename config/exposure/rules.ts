import { type ClusterConfig, cloudOf, cloudsByKind, isCloud } from "../../components/cluster/kinds.ts";
import { deployedWebUis, type WebUiName, webUiNames, webUis } from "../../components/parts.ts";
import { isExposed, isHosted, webHost } from "../../components/web/hosts.ts";
import { isPublic } from "../../lib/cidr.ts";
import { valueAt } from "../../lib/key-path.ts";
import { ask, askEach, byHand, remove } from "../fixes.ts";
import type { Rule } from "../rule.ts";
import type { StackConfig } from "../sections.ts";

type Stack = StackConfig<ClusterConfig>;
type Ingress = Extract<Stack["exposure"], { kind: "ingress" }>;

const kindsWithCertificates = Object.entries(cloudsByKind)
  .filter(([, { takesCertificateArn }]) => takesCertificateArn === true)
  .map(([kind]) => kind);

/** Whether the load balancer of the cluster's cloud serves the Ingress, not a controller of the user's. */
const isOnCloudBalancer = ({ cluster, exposure }: Stack) =>
  exposure.kind === "ingress" && exposure.className === undefined && isCloud(cluster);

/** The UIs that have an address outside the cluster. */
const exposedUis = (config: Stack) => deployedWebUis(config).filter((ui) => isExposed(config.exposure, ui));

const secretOf = ({ tlsSecretName, tlsSecretNames }: Ingress, ui: WebUiName) => tlsSecretNames[ui] ?? tlsSecretName;

/** Rules on how the UIs are exposed. */
export const exposureRules: Rule<ClusterConfig>[] = [
  {
    key: "exposure.kind",
    broken: ({ cluster, exposure }) => exposure.kind === "nodePort" && isCloud(cluster),
    allowed: ({ cluster }) => `portForward, loadBalancer, ingress or gateway on ${cluster.kind}: its nodes are private`,
    fix: "portForward",
  },
  {
    key: "exposure.ports",
    broken: ({ exposure }) => {
      const ports = exposure.kind === "nodePort" ? Object.values(exposure.ports) : [];
      return new Set(ports).size !== ports.length;
    },
    allowed: "a different port for each UI",
    fix: remove,
  },
  {
    key: "exposure.sourceRanges",
    broken: ({ exposure }) =>
      exposure.kind === "loadBalancer" && exposure.sourceRanges.some(isPublic) && !exposure.allowPublicPlaintext,
    allowed:
      "ranges of your own network such as 203.0.113.0/24; to serve plain HTTP to everyone, set exposure.allowPublicPlaintext to true",
    fix: (key, { exposure }) => askEach(key, exposure.kind === "loadBalancer" ? exposure.sourceRanges : [], isPublic),
  },
  {
    key: "exposure.sourceRanges",
    broken: (config) =>
      config.exposure.kind === "ingress" && config.exposure.sourceRanges !== undefined && !isOnCloudBalancer(config),
    allowed:
      "no value unless the load balancer of GKE or EKS serves the Ingress: exposure.annotations tell another controller who may connect",
  },
  {
    key: "exposure.sourceRanges",
    broken: ({ exposure }) => exposure.kind === "ingress" && (exposure.sourceRanges ?? []).some(isPublic),
    allowed: "ranges of your own network such as 203.0.113.0/24; without a value, everyone may connect",
  },
  {
    key: "exposure.domain",
    broken: ({ exposure }) =>
      isHosted(exposure) && exposure.domain === undefined && Object.keys(exposure.hosts).length === 0,
    allowed: "the parent domain of the UIs' hosts, unless exposure.hosts has a host for each UI that is exposed",
    fix: ask,
  },
  {
    key: "exposure.tlsSecretName",
    broken: (config) => {
      const { exposure } = config;
      if (exposure.kind !== "ingress" || exposure.defaultCertificate || isOnCloudBalancer(config)) return false;
      return exposure.tlsSecretName === undefined && exposedUis(config).some((ui) => !exposure.tlsSecretNames[ui]);
    },
    allowed: ({ cluster, exposure }) => {
      const isOwnClass = exposure.kind === "ingress" && exposure.className !== undefined;
      const where = `${cluster.kind}${isOwnClass ? " with your own ingress class" : ""}`;
      return `the Secret that holds the certificate; ${where} requires one, or exposure.defaultCertificate: true for the controller's own`;
    },
    fix: ask,
  },
  {
    key: "exposure.defaultCertificate",
    broken: ({ exposure }) =>
      exposure.kind === "ingress" && exposure.defaultCertificate && exposure.tlsSecretName !== undefined,
    allowed: "false with exposure.tlsSecretName, which names the certificate of every UI",
    fix: false,
  },
  ...(["defaultCertificate", "tlsSecretNames", "annotationsOf"] as const).map((name): Rule<ClusterConfig> => ({
    key: `exposure.${name}`,
    broken: (config) => {
      if (config.exposure.kind !== "ingress" || !isOnCloudBalancer(config)) return false;
      const value = config.exposure[name];
      return typeof value === "boolean" ? value : Object.keys(value).length > 0;
    },
    allowed: ({ cluster }) =>
      `no value unless exposure.className is set: the load balancer of ${cluster.kind} serves one Ingress with one certificate`,
  })),
  {
    key: "exposure.tlsSecretNames",
    broken: (config) => config.exposure.kind === "ingress" && sharesIssuedSecret(config.exposure, exposedUis(config)),
    allowed:
      "another Secret for each UI in exposure.annotationsOf: cert-manager fills a Secret for one Ingress alone, and those UIs have their own",
    fix: (key) => byHand(`write ${key} as {mlflow: mlflow-tls}`),
  },
  {
    key: "exposure.certificateArn",
    broken: ({ cluster, exposure }) => cloudOf(cluster)?.takesCertificateArn !== true && "certificateArn" in exposure,
    allowed: `no value unless cluster.kind is ${kindsWithCertificates.join(" or ")}`,
  },
];

/** Annotation by which cert-manager fills an Ingress's Secret; source: https://cert-manager.io/docs/usage/ingress/ */
const issuer = /^cert-manager\.io\/(cluster-)?issuer$/;

/** Whether cert-manager would have to fill one Secret for two Ingresses, which it refuses. */
function sharesIssuedSecret(exposure: Ingress, exposed: readonly WebUiName[]): boolean {
  const { annotations, annotationsOf } = exposure;
  const alone = exposed.filter((ui) => annotationsOf[ui] !== undefined);
  return alone.some((ui) => {
    const isIssued = Object.keys({ ...annotations, ...annotationsOf[ui] }).some((key) => issuer.test(key));
    const secret = secretOf(exposure, ui);
    const isShared = exposed.some((other) => other !== ui && secretOf(exposure, other) === secret);
    return isIssued && secret !== undefined && isShared;
  });
}

/** Settings that have a value for some of the UIs. */
const perUi = ["hosts", "annotationsOf", "tlsSecretNames", "sectionNames"] as const;

/** Rules on the UIs that an exposure names. */
export function exposedUiRules({ exposure }: Stack): Rule<ClusterConfig>[] {
  if (exposure.kind === "portForward") return [];
  const listed = (exposure.uis ?? []).map((ui, i) => ({ ui, key: ["exposure", "uis", i] }));
  const settings = perUi.flatMap((setting) =>
    webUiNames.filter((ui) => valueAt(exposure, [setting, ui]) !== undefined).map((ui) => ({ ui, setting })),
  );
  return [
    ...settings.map(({ ui, setting }) => effectRule(ui, ["exposure", setting, ui])),
    ...listed.map(({ ui, key }) => effectRule(ui, key)),
    ...settings
      .filter(({ setting }) => setting === "hosts")
      .flatMap(({ ui }) => [distinctRule(ui), healthRule(ui, ["exposure", "hosts", ui])]),
    ...listed.map(({ ui, key }) => healthRule(ui, key)),
  ];
}

/** What is said of a UI that is not exposed has no effect. */
function effectRule(ui: WebUiName, key: PropertyKey[]): Rule<ClusterConfig> {
  const { title } = webUis[ui];
  return {
    key,
    broken: (config) => !exposedUis(config).includes(ui),
    allowed: (config) =>
      deployedWebUis(config).includes(ui)
        ? `no value for ${ui}: ${title} has no host (exposure.domain, exposure.hosts) or is not in exposure.uis`
        : `no value for ${ui}: the stack does not run ${title}`,
  };
}

/** Two UIs cannot share a host. */
function distinctRule(ui: WebUiName): Rule<ClusterConfig> {
  const others = (config: Stack) => {
    const { exposure } = config;
    if (!isHosted(exposure)) return [];
    return exposedUis(config).filter((other) => {
      // Of two that are named, the later one is reported.
      const isEarlier = exposure.hosts[other] === undefined || webUiNames.indexOf(other) < webUiNames.indexOf(ui);
      return other !== ui && isEarlier && webHost(exposure, other) === exposure.hosts[ui];
    });
  };
  return {
    key: ["exposure", "hosts", ui],
    broken: (config) => others(config).length > 0,
    allowed: (config) => `a host of its own: ${others(config).join(", ")} has this one`,
    fix: ask,
  };
}

/** A cloud's load balancer closes a host that no health check passes. */
function healthRule(ui: WebUiName, key: PropertyKey[]): Rule<ClusterConfig> {
  return {
    key,
    broken: (config) => isOnCloudBalancer(config) && webUis[ui].healthPath === undefined,
    allowed: ({ cluster }) =>
      `no value for ${ui}: the load balancer of ${cluster.kind} checks a page without a login, and ${webUis[ui].title} has none`,
  };
}
