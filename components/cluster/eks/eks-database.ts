import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import * as random from "@pulumi/random";
import { generatedPassword } from "../../objects/generated-password.ts";
import type { Config } from "../../../config.ts";
import { rdsAuthorities } from "./data/rds-authorities.ts";
import type { PostgresServer } from "../cluster.ts";

export interface EksDatabaseArgs {
  region: string;
  /** Range of the VPC, for the NetworkPolicies. */
  cidr: string;
  vpcId: pulumi.Input<string>;
  subnetIds: pulumi.Input<string>[];
  /** Security group of the cluster's nodes and pods: only they may connect. */
  clientSecurityGroupId: pulumi.Input<string>;
  settings: Extract<Config["postgres"], { kind: "managed" }>;
  /** Generation of the administrator's password; a higher number makes a new one. */
  generation: number;
  /** Whether a destroy is refused; when it is allowed, it takes no final snapshot. */
  deletionProtection: boolean;
}

const port = 5432;
const majorVersion = "18";

/**
 * Postgres of RDS in private subnets: encrypted, TLS only, with point-in-time recovery.
 *
 * ```ts
 * const { server } = new EksDatabase("postgres", { region, cidr, vpcId, subnetIds, clientSecurityGroupId, settings, generation: 1, deletionProtection: true });
 * ```
 */
export class EksDatabase extends pulumi.ComponentResource {
  readonly server: PostgresServer;

  constructor(name: string, args: EksDatabaseArgs, opts?: pulumi.ComponentResourceOptions) {
    super("mlops:eks-database:EksDatabase", name, {}, opts);
    const child = { parent: this };
    const { generation } = args;
    const { password: adminPassword } = generatedPassword(`${name}-admin`, { generation }, child);
    const instance = new aws.rds.Instance(
      name,
      { ...this.placement(name, args), ...settingsOf(args), username: adminUser, password: adminPassword, port },
      { ...child, protect: args.deletionProtection },
    );
    this.server = {
      host: instance.address,
      port,
      adminUser,
      adminPassword,
      caCertificate: authoritiesOf(args.region),
      cidr: args.cidr,
      ready: [instance],
    };
    this.registerOutputs({ host: instance.address, adminUser });
  }

  private placement(name: string, args: EksDatabaseArgs) {
    const child = { parent: this };
    const subnets = new aws.rds.SubnetGroup(name, { subnetIds: args.subnetIds }, child);
    const group = new aws.ec2.SecurityGroup(
      name,
      { vpcId: args.vpcId, description: "Postgres of the platform" },
      child,
    );
    const rule = {
      referencedSecurityGroupId: args.clientSecurityGroupId,
      ipProtocol: "tcp",
      fromPort: port,
      toPort: port,
    };
    new aws.vpc.SecurityGroupIngressRule(`${name}-clients`, { securityGroupId: group.id, ...rule }, child);
    // RDS refuses a connection without TLS.
    const parameters = [{ name: "rds.force_ssl", value: "1", applyMethod: "pending-reboot" }];
    const family = `postgres${majorVersion}`;
    const parameterGroup = new aws.rds.ParameterGroup(name, { family, parameters }, child);
    return {
      dbSubnetGroupName: subnets.name,
      vpcSecurityGroupIds: [group.id],
      parameterGroupName: parameterGroup.name,
      ...(args.deletionProtection ? this.finalSnapshot(name) : { skipFinalSnapshot: true }),
    };
  }

  /** A snapshot's name may be used once in an account. */
  private finalSnapshot(name: string) {
    const suffix = new random.RandomId(`${name}-final`, { byteLength: 4 }, { parent: this }).hex;
    return { skipFinalSnapshot: false, finalSnapshotIdentifier: pulumi.interpolate`${name}-final-${suffix}` };
  }
}

const adminUser = "postgres";

/** Everything that is known of the server by its configuration alone. */
function settingsOf({ settings, deletionProtection }: EksDatabaseArgs) {
  return {
    engine: "postgres",
    engineVersion: majorVersion,
    instanceClass: settings.instanceType ?? "db.t4g.medium",
    storageType: "gp3",
    allocatedStorage: settings.storageGiB,
    ...autoscalingOf(settings.storageGiB),
    storageEncrypted: true,
    multiAz: settings.highAvailability,
    publiclyAccessible: false,
    caCertIdentifier: "rds-ca-rsa2048-g1",
    // Point-in-time recovery goes back as far as the backups do.
    backupRetentionPeriod: settings.backupRetentionDays,
    // In UTC; without them AWS draws both. New minor versions of Postgres come in the second one, with a restart.
    backupWindow: "02:00-02:30",
    maintenanceWindow: "sun:04:00-sun:05:00",
    copyTagsToSnapshot: true,
    deleteAutomatedBackups: !deletionProtection,
    deletionProtection,
    autoMinorVersionUpgrade: true,
    enabledCloudwatchLogsExports: ["postgresql", "upgrade"],
  };
}

/** The largest disk of RDS in GiB. */
const largestDiskGiB = 65_536;

/**
 * Lets the disk grow by itself to five times its first size, which RDS wants to be a tenth more at least.
 *
 * The provider takes a disk that has grown for what it is, and a higher `storageGiB` for a change.
 *
 * Source: https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/USER_PIOPS.Autoscaling.html
 */
function autoscalingOf(storageGiB: number): { maxAllocatedStorage?: number } {
  const maxAllocatedStorage = Math.min(storageGiB * 5, largestDiskGiB);
  return maxAllocatedStorage < storageGiB * 1.1 ? {} : { maxAllocatedStorage };
}

function authoritiesOf(region: string): string {
  const authorities = rdsAuthorities(region);
  // rules.ts refuses a region without them.
  if (authorities === undefined) throw new Error(`the certificate authorities of RDS in ${region} are not known`);
  return authorities;
}
