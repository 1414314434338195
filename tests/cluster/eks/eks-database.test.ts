import assert from "node:assert/strict";
import { X509Certificate } from "node:crypto";
import { rdsAuthorities } from "../../../components/cluster/eks/data/rds-authorities.ts";
import type { Recording } from "../../../lib/recording.ts";
import { fields, registration, showing } from "../../program/registrations.ts";
import { recordEks } from "./eks-recording.ts";

const instanceType = "aws:rds/instance:Instance";
const name = "cluster-postgres";

describe("the database of an EKS cluster", () => {
  let recording: Recording;
  before(async () => {
    recording = await recordEks();
  });
  const find = (type: string, resource = name) => registration(recording.resources, type, resource);

  it("is encrypted, backed up, protected and in private subnets", () => {
    const { inputs, protect, secretPaths } = find(instanceType);
    const { password, finalSnapshotIdentifier, ...rest } = inputs;
    assert.deepEqual(rest, {
      engine: "postgres",
      engineVersion: "18",
      instanceClass: "db.t4g.medium",
      storageType: "gp3",
      allocatedStorage: 20,
      maxAllocatedStorage: 100,
      storageEncrypted: true,
      multiAz: false,
      publiclyAccessible: false,
      caCertIdentifier: "rds-ca-rsa2048-g1",
      backupRetentionPeriod: 7,
      backupWindow: "02:00-02:30",
      maintenanceWindow: "sun:04:00-sun:05:00",
      copyTagsToSnapshot: true,
      deleteAutomatedBackups: false,
      deletionProtection: true,
      autoMinorVersionUpgrade: true,
      enabledCloudwatchLogsExports: ["postgresql", "upgrade"],
      skipFinalSnapshot: false,
      dbSubnetGroupName: name,
      vpcSecurityGroupIds: [`${name}-id`],
      parameterGroupName: name,
      username: "postgres",
      port: 5432,
    });
    assert.match(String(finalSnapshotIdentifier), /^cluster-postgres-final-[0-9a-f]{8}$/);
    assert.equal(protect, true);
    assert.deepEqual(secretPaths, ["password"]);
    assert.deepEqual(showing(recording.resources, String(password)), []);
    assert.deepEqual(find("aws:rds/subnetGroup:SubnetGroup").inputs.subnetIds, [
      "cluster-network-private-a-id",
      "cluster-network-private-b-id",
      "cluster-network-private-c-id",
    ]);
  });

  it("refuses a connection without TLS", () => {
    const { family, parameters } = find("aws:rds/parameterGroup:ParameterGroup").inputs;
    assert.deepEqual(
      [family, parameters],
      ["postgres18", [{ name: "rds.force_ssl", value: "1", applyMethod: "pending-reboot" }]],
    );
  });

  it("is reached from the cluster alone", () => {
    const { ingress, egress, vpcId } = find("aws:ec2/securityGroup:SecurityGroup").inputs;
    assert.deepEqual([ingress, egress, vpcId], [undefined, undefined, "cluster-network-id"]);
    assert.deepEqual(find("aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule", `${name}-clients`).inputs, {
      securityGroupId: `${name}-id`,
      referencedSecurityGroupId: "sg-cluster",
      ipProtocol: "tcp",
      fromPort: 5432,
      toPort: 5432,
    });
  });

  it("tells its clients its name and the region's authorities, so that they verify both", () => {
    const { host, port, adminUser, cidr, caCertificate } = fields(recording.outputs.postgres);
    assert.deepEqual(
      [host, port, adminUser, cidr],
      ["cluster-postgres.example.eu-central-1.rds.amazonaws.com", 5432, "postgres", "10.10.0.0/16"],
    );
    assert.equal(caCertificate, rdsAuthorities("eu-central-1"));
  });

  it("has the settings that the user chose", async () => {
    const postgres = { kind: "managed", instanceType: "db.m7g.large", storageGiB: 100, backupRetentionDays: 14 };
    const { resources } = await recordEks({}, { postgres: { ...postgres, highAvailability: true } });
    const { instanceClass, allocatedStorage, backupRetentionPeriod, multiAz } = registration(
      resources,
      instanceType,
      name,
    ).inputs;
    assert.deepEqual(
      [instanceClass, allocatedStorage, backupRetentionPeriod, multiAz],
      ["db.m7g.large", 100, 14, true],
    );
  });

  it("grows to five times its disk, no further than RDS goes, and keeps to a larger one that is configured", async () => {
    const disk = async (storageGiB: number) => {
      const { resources } = await recordEks({}, { postgres: { kind: "managed", storageGiB } });
      const { inputs, ignoreChanges } = registration(resources, instanceType, name);
      assert.deepEqual(ignoreChanges, []);
      return [inputs.allocatedStorage, inputs.maxAllocatedStorage];
    };
    assert.deepEqual(await disk(100), [100, 500]);
    assert.deepEqual(await disk(20_000), [20_000, 65_536]);
    assert.deepEqual(await disk(65_536), [65_536, undefined]);
  });

  it("gets another password with another generation, and no other change", async () => {
    const { resources } = await recordEks({}, { rotation: { admin: 2 } });
    const { keepers } = registration(resources, "random:index/randomPassword:RandomPassword", `${name}-admin`).inputs;
    assert.deepEqual(keepers, { generation: "2" });
    const [before, after] = [find(instanceType).inputs, registration(resources, instanceType, name).inputs];
    assert.deepEqual({ ...after, password: "" }, { ...before, password: "" });
  });

  it("leaves nothing behind where nothing is protected", async () => {
    const { resources } = await recordEks({ deletionProtection: false });
    const { inputs, protect } = registration(resources, instanceType, name);
    const { deletionProtection, skipFinalSnapshot, deleteAutomatedBackups } = inputs;
    assert.deepEqual(
      [protect, deletionProtection, skipFinalSnapshot, deleteAutomatedBackups],
      [false, false, true, true],
    );
  });

  it("is not made where Postgres runs in the cluster", async () => {
    const { resources } = await recordEks({}, { postgres: { kind: "cluster" } });
    assert.deepEqual(
      resources.filter(({ type }) => type.startsWith("aws:rds/")),
      [],
    );
  });
});

describe("the authorities of RDS", () => {
  const subjects = (pem: string | undefined) =>
    (pem ?? "").match(/-----BEGIN[^]*?END CERTIFICATE-----/g)?.map((one) => new X509Certificate(one)) ?? [];

  it("are the region's own, of each kind of key, each signed by itself", () => {
    const found = subjects(rdsAuthorities("eu-central-1"));
    assert.deepEqual(found.map(({ subject }) => /CN=(.+)/.exec(subject)?.[1]).sort(), [
      "Amazon RDS eu-central-1 Root CA ECC384 G1",
      "Amazon RDS eu-central-1 Root CA RSA2048 G1",
      "Amazon RDS eu-central-1 Root CA RSA4096 G1",
    ]);
    for (const certificate of found) assert.ok(certificate.ca && certificate.verify(certificate.publicKey));
  });

  it("are not those of a region whose name is longer", () => {
    for (const { subject } of subjects(rdsAuthorities("us-east-1"))) assert.match(subject, /CN=Amazon RDS us-east-1 /);
  });

  it("are unknown in a region that is not known, and once they have expired", () => {
    assert.equal(rdsAuthorities("xx-nowhere-1"), undefined);
    assert.equal(rdsAuthorities("eu-central-1", new Date("2200-01-01")), undefined);
  });
});
