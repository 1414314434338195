import { createHash } from "node:crypto";
import { isObject, textAt } from "../../../../lib/json.ts";
import type { MockTables } from "../../../../lib/mocks.ts";

/** Outputs of Google's resources that the program reads; the same at each run. */
export const gkeMocks: MockTables = {
  resources: {
    "gcp:container/cluster:Cluster": ({ name, inputs }) => {
      const location = textAt(inputs, "location") ?? "";
      const given = isObject(inputs.controlPlaneEndpointsConfig) ? inputs.controlPlaneEndpointsConfig : {};
      const dns = isObject(given.dnsEndpointConfig) ? given.dnsEndpointConfig : {};
      const endpoint = `gke-${digest(name)}.${location}.gke.goog`;
      const id = `projects/${textAt(inputs, "project") ?? ""}/locations/${location}/clusters/${name}`;
      return { id, controlPlaneEndpointsConfig: { ...given, dnsEndpointConfig: { ...dns, endpoint } } };
    },
    "gcp:sql/databaseInstance:DatabaseInstance": ({ name, inputs }) => ({
      name: `${name}-${digest(name).slice(0, 7)}`,
      // What documentation may use: https://www.rfc-editor.org/rfc/rfc5737
      privateIpAddress: "192.0.2.20",
      pscServiceAttachmentLink: `projects/example/regions/${textAt(inputs, "region") ?? ""}/serviceAttachments/${name}`,
      dnsNames: Object.entries({ PRIVATE_SERVICES_ACCESS: "sql-psa", PRIVATE_SERVICE_CONNECT: "sql" }).map(
        ([connectionType, zone]) => ({
          connectionType,
          dnsScope: "INSTANCE",
          name: `${digest(name)}.example.${textAt(inputs, "region") ?? ""}.${zone}.goog.`,
        }),
      ),
      serverCaCerts: [{ cert: certificate("MIIB") }],
    }),
    "gcp:serviceaccount/account:Account": ({ inputs }) => {
      const project = textAt(inputs, "project") ?? "";
      const email = `${textAt(inputs, "accountId") ?? ""}@${project}.iam.gserviceaccount.com`;
      const id = `projects/${project}/serviceAccounts/${email}`;
      return { id, name: id, email, member: `serviceAccount:${email}` };
    },
    "gcp:compute/address:Address": ({ name, inputs }) => ({
      selfLink: `projects/example/regions/${textAt(inputs, "region") ?? ""}/addresses/${name}`,
      address: "192.0.2.21",
    }),
    "gcp:compute/network:Network": named("global/networks"),
    "gcp:compute/subnetwork:Subnetwork": named("subnetworks"),
    "gcp:compute/router:Router": named("routers"),
    "gcp:compute/globalAddress:GlobalAddress": (args) => ({
      ...named("addresses")(args),
      address: addressOf(args.inputs),
    }),
    "gcp:artifactregistry/repository:Repository": ({ inputs }) => ({ name: textAt(inputs, "repositoryId") }),
    "gcp:dns/managedZone:ManagedZone": named("managedZones"),
  },
  calls: {
    "gcp:organizations/getClientConfig:getClientConfig": () => ({ accessToken: "placeholder" }),
    // The authority of the certificate in use, and of the next.
    "gcp:sql/getCaCerts:getCaCerts": (inputs) => ({
      ...inputs,
      id: `projects/${textAt(inputs, "project") ?? ""}/instance/${textAt(inputs, "instance") ?? ""}`,
      activeVersion: "MIIB",
      certs: ["MIIB", "MIIC"].map((content) => ({ cert: `${certificate(content)}\n` })),
    }),
  },
};

function certificate(content: string): string {
  return `-----BEGIN CERTIFICATE-----\n${content}\n-----END CERTIFICATE-----`;
}

/** What has a name of its own, which the engine makes up where the program gives none. */
function named(folder: string): MockTables["resources"][string] {
  return ({ name, inputs }) => {
    const own = textAt(inputs, "name") ?? `${name}-${digest(name).slice(0, 7)}`;
    return { id: `${folder}/${own}`, name: own };
  };
}

function addressOf(inputs: Record<string, unknown>): string {
  return textAt(inputs, "address") ?? "203.0.113.20";
}

function digest(text: string): string {
  return createHash("sha256").update(text).digest("hex").slice(0, 12);
}
