import { all, type Calls, ec2, tagged } from "./calls.ts";

/** What the provider asks of EC2; see deploy-actions.ts. */
export const networkCallsOf: Readonly<Record<string, Calls>> = {
  "aws:ec2/defaultSecurityGroup:DefaultSecurityGroup": [
    ...all("ec2")("DescribeSecurityGroups"),
    ...ec2("security-group")("RevokeSecurityGroupEgress", "RevokeSecurityGroupIngress"),
    ...tagged("security-group"),
  ],
  "aws:ec2/eip:Eip": [
    ...ec2("elastic-ip")("AllocateAddress", "DisassociateAddress", "ReleaseAddress"),
    ...tagged("elastic-ip"),
    ...all("ec2")("DescribeAddresses", "DescribeAddressesAttribute"),
  ],
  "aws:ec2/internetGateway:InternetGateway": [
    ...ec2("internet-gateway")("AttachInternetGateway", "CreateInternetGateway", "DeleteInternetGateway"),
    ...ec2("internet-gateway")("DetachInternetGateway"),
    ...ec2("vpc")("AttachInternetGateway", "DetachInternetGateway"),
    ...tagged("internet-gateway"),
    ...all("ec2")("DescribeInternetGateways"),
  ],
  "aws:ec2/launchTemplate:LaunchTemplate": [
    ...ec2("launch-template")("CreateLaunchTemplate", "CreateLaunchTemplateVersion", "DeleteLaunchTemplate"),
    ...ec2("launch-template")("ModifyLaunchTemplate"),
    ...tagged("launch-template"),
    ...all("ec2")("DescribeLaunchTemplateVersions", "DescribeLaunchTemplates"),
  ],
  "aws:ec2/natGateway:NatGateway": [
    ...["elastic-ip", "natgateway", "subnet"].flatMap((kind) => ec2(kind)("CreateNatGateway")),
    ...ec2("natgateway")("DeleteNatGateway"),
    ...tagged("natgateway"),
    ...all("ec2")("DescribeNatGateways"),
  ],
  "aws:ec2/route:Route": [
    // Another gateway for a zone replaces the route's target in place.
    ...ec2("route-table")("CreateRoute", "DeleteRoute", "ReplaceRoute"),
    ...all("ec2")("DescribeRouteTables"),
  ],
  "aws:ec2/routeTable:RouteTable": [
    ...["route-table", "vpc"].flatMap((kind) => ec2(kind)("CreateRouteTable")),
    ...ec2("route-table")("DeleteRouteTable"),
    ...tagged("route-table"),
    ...all("ec2")("DescribeRouteTables"),
  ],
  "aws:ec2/routeTableAssociation:RouteTableAssociation": [
    ...["route-table", "subnet"].flatMap((kind) => ec2(kind)("AssociateRouteTable", "DisassociateRouteTable")),
  ],
  "aws:ec2/securityGroup:SecurityGroup": [
    ...["security-group", "vpc"].flatMap((kind) => ec2(kind)("CreateSecurityGroup")),
    ...ec2("security-group")("DeleteSecurityGroup", "RevokeSecurityGroupEgress"),
    ...tagged("security-group"),
    ...all("ec2")("DescribeNetworkInterfaces", "DescribeSecurityGroups"),
  ],
  "aws:ec2/subnet:Subnet": [
    ...["subnet", "vpc"].flatMap((kind) => ec2(kind)("CreateSubnet")),
    ...ec2("subnet")("DeleteSubnet", "ModifySubnetAttribute"),
    ...tagged("subnet"),
    ...all("ec2")("DescribeNetworkInterfaces", "DescribeSubnets"),
  ],
  "aws:ec2/vpc:Vpc": [
    ...ec2("vpc")("CreateVpc", "DeleteVpc", "DescribeVpcAttribute", "ModifyVpcAttribute"),
    ...tagged("vpc"),
    ...all("ec2")("DescribeNetworkAcls", "DescribeRouteTables", "DescribeSecurityGroups", "DescribeVpcs"),
  ],
  "aws:ec2/vpcEndpoint:VpcEndpoint": [
    ...["vpc", "vpc-endpoint", "route-table"].flatMap((kind) => ec2(kind)("CreateVpcEndpoint")),
    ...ec2("vpc-endpoint")("DeleteVpcEndpoints", "ModifyVpcEndpoint"),
    ...ec2("route-table")("ModifyVpcEndpoint"),
    ...tagged("vpc-endpoint"),
    ...all("ec2")("DescribePrefixLists", "DescribeVpcEndpoints"),
  ],
  "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule": [
    ...ec2("security-group")("AuthorizeSecurityGroupIngress", "ModifySecurityGroupRules"),
    ...ec2("security-group")("RevokeSecurityGroupIngress"),
    ...tagged("security-group-rule"),
    ...all("ec2")("DescribeSecurityGroupRules"),
  ],
};
