import assert from "node:assert/strict";
import { authorityBundle, unlisted } from "../../../components/cluster/gke/gke-database-authorities.ts";
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
        pscConfigs: [{ pscEnabled: true, allowedConsumerProjects: ["acme-ml-prod"] }],
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

  it("has an endpoint in a subnetwork of its own, which goes with it, and no peering that stays", async () => {
    const { resources } = await recordGke();
    assert.doesNotMatch(resources.map(({ type }) => type).join("\n"), /servicenetworking\/|GlobalAddress/);
    const network = registration(resources, "gcp:compute/network:Network", "mlops").urn;
    const find = (type: string) => registration(resources, `gcp:compute/${type}`, "mlops-postgres");
    const subnetwork = find("subnetwork:Subnetwork");
    assert.equal(subnetwork.inputs.ipCidrRange, "10.40.0.0/20");
    assert.ok(subnetwork.dependencies.includes(network));
    const address = find("address:Address");
    assert.deepEqual(address.inputs.addressType, "INTERNAL");
    assert.ok(address.dependencies.includes(subnetwork.urn));
    const { inputs, dependencies } = find("forwardingRule:ForwardingRule");
    assert.equal(inputs.loadBalancingScheme, "");
    assert.equal(inputs.target, "projects/example/regions/europe-west4/serviceAttachments/mlops");
    for (const before of [registration(resources, instanceType, "mlops"), address]) {
      assert.ok(dependencies.includes(before.urn), before.urn);
    }
  });

  it("of an earlier platform keeps its address by a peering, which is connected before the server is made", async () => {
    const { resources, outputs } = await recordGke({ cluster: { network: { databasePeering: true } } });
    const { inputs } = registration(resources, instanceType, "mlops");
    assert.match(String(at(inputs, "settings.ipConfiguration.privateNetwork")), /^global\/networks\/mlops-/);
    assert.equal(at(inputs, "settings.ipConfiguration.pscConfigs"), undefined);
    assert.match(String(at(outputs, "handover.postgres.host")), /\.europe-west4\.sql-psa\.goog$/);
    const record = registration(resources, "gcp:dns/recordSet:RecordSet", "mlops-postgres").inputs;
    assert.deepEqual(record.rrdatas, ["192.0.2.20"]);
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
    assert.match(host, /\.europe-west4\.sql\.goog$/);
    const zone = registration(resources, "gcp:dns/managedZone:ManagedZone", "mlops-postgres").inputs;
    assert.equal(zone.dnsName, `${host}.`);
    assert.equal(zone.visibility, "private");
    const record = registration(resources, "gcp:dns/recordSet:RecordSet", "mlops-postgres").inputs;
    assert.deepEqual([record.name, record.type, record.rrdatas], [`${host}.`, "A", ["192.0.2.21"]]);
  });

  it("hands its clients every authority that may sign its certificate, the next one too, in the open", async () => {
    const { outputs, lookups, resources, secretOutputPaths } = await recordGke();
    const certificates = ["MIIB", "MIIC"].map(
      (text) => `-----BEGIN CERTIFICATE-----\n${text}\n-----END CERTIFICATE-----\n`,
    );
    assert.equal(at(outputs, "handover.postgres.caCertificate"), certificates.join(""));
    assert.ok(
      !secretOutputPaths.includes("handover.postgres.caCertificate"),
      "a stack that refers to it could not show it",
    );
    const { urn } = registration(resources, "pulumi:providers:gcp", "cluster");
    assert.deepEqual(
      lookups.map(({ token, provider }) => [token, provider.startsWith(urn)]),
      [["gcp:sql/getCaCerts:getCaCerts", true]],
    );
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

describe("the authorities of Cloud SQL", () => {
  const certificate = (text: string) => `-----BEGIN CERTIFICATE-----\n${text}\n-----END CERTIFICATE-----\n`;

  it("are the same text in whatever order Google lists them, and each is in it once", () => {
    // A text of Google's may have the root too.
    const lists = [
      [certificate("root") + certificate("a"), certificate("b")],
      [certificate("b"), certificate("a").trim()],
    ];
    assert.equal(authorityBundle(lists[0] ?? []), ["a", "b", "root"].map(certificate).join(""));
    assert.equal(authorityBundle(lists[1] ?? []), ["a", "b"].map(certificate).join(""));
  });

  it("stop an update where the list is missing for a moment, and not where Google has none", async () => {
    const refused = "error retrieving CA certs: googleapi: Error";
    assert.deepEqual(await unlisted(new Error(`${refused} 400: Invalid request`)), []);
    for (const code of [403, 404, 429, 503]) {
      await assert.rejects(unlisted(new Error(`${refused} ${code}: …`)), new RegExp(`Error ${code}`));
    }
  });
});

describe("the settings of Cloud SQL", () => {
  const settingsOf = (own: object) => {
    const { postgres } = gkeConfig({ postgres: { kind: "managed", ...own } });
    assert.ok(postgres.kind === "managed");
    const access = { kind: "peering", networkLink: "n", allocatedIpRange: undefined } as const;
    const place = { zone: "europe-west4-b", access, labels: {} };
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
    const endpoint = { ...name, connectionType: "PRIVATE_SERVICE_CONNECT", name: "b.sql.goog." };
    const names = [{ ...name, connectionType: "PUBLIC", name: "c." }, name, endpoint];
    assert.equal(instanceDnsName(names, "peering"), "a.sql-psa.goog.");
    assert.equal(instanceDnsName(names, "endpoint"), "b.sql.goog.");
    assert.throws(() => instanceDnsName([], "peering"), /gave its server no DNS name/);
  });
});
