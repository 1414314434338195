import assert from "node:assert/strict";
import { databaseSettings, instanceDnsName } from "../../../components/cluster/gke/gke-database-settings.ts";
import { isSecret } from "../../secret-input.ts";
import { registration } from "../../program/registrations.ts";
import { gkeConfig, recordGke } from "./gke-cases.ts";
import { at } from "../../../lib/json.ts";

const instanceType = "gcp:sql/databaseInstance:DatabaseInstance";

describe("the Postgres of a GKE cluster", () => {
  it("is private, encrypted on the wire, recoverable to any moment and not deleted by accident", async () => {
    const { resources } = await recordGke();
    const { inputs, protect, ignoreChanges } = registration(resources, instanceType, "mlops");
    assert.equal(protect, true);
    assert.equal(inputs.deletionProtection, true);
    assert.equal(inputs.databaseVersion, "POSTGRES_18");
    // Another first zone of the nodes would restart the server there.
    assert.deepEqual(ignoreChanges, ["settings.diskSize", "settings.locationPreference.zone"]);
    const network = at(inputs, "settings.ipConfiguration.privateNetwork");
    assert.match(String(network), /^global\/networks\/mlops-/);
    assert.deepEqual(inputs.settings, {
      edition: "ENTERPRISE",
      tier: "db-custom-1-3840",
      availabilityType: "ZONAL",
      locationPreference: { zone: "europe-west4-b" },
      diskType: "PD_SSD",
      diskSize: 20,
      diskAutoresize: true,
      ipConfiguration: {
        ipv4Enabled: false,
        privateNetwork: network,
        allocatedIpRange: at(inputs, "settings.ipConfiguration.allocatedIpRange"),
        sslMode: "ENCRYPTED_ONLY",
        serverCaMode: "GOOGLE_MANAGED_CAS_CA",
        serverCertificateRotationMode: "AUTOMATIC_ROTATION_DURING_MAINTENANCE",
      },
      backupConfiguration: {
        enabled: true,
        startTime: "02:00",
        pointInTimeRecoveryEnabled: true,
        transactionLogRetentionDays: 7,
        backupRetentionSettings: { retainedBackups: 7, retentionUnit: "COUNT" },
      },
      maintenanceWindow: { day: 7, hour: 4, updateTrack: "stable" },
      insightsConfig: { queryInsightsEnabled: true },
      deletionProtectionEnabled: true,
      userLabels: { "part-of": "mlops" },
    });
  });

  it("has its address in the configured range, which is connected before the server is made", async () => {
    const { resources } = await recordGke();
    const range = registration(resources, "gcp:compute/globalAddress:GlobalAddress", "mlops-services");
    assert.equal(range.inputs.purpose, "VPC_PEERING");
    assert.equal(range.inputs.address, "10.40.0.0");
    assert.equal(range.inputs.prefixLength, 20);
    const connection = registration(resources, "gcp:servicenetworking/connection:Connection", "mlops-services");
    const { dependencies } = registration(resources, instanceType, "mlops");
    assert.ok(dependencies.includes(connection.urn));
  });

  it("is called by the name in its certificate, which a private zone resolves", async () => {
    const { resources, outputs } = await recordGke();
    const host = String(at(outputs, "handover.postgres.host"));
    assert.match(host, /\.europe-west4\.sql-psa\.goog$/);
    const zone = registration(resources, "gcp:dns/managedZone:ManagedZone", "mlops-postgres").inputs;
    assert.equal(zone.dnsName, `${host}.`);
    assert.equal(zone.visibility, "private");
    const record = registration(resources, "gcp:dns/recordSet:RecordSet", "mlops-postgres").inputs;
    assert.deepEqual([record.name, record.type, record.rrdatas], [`${host}.`, "A", ["192.0.2.20"]]);
    assert.match(String(at(outputs, "handover.postgres.caCertificate")), /^-----BEGIN CERTIFICATE-----/);
  });

  it("has an administrator whose password is drawn, secret, and new with a new generation", async () => {
    const { resources, secretOutputPaths } = await recordGke({ rotation: { admin: 3 } });
    const password = registration(resources, "random:index/randomPassword:RandomPassword", "mlops-admin").inputs;
    assert.deepEqual(password.keepers, { generation: "3" });
    assert.equal(password.length, 32);
    const user = registration(resources, "gcp:sql/user:User", "mlops-admin");
    assert.ok(isSecret(user, "password"));
    assert.equal(user.inputs.deletionPolicy, "ABANDON");
    assert.deepEqual(secretOutputPaths, ["postgresAdminPassword"]);
  });

  it("is not made for another kind of Postgres", async () => {
    const { resources, outputs } = await recordGke({ postgres: { kind: "cluster" } });
    assert.doesNotMatch(resources.map(({ type }) => type).join("\n"), /gcp:(sql|servicenetworking|dns)/);
    assert.equal(at(outputs, "handover.postgres"), undefined);
  });
});

describe("the settings of Cloud SQL", () => {
  const settingsOf = (own: object) => {
    const { postgres } = gkeConfig({ postgres: { kind: "managed", ...own } });
    assert.ok(postgres.kind === "managed");
    const place = { zone: "europe-west4-b", networkLink: "n", allocatedIpRange: undefined, labels: {} };
    return databaseSettings({ ...place, postgres, deletionProtection: false });
  };

  it("keep as many backups as configured, and the log for as long as the edition can", () => {
    const { backupConfiguration } = settingsOf({ backupRetentionDays: 30 });
    assert.equal(at(backupConfiguration, "backupRetentionSettings.retainedBackups"), 30);
    assert.equal(at(backupConfiguration, "transactionLogRetentionDays"), 7);
    assert.equal(at(settingsOf({ backupRetentionDays: 3 }), "backupConfiguration.transactionLogRetentionDays"), 3);
  });

  it("have a standby and another machine where they are wanted", () => {
    const settings = settingsOf({ highAvailability: true, instanceType: "db-custom-4-15360", storageGiB: 50 });
    assert.equal(settings.availabilityType, "REGIONAL");
    assert.equal(settings.tier, "db-custom-4-15360");
    assert.equal(settings.diskSize, 50);
    assert.equal(at(settings, "ipConfiguration.allocatedIpRange"), undefined);
  });

  it("need a name in the certificate", () => {
    const name = { connectionType: "PRIVATE_SERVICES_ACCESS", dnsScope: "INSTANCE", name: "a.sql-psa.goog" };
    assert.equal(instanceDnsName([{ ...name, connectionType: "PUBLIC", name: "b." }, name]), "a.sql-psa.goog.");
    assert.throws(() => instanceDnsName([]), /gave its server no DNS name/);
  });
});
