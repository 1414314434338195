import type { MockArgs, MockTables } from "../../../../lib/mocks.ts";
import { textAt } from "../../../../lib/json.ts";

/** An account and an id of AWS's own documentation. */
const account = "111122223333";
const id = "EXAMPLED539D4633E53DE1B71EXAMPLE";

const arn = (service: string, resource: string, place = "") => `arn:aws:${service}:${place}:${account}:${resource}`;

const issuerIn = (region: string) => `https://oidc.eks.${region}.amazonaws.com/id/${id}`;

/** What a resource puts out in the region of its provider. */
function inRegion(outputs: (region: string, args: MockArgs) => Record<string, unknown>) {
  return (args: MockArgs) => outputs(textAt(args.provider, "region") ?? "", args);
}

/** Plausible outputs of AWS's resources. */
export const eksMocks: MockTables = {
  resources: {
    "aws:ecr/repository:Repository": inRegion((region, { inputs }) => ({
      registryId: account,
      repositoryUrl: `${account}.dkr.ecr.${region}.amazonaws.com/${textAt(inputs, "name") ?? ""}`,
    })),
    "aws:ec2/launchTemplate:LaunchTemplate": () => ({ latestVersion: 1 }),
    "aws:eks/cluster:Cluster": inRegion((region, { inputs }) => {
      const name = textAt(inputs, "name") ?? "";
      return {
        id: name,
        arn: arn("eks", `cluster/${name}`, region),
        // "placeholder", as base64.
        certificateAuthority: { data: "cGxhY2Vob2xkZXI=" },
        endpoint: `https://${id}.gr7.${region}.eks.amazonaws.com`,
        identities: [{ oidcs: [{ issuer: issuerIn(region) }] }],
        version: textAt(inputs, "version") ?? "1.35",
        vpcConfig: { ...Object(inputs.vpcConfig), clusterSecurityGroupId: "sg-cluster" },
      };
    }),
    "aws:iam/openIdConnectProvider:OpenIdConnectProvider": inRegion((region) => ({
      arn: arn("iam", `oidc-provider/${issuerIn(region).replace("https://", "")}`),
    })),
    "aws:iam/role:Role": ({ name, inputs }) => ({
      id: name,
      name,
      arn: arn("iam", `role${textAt(inputs, "path") ?? "/"}${name}`),
    }),
    "aws:kms/key:Key": inRegion((region) => ({
      arn: arn("kms", "key/1234abcd-12ab-34cd-56ef-1234567890ab", region),
    })),
    "aws:rds/instance:Instance": inRegion((region, { name }) => ({
      address: `${name}.example.${region}.rds.amazonaws.com`,
    })),
    "aws:rds/parameterGroup:ParameterGroup": ({ name }) => ({ name }),
    "aws:rds/subnetGroup:SubnetGroup": ({ name }) => ({ name }),
    "aws:s3/bucket:Bucket": ({ inputs }) => {
      const bucket = textAt(inputs, "bucket") ?? "";
      return { id: bucket, arn: `arn:aws:s3:::${bucket}` };
    },
  },
  calls: {
    // What AWS recommends is known to AWS alone: the text does not look like a version.
    "aws:eks/getAddonVersion:getAddonVersion": ({ addonName, kubernetesVersion }) => ({
      version: `default-${String(addonName)}-for-${String(kubernetesVersion)}`,
    }),
    "aws:cloudwatch/getLogGroups:getLogGroups": () => ({ logGroupNames: [] }),
    "aws:ssm/getParameter:getParameter": ({ name }) => ({ value: `recommended-for-${versionIn(String(name))}` }),
    "aws:ecr/getAuthorizationToken:getAuthorizationToken": () => ({ userName: "AWS", password: "placeholder" }),
    "aws:index/getCallerIdentity:getCallerIdentity": () => ({ accountId: account }),
  },
};

/** The Kubernetes version in the name of one of AWS's public parameters. */
function versionIn(parameter: string): string {
  return /1\.\d+/.exec(parameter)?.[0] ?? "";
}
