import assert from "node:assert/strict";
import { X509Certificate } from "node:crypto";
import { eksLoadBalancing } from "../../../components/cluster/eks/eks-load-balancing.ts";
import { loadBalancerPolicy } from "../../../components/cluster/eks/add-ons/eks-load-balancer-policy.ts";
import { fields, registration } from "../../program/registrations.ts";
import { recordEks } from "./eks-recording.ts";
import { at } from "../../../lib/json.ts";

const chartType = "kubernetes:helm.sh/v4:Chart";
const controller = "aws-load-balancer-controller";
const certificateArn = "arn:aws:acm:eu-central-1:111122223333:certificate/example";
const exposure = { kind: "ingress", domain: "ml.example.org", certificateArn };
const tags = { "part-of": "mlops", "cost-center": "ml" };

describe("the load balancers of an EKS cluster", () => {
  it("of Services are network load balancers over all zones, tagged for the bill", () => {
    const service = "service.beta.kubernetes.io/aws-load-balancer";
    assert.deepEqual(eksLoadBalancing(tags).service, {
      [`${service}-type`]: "nlb",
      [`${service}-cross-zone-load-balancing-enabled`]: "true",
      [`${service}-additional-resource-tags`]: "part-of=mlops,cost-center=ml",
    });
  });

  it("of Ingresses speak TLS with the user's certificate, reach pods and ask each UI's own health check", () => {
    const { ingressClass, prepareIngress } = eksLoadBalancing(tags);
    const backend = { name: "mlflow" as const, host: "mlflow.ml.example.org", healthPath: "/health", healthPort: 5000 };
    const sourceRanges = ["203.0.113.0/24", "2001:db8::/32"];
    const args = { namespace: "mlops", backends: [backend], certificateArn, hasOwnCertificate: false, sourceRanges };
    assert.equal(ingressClass, "alb");
    const alb = "alb.ingress.kubernetes.io";
    assert.deepEqual(prepareIngress?.(args, {}), {
      ingress: {
        [`${alb}/scheme`]: "internet-facing",
        [`${alb}/target-type`]: "ip",
        [`${alb}/listen-ports`]: '[{"HTTP":80},{"HTTPS":443}]',
        [`${alb}/ssl-redirect`]: "443",
        [`${alb}/ssl-policy`]: "ELBSecurityPolicy-TLS13-1-2-2021-06",
        [`${alb}/certificate-arn`]: certificateArn,
        [`${alb}/inbound-cidrs`]: "203.0.113.0/24,2001:db8::/32",
        [`${alb}/load-balancer-attributes`]: "routing.http.drop_invalid_header_fields.enabled=true",
        [`${alb}/tags`]: "part-of=mlops,cost-center=ml",
      },
      services: { mlflow: { [`${alb}/healthcheck-path`]: "/health", [`${alb}/healthcheck-port`]: "5000" } },
    });
    const open = prepareIngress({ ...args, sourceRanges: undefined }, {});
    assert.equal(open.ingress[`${alb}/inbound-cidrs`], undefined);
  });
});

describe("the load balancer controller", () => {
  it("is there for an Ingress without a class of the user's, and else not", async () => {
    const has = async (more: object) =>
      (await recordEks({}, more)).resources.some(({ type, name }) => type === chartType && name === controller);
    assert.equal(await has({ exposure }), true);
    assert.equal(
      await has({ exposure: { kind: "ingress", domain: "ml.example.org", className: "nginx", tlsSecretName: "x" } }),
      false,
    );
    assert.equal(await has({}), false);
  });

  it("is the pinned chart with values that a preview knows, and a certificate that stays the same", async () => {
    const { resources } = await recordEks({}, { exposure });
    const { inputs, secretPaths } = registration(resources, chartType, controller);
    const { values, ...rest } = inputs;
    assert.deepEqual(rest, {
      name: controller,
      namespace: "kube-system",
      chart: controller,
      version: "3.5.0",
      repositoryOpts: { repo: "https://aws.github.io/eks-charts" },
    });
    assert.deepEqual(secretPaths, ["values.webhookTLS"]);
    const { webhookTLS, ...known } = fields(values);
    assert.deepEqual(known.vpcTags, { "mlops/cluster": "mlops" });
    assert.deepEqual(known.serviceAccount, { create: false, name: controller });
    assert.equal(known.enableServiceMutatorWebhook, false);
    const certificate = new X509Certificate(String(at(webhookTLS, "cert")));
    assert.equal(
      certificate.checkHost("aws-load-balancer-webhook-service.kube-system.svc"),
      "aws-load-balancer-webhook-service.kube-system.svc",
    );
    const vpc = registration(resources, "aws:ec2/vpc:Vpc", "cluster-network").inputs;
    assert.deepEqual(vpc.tags, { Name: "mlops", "mlops/cluster": "mlops" });
  });

  it("stays until the platform's Ingresses are gone", async () => {
    const { resources } = await recordEks({}, { exposure });
    const chart = registration(resources, chartType, controller);
    const { dependencies } = registration(resources, "pulumi:providers:kubernetes", "cluster");
    assert.ok(dependencies.includes(chart.urn));
  });

  it("changes nothing that is not its cluster's", () => {
    const { Statement } = loadBalancerPolicy("mlops", "eu-central-1");
    const unlimited = Statement.filter(({ Condition }) => Condition === undefined).map(({ Sid }) => Sid);
    assert.deepEqual(unlimited, ["See", "SeeCertificates", "SeeGroupsOfVpc", "MakeSecurityGroups"]);
    const owners = Statement.map(({ Condition }) => JSON.stringify(Condition ?? "")).join();
    assert.match(owners, /"aws:ResourceTag\/elbv2.k8s.aws\/cluster":"mlops"/);
  });
});
