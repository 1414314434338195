import * as gcp from "@pulumi/gcp";
import * as pulumi from "@pulumi/pulumi";
import { generatedPassword } from "../../objects/generated-password.ts";
import type { Config } from "../../../config.ts";
import type { PostgresServer } from "../cluster.ts";
import { serverAuthorities } from "./gke-database-authorities.ts";
import { GkeDatabaseEndpoint } from "./gke-database-endpoint.ts";
import { type DatabaseAccess, databaseSettings, instanceDnsName } from "./gke-database-settings.ts";

export interface GkeDatabaseArgs {
  region: string;
  /** Zone of the server, beside the nodes; the standby goes to another. */
  zone: string;
  project: string;
  /** Link of the network that the server has an address in. */
  networkLink: pulumi.Input<string>;
  /** How clients reach it; `site`: by the private services access that the network has already. */
  reach: "endpoint" | "peering" | "site";
  /** Range of its addresses. */
  databaseCidr: string;
  postgres: Extract<Config["postgres"], { kind: "managed" }>;
  /** Generation of the administrator's password; a higher number makes a new one. */
  generation: number;
  /** Labels of the server, for the bill. */
  labels: Record<string, string>;
  deletionProtection: boolean;
}

const adminUser = "mlops-admin";

/**
 * Cloud SQL for PostgreSQL with a private address and nothing else, TLS required, backed up to any moment.
 *
 * Its certificate is of Google's shared authority and names the server; a private zone resolves the name, so that
 * clients verify both. Source: https://cloud.google.com/sql/docs/postgres/authorize-ssl
 *
 * ```ts
 * const database = new GkeDatabase("mlops", { region, zone, project, networkLink, reach: "endpoint", databaseCidr, postgres, generation: 1, labels, deletionProtection });
 * ```
 */
export class GkeDatabase extends pulumi.ComponentResource {
  readonly server: PostgresServer;

  constructor(name: string, args: GkeDatabaseArgs, opts?: pulumi.ComponentResourceOptions) {
    super("mlops:gke-database:GkeDatabase", name, {}, opts);
    const child = { parent: this };
    const { region, databaseCidr, deletionProtection } = args;
    const peering = args.reach === "peering" ? this.makeServicesAccess(name, args) : undefined;
    const access = accessOf(args, peering?.range);
    const instance = new gcp.sql.DatabaseInstance(
      name,
      {
        region,
        databaseVersion: "POSTGRES_18",
        deletionProtection,
        settings: databaseSettings({ ...args, access }),
      },
      {
        ...child,
        protect: deletionProtection,
        // The server takes its address from the connection, which no output of it tells.
        dependsOn: peering === undefined ? [] : [peering.connection],
        // It grows by itself: the size of the configuration is where it begins. Its zone is too: another first zone of
        // the nodes would restart the server in it, and a failover changes the zone by itself.
        ignoreChanges: ["settings.diskSize", "settings.locationPreference.zone"],
      },
    );
    const user = this.makeAdmin(name, instance, args);
    const endpoint = access.kind === "endpoint" ? this.makeEndpoint(name, instance, args) : undefined;
    const dnsName = instance.dnsNames.apply((names) => instanceDnsName(names, access.kind));
    const address = endpoint?.address ?? instance.privateIpAddress;
    const record = this.makeName(name, args, { dnsName, address });
    this.server = {
      host: dnsName.apply((its) => its.replace(/\.$/, "")),
      port: 5432,
      adminUser: user.name,
      adminPassword: pulumi.secret(user.password.apply((password) => password ?? "")),
      caCertificate: serverAuthorities(instance, args.project, child),
      cidr: databaseCidr,
      ready: [user, record, ...(endpoint?.ready ?? [])],
    };
    this.registerOutputs({ server: this.server });
  }

  /** Lets Google's network, where the server runs, be reached from this one. */
  private makeServicesAccess(name: string, { networkLink, databaseCidr }: GkeDatabaseArgs) {
    const [address = "", prefixLength] = databaseCidr.split("/");
    const range = new gcp.compute.GlobalAddress(
      `${name}-services`,
      {
        purpose: "VPC_PEERING",
        addressType: "INTERNAL",
        address,
        prefixLength: Number(prefixLength),
        network: networkLink,
      },
      { parent: this },
    );
    const connection = new gcp.servicenetworking.Connection(
      `${name}-services`,
      { network: networkLink, service: "servicenetworking.googleapis.com", reservedPeeringRanges: [range.name] },
      { parent: this },
    );
    return { range, connection };
  }

  private makeEndpoint(name: string, instance: gcp.sql.DatabaseInstance, args: GkeDatabaseArgs): GkeDatabaseEndpoint {
    const { region, networkLink, databaseCidr: cidr } = args;
    const target = instance.pscServiceAttachmentLink;
    return new GkeDatabaseEndpoint(`${name}-postgres`, { region, networkLink, cidr, target }, { parent: this });
  }

  private makeAdmin(name: string, instance: gcp.sql.DatabaseInstance, { generation }: GkeDatabaseArgs): gcp.sql.User {
    const { password } = generatedPassword(`${name}-admin`, { generation }, { parent: this });
    return new gcp.sql.User(
      `${name}-admin`,
      {
        instance: instance.name,
        name: adminUser,
        password,
        // A role that has granted anything cannot be dropped; it goes with its server.
        deletionPolicy: "ABANDON",
      },
      { parent: this },
    );
  }

  /** The server's own name in a zone of its own, so that every other name resolves as before. */
  private makeName(name: string, { networkLink }: GkeDatabaseArgs, { dnsName, address }: DatabasePlace) {
    const zone = new gcp.dns.ManagedZone(
      `${name}-postgres`,
      {
        dnsName,
        description: "The name in the certificate of the platform's Postgres",
        visibility: "private",
        privateVisibilityConfig: { networks: [{ networkUrl: networkLink }] },
      },
      { parent: this },
    );
    return new gcp.dns.RecordSet(
      `${name}-postgres`,
      { managedZone: zone.name, name: zone.dnsName, type: "A", ttl: 300, rrdatas: [address] },
      { parent: this },
    );
  }
}

interface DatabasePlace {
  dnsName: pulumi.Output<string>;
  address: pulumi.Output<string>;
}

function accessOf(
  { reach, project, networkLink }: GkeDatabaseArgs,
  range: gcp.compute.GlobalAddress | undefined,
): DatabaseAccess {
  if (reach === "endpoint") return { kind: "endpoint", project };
  return { kind: "peering", networkLink, allocatedIpRange: range?.name };
}
