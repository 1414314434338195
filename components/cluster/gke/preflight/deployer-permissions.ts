/**
 * What a deploy asks of Google for each type of resource, as IAM's permissions: those that the references of the APIs
 * name for the calls that create, read, change and delete it.
 *
 * Source: https://cloud.google.com/iam/docs/permissions-reference
 */
export const permissionsOf: Readonly<Record<string, readonly string[]>> = {
  "gcp:artifactregistry/repository:Repository": [
    "artifactregistry.repositories.create",
    "artifactregistry.repositories.delete",
    // A push asks which layers are there.
    "artifactregistry.repositories.downloadArtifacts",
    "artifactregistry.repositories.get",
    "artifactregistry.repositories.update",
    "artifactregistry.repositories.uploadArtifacts",
  ],
  "gcp:artifactregistry/repositoryIamMember:RepositoryIamMember": [
    "artifactregistry.repositories.getIamPolicy",
    "artifactregistry.repositories.setIamPolicy",
  ],
  "gcp:compute/address:Address": [
    "compute.addresses.createInternal",
    "compute.addresses.deleteInternal",
    "compute.addresses.get",
    "compute.addresses.setLabels",
    "compute.addresses.useInternal",
    "compute.regionOperations.get",
    "compute.subnetworks.use",
  ],
  "gcp:compute/forwardingRule:ForwardingRule": [
    "compute.forwardingRules.create",
    "compute.forwardingRules.delete",
    "compute.forwardingRules.get",
    "compute.forwardingRules.pscCreate",
    "compute.forwardingRules.pscDelete",
    "compute.forwardingRules.setLabels",
    "compute.networks.use",
    "servicedirectory.namespaces.create",
    "servicedirectory.services.create",
    "servicedirectory.services.delete",
  ],
  "gcp:compute/globalAddress:GlobalAddress": [
    "compute.globalAddresses.create",
    "compute.globalAddresses.createInternal",
    "compute.globalAddresses.delete",
    "compute.globalAddresses.deleteInternal",
    "compute.globalAddresses.get",
    "compute.globalAddresses.setLabels",
    "compute.globalOperations.get",
  ],
  "gcp:compute/network:Network": [
    "compute.networks.create",
    "compute.networks.delete",
    "compute.networks.get",
    "compute.networks.updatePolicy",
  ],
  "gcp:compute/router:Router": [
    "compute.routers.create",
    "compute.routers.delete",
    "compute.routers.get",
    "compute.routers.update",
  ],
  "gcp:compute/routerNat:RouterNat": ["compute.routers.get", "compute.routers.update"],
  "gcp:compute/sSLPolicy:SSLPolicy": [
    "compute.sslPolicies.create",
    "compute.sslPolicies.delete",
    "compute.sslPolicies.get",
    "compute.sslPolicies.update",
  ],
  "gcp:compute/securityPolicy:SecurityPolicy": [
    "compute.securityPolicies.create",
    "compute.securityPolicies.delete",
    "compute.securityPolicies.get",
    "compute.securityPolicies.setLabels",
    "compute.securityPolicies.update",
  ],
  "gcp:compute/subnetwork:Subnetwork": [
    "compute.subnetworks.create",
    "compute.subnetworks.delete",
    "compute.subnetworks.get",
    "compute.subnetworks.setPrivateIpGoogleAccess",
    "compute.subnetworks.update",
  ],
  "gcp:container/cluster:Cluster": [
    "container.clusters.create",
    "container.clusters.delete",
    "container.clusters.get",
    "container.clusters.update",
    "container.operations.get",
    "iam.serviceAccounts.actAs",
  ],
  "gcp:container/nodePool:NodePool": [
    "container.clusters.get",
    "container.clusters.update",
    "iam.serviceAccounts.actAs",
  ],
  "gcp:dns/managedZone:ManagedZone": [
    "dns.managedZones.create",
    "dns.managedZones.delete",
    "dns.managedZones.get",
    "dns.managedZones.update",
    "dns.networks.bindPrivateDNSZone",
  ],
  "gcp:dns/recordSet:RecordSet": [
    "dns.changes.create",
    "dns.changes.get",
    "dns.resourceRecordSets.create",
    "dns.resourceRecordSets.delete",
    "dns.resourceRecordSets.list",
    "dns.resourceRecordSets.update",
  ],
  "gcp:projects/iAMMember:IAMMember": [
    "resourcemanager.projects.getIamPolicy",
    "resourcemanager.projects.setIamPolicy",
  ],
  "gcp:projects/service:Service": [
    "serviceusage.services.enable",
    "serviceusage.services.get",
    "serviceusage.services.list",
  ],
  "gcp:serviceaccount/account:Account": [
    "iam.serviceAccounts.create",
    "iam.serviceAccounts.delete",
    "iam.serviceAccounts.get",
    "iam.serviceAccounts.update",
  ],
  "gcp:serviceaccount/iAMMember:IAMMember": ["iam.serviceAccounts.getIamPolicy", "iam.serviceAccounts.setIamPolicy"],
  "gcp:servicenetworking/connection:Connection": [
    "resourcemanager.projects.get",
    "servicenetworking.services.addPeering",
    "servicenetworking.services.deleteConnection",
    "servicenetworking.services.get",
  ],
  "gcp:sql/databaseInstance:DatabaseInstance": [
    "cloudsql.instances.create",
    "cloudsql.instances.delete",
    "cloudsql.instances.get",
    "cloudsql.instances.listServerCas",
    "cloudsql.instances.update",
  ],
  "gcp:sql/user:User": ["cloudsql.users.create", "cloudsql.users.list", "cloudsql.users.update"],
  "gcp:storage/bucket:Bucket": [
    "storage.buckets.create",
    "storage.buckets.delete",
    "storage.buckets.get",
    "storage.buckets.update",
    "storage.objects.delete",
    "storage.objects.list",
  ],
  "gcp:storage/bucketIAMMember:BucketIAMMember": ["storage.buckets.getIamPolicy", "storage.buckets.setIamPolicy"],
};

/** What Google asks about the project, where the resource is not there yet. */
export const askedOfProject = ["storage.buckets.create"];
