import { cloud, type Example, object } from "./example.ts";

const loadBalancer = (spec: object, annotations: Record<string, string> = {}) =>
  object("Service", { metadata: { annotations }, spec: { type: "LoadBalancer", ports: [{ port: 80 }], ...spec } });
const ingress = (spec: object, annotations: Record<string, string> = {}) =>
  object("Ingress", { metadata: { annotations }, spec });
const tls = { tls: [{ hosts: ["ml.example.org"], secretName: "tls" }] };
const albCertificate = { "alb.ingress.kubernetes.io/certificate-arn": "arn:aws:acm:eu-west-1:1:certificate/x" };
const googleCertificate = { "networking.gke.io/managed-certificates": "main" };
const sqlType = "gcp:sql/databaseInstance:DatabaseInstance";

/** The rule about what everyone can reach. */
export const endpoints: Example[] = [
  {
    title: "ranges of one's own, an internal load balancer, TLS at the load balancer, a node port",
    resources: [
      loadBalancer({ loadBalancerSourceRanges: ["203.0.113.0/24"] }),
      loadBalancer({}, { "networking.gke.io/load-balancer-type": "Internal" }),
      loadBalancer({}, { "service.beta.kubernetes.io/aws-load-balancer-ssl-cert": "arn" }),
      loadBalancer({ ports: [{ port: 443 }] }),
      object("Service", { spec: { type: "NodePort", ports: [{ port: 80 }] } }),
    ],
    violations: [],
  },
  {
    title: "load balancers that are open to everyone",
    resources: [loadBalancer({}), loadBalancer({ loadBalancerSourceRanges: ["203.0.113.0/24", "::/0"] })],
    violations: Array<string>(2).fill("mlops/Service/main is open to everyone without TLS on port 80"),
  },
  {
    title: "ingresses with a certificate that send plain HTTP on",
    resources: [
      ingress(tls),
      ingress({ tls: [{ hosts: ["a.example.org"] }], rules: [{ host: "a.example.org" }] }),
      ingress({ tls: [{ hosts: ["*.example.org"], secretName: "t" }], rules: [{ host: "a.example.org" }] }),
      ingress({}, { ...albCertificate, "alb.ingress.kubernetes.io/ssl-redirect": "443" }),
      ingress({}, { ...albCertificate, "alb.ingress.kubernetes.io/listen-ports": '[{"HTTPS": 443}]' }),
      ingress({}, { ...googleCertificate, "kubernetes.io/ingress.allow-http": "false" }),
      ingress({}, { "alb.ingress.kubernetes.io/scheme": "internal" }),
    ],
    violations: [],
  },
  {
    title: "ingresses without a certificate, or with plain HTTP beside it",
    resources: [
      ingress({}),
      ingress({
        tls: [{ hosts: ["a.example.org"], secretName: "t" }],
        rules: [{ host: "a.example.org" }, { host: "b.example.org" }],
      }),
      ingress({}, albCertificate),
      ingress({}, googleCertificate),
      ingress({}, { ...albCertificate, "alb.ingress.kubernetes.io/listen-ports": '[{"HTTP": 80}, {"HTTPS": 443}]' }),
    ],
    violations: [
      "mlops/Ingress/main has neither tls nor a certificate",
      "mlops/Ingress/main has no tls for the host b.example.org",
      ...Array<string>(3).fill("mlops/Ingress/main also serves plain HTTP"),
    ],
  },
  {
    title: "a route of a gateway's HTTPS listener",
    resources: [object("HTTPRoute", { spec: { parentRefs: [{ name: "internal", sectionName: "https" }] } })],
    violations: [],
  },
  {
    title: "a route of all listeners of a gateway",
    resources: [object("HTTPRoute", { spec: { parentRefs: [{ name: "internal", namespace: "edge" }] } })],
    violations: ["mlops/HTTPRoute/main answers on every listener of internal (sectionName)"],
  },
  {
    title: "firewalls that let everyone reach HTTPS alone, or somebody reach more",
    resources: [
      cloud("aws:ec2/securityGroup:SecurityGroup", {
        ingress: [{ fromPort: 443, toPort: 443, cidrBlocks: ["0.0.0.0/0"] }],
      }),
      cloud("aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule", { fromPort: 5432, cidrIpv4: "10.0.0.0/8" }),
      cloud("gcp:compute/firewall:Firewall", { allows: [{ ports: ["22"] }], sourceRanges: ["35.235.240.0/20"] }),
      cloud("gcp:compute/firewall:Firewall", { direction: "EGRESS", allows: [{}], sourceRanges: ["0.0.0.0/0"] }),
    ],
    violations: [],
  },
  {
    title: "firewalls that let everyone reach a database, a range of ports, or anything",
    resources: [
      cloud("aws:ec2/securityGroup:SecurityGroup", {
        ingress: [{ fromPort: 5432, toPort: 5432, cidrBlocks: ["0.0.0.0/0"] }],
      }),
      cloud("aws:ec2/securityGroupRule:SecurityGroupRule", {
        type: "ingress",
        fromPort: 443,
        toPort: 8443,
        ipv6CidrBlocks: ["::/0"],
      }),
      cloud("aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule", {
        fromPort: 80,
        toPort: 80,
        cidrIpv4: "0.0.0.0/0",
      }),
      cloud("gcp:compute/firewall:Firewall", { allows: [{ protocol: "tcp" }], sourceRanges: ["0.0.0.0/0"] }),
    ],
    violations: [
      "aws:ec2/securityGroup:SecurityGroup main lets everyone reach port 5432",
      "aws:ec2/securityGroupRule:SecurityGroupRule main lets everyone reach port 443",
      "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule main lets everyone reach port 80",
      "gcp:compute/firewall:Firewall main lets everyone reach port any",
    ],
  },
  {
    title: "a listener that redirects, and a database over TLS",
    resources: [
      cloud("aws:lb/listener:Listener", { protocol: "HTTP", defaultActions: [{ type: "redirect" }] }),
      cloud("aws:lb/listener:Listener", { protocol: "HTTPS", defaultActions: [{ type: "forward" }] }),
      cloud(sqlType, { settings: { ipConfiguration: { sslMode: "ENCRYPTED_ONLY" } } }),
    ],
    violations: [],
  },
  {
    title: "a listener for plain HTTP, and a database that takes connections without TLS",
    resources: [
      cloud("aws:lb/listener:Listener", { protocol: "HTTP", defaultActions: [{ type: "forward" }] }),
      cloud(sqlType, { settings: { ipConfiguration: { sslMode: "ALLOW_UNENCRYPTED_AND_ENCRYPTED" } } }),
    ],
    violations: [
      "aws:lb/listener:Listener main listens for plain HTTP",
      `${sqlType} main accepts connections without TLS (settings.ipConfiguration.sslMode)`,
    ],
  },
].map((example) => ({ rule: "no-public-plaintext", ...example }));
