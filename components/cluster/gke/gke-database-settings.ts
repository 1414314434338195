import * as gcp from "@pulumi/gcp";
import * as pulumi from "@pulumi/pulumi";
import type { Config } from "../../../config.ts";

/** How clients reach the server: by an endpoint in their network, or by a peering of it with Google's. */
export type DatabaseAccess =
  | { kind: "endpoint"; project: string }
  /** The range that the address comes from; undefined: any of the network's ranges. */
  | { kind: "peering"; networkLink: pulumi.Input<string>; allocatedIpRange: pulumi.Input<string> | undefined };

interface DatabaseSettingsArgs {
  zone: string;
  access: DatabaseAccess;
  postgres: Extract<Config["postgres"], { kind: "managed" }>;
  labels: Record<string, string>;
  deletionProtection: boolean;
}

/** One CPU and 3.75 GiB: the smallest that shares no core with others. */
const smallestTier = "db-custom-1-3840";
/** Days that the Enterprise edition keeps the log at most. Source: https://cloud.google.com/sql/docs/postgres/backup-recovery/pitr */
const mostLogDays = 7;

/** Settings of the server: private, encrypted, recoverable. */
export function databaseSettings(args: DatabaseSettingsArgs): gcp.types.input.sql.DatabaseInstanceSettings {
  const { zone, access, postgres, labels, deletionProtection } = args;
  const { backupRetentionDays: days, highAvailability, instanceType, storageGiB } = postgres;
  return {
    edition: "ENTERPRISE",
    tier: instanceType ?? smallestTier,
    availabilityType: highAvailability ? "REGIONAL" : "ZONAL",
    locationPreference: { zone },
    diskType: "PD_SSD",
    diskSize: storageGiB,
    diskAutoresize: true,
    ipConfiguration: {
      ipv4Enabled: false,
      ...reached(access),
      sslMode: "ENCRYPTED_ONLY",
      // The authority of one server alone signs no name that a client could verify.
      serverCaMode: "GOOGLE_MANAGED_CAS_CA",
      // Otherwise the server's certificate expires one day, and all clients fail together.
      serverCertificateRotationMode: "AUTOMATIC_ROTATION_DURING_MAINTENANCE",
    },
    backupConfiguration: {
      enabled: true,
      startTime: "02:00",
      pointInTimeRecoveryEnabled: true,
      transactionLogRetentionDays: Math.min(days, mostLogDays),
      backupRetentionSettings: { retainedBackups: days, retentionUnit: "COUNT" },
    },
    // Sunday, after the backup.
    maintenanceWindow: { day: 7, hour: 4, updateTrack: "stable" },
    insightsConfig: { queryInsightsEnabled: true },
    deletionProtectionEnabled: deletionProtection,
    userLabels: labels,
  };
}

function reached(access: DatabaseAccess): gcp.types.input.sql.DatabaseInstanceSettingsIpConfiguration {
  if (access.kind === "endpoint") {
    return { pscConfigs: [{ pscEnabled: true, allowedConsumerProjects: [access.project] }] };
  }
  const { networkLink: privateNetwork, allocatedIpRange } = access;
  return { privateNetwork, ...(allocatedIpRange === undefined ? {} : { allocatedIpRange }) };
}

/** What Google calls each way to a server. */
const connectionTypes = { endpoint: "PRIVATE_SERVICE_CONNECT", peering: "PRIVATE_SERVICES_ACCESS" } as const;

/**
 * The name that a server's certificate is made out to, with the dot at its end.
 *
 * @throws RunError where Google gave the server none
 */
export function instanceDnsName(
  names: readonly gcp.types.output.sql.DatabaseInstanceDnsName[],
  kind: DatabaseAccess["kind"],
): string {
  const found = names.find(
    ({ connectionType, dnsScope }) => connectionType === connectionTypes[kind] && dnsScope === "INSTANCE",
  );
  if (found === undefined) {
    throw new pulumi.RunError("postgres: Cloud SQL gave its server no DNS name, so clients cannot verify it");
  }
  return found.name.endsWith(".") ? found.name : `${found.name}.`;
}
