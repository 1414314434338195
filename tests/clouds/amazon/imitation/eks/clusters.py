"""Clusters."""

import time
import uuid

from ..kubernetes.authority import made_up_authority
from ..security_groups import names_group
from .late_logs import write_late_events
from .state import Document, State, busy, invalid
from .versions import default_version, minor, versions

_changes = {
    "accessConfig": "AccessConfigUpdate",
    "deletionProtection": "DeletionProtectionUpdate",
    "logging": "LoggingUpdate",
    "resourcesVpcConfig": "VpcConfigUpdate",
    "upgradePolicy": "UpgradePolicyUpdate",
}


def create_cluster(state: State, args: Document) -> Document:
    """Makes a control plane and its security group."""
    name = args["name"]
    if (name,) in state.clusters:
        raise busy(f"Cluster already exists with name: {name}")
    if "AmazonEKSClusterPolicy" not in state.role(args["roleArn"]):
        state.journal.complain(f"the cluster {name} is made before its role may run it")
    for encryption in args.get("encryptionConfig", []):
        state.neighbours.kms.describe_key(encryption["provider"]["keyArn"].split("/")[-1])
    if args.get("version", default_version) not in versions:
        raise invalid(f"unsupported Kubernetes version {args['version']}")
    group = f"/aws/eks/{name}/cluster"
    if _logs(args) and group not in state.neighbours.logs.groups:
        state.journal.complain(f"EKS makes the log group {group} itself, without a retention")
    _entry_of_creator(state, args)
    return {"cluster": state.add(state.clusters, (name,), _document(state, args))}


def _document(state: State, args: Document) -> Document:
    name = args["name"]
    server, authority = state.settings.kubernetes_server, state.settings.kubernetes_authority
    network = args.get("kubernetesNetworkConfig", {})
    access = args.get("accessConfig", {})
    return {
        "name": name,
        "arn": state.arn(f"cluster/{name}"),
        "createdAt": time.time(),
        "version": args.get("version", default_version),
        "endpoint": server or state.api_servers.address(name),
        "roleArn": args["roleArn"],
        "platformVersion": "eks.1",
        "resourcesVpcConfig": _vpc(state, args),
        "kubernetesNetworkConfig": {
            "serviceIpv4Cidr": network.get("serviceIpv4Cidr", "172.20.0.0/16"),
            "ipFamily": "ipv4",
            "elasticLoadBalancing": {"enabled": False},
        },
        "logging": _logging(args.get("logging", {"clusterLogging": []})),
        "identity": {
            "oidc": {"issuer": f"https://oidc.eks.{state.region}.amazonaws.com/id/{uuid.uuid4().hex.upper()}"}
        },
        "certificateAuthority": {"data": authority or made_up_authority()},
        "encryptionConfig": args.get("encryptionConfig", []),
        "accessConfig": {"authenticationMode": access.get("authenticationMode", "CONFIG_MAP")},
        "upgradePolicy": args.get("upgradePolicy", {"supportType": "EXTENDED"}),
        "deletionProtection": args.get("deletionProtection", False),
        "tags": args.get("tags", {}),
    }


def _vpc(state: State, args: Document) -> Document:
    asked = args["resourcesVpcConfig"]
    subnets = [state.neighbours.subnet(subnet_id) for subnet_id in asked["subnetIds"]]
    if None in subnets or len({subnet.availability_zone for subnet in subnets}) < 2:
        raise invalid("Subnets specified must be in at least two different AZs")
    vpc_id = subnets[0].vpc_id
    group = state.neighbours.ec2.create_security_group(
        name=f"eks-cluster-sg-{args['name']}-{uuid.uuid4().hex[:9]}",
        description="EKS created security group",
        vpc_id=vpc_id,
    )
    return {
        "endpointPublicAccess": True,
        "endpointPrivateAccess": False,
        "securityGroupIds": [],
        "publicAccessCidrs": ["0.0.0.0/0"],
        **asked,
        "clusterSecurityGroupId": group.id,
        "vpcId": vpc_id,
    }


def _logs(args: Document) -> bool:
    return any(entry["enabled"] for entry in args.get("logging", {}).get("clusterLogging", []))


def _logging(asked: Document) -> Document:
    """EKS answers with both lists, the one that is switched on first."""
    enabled = [kind for entry in asked["clusterLogging"] if entry["enabled"] for kind in entry["types"]]
    kinds = ["api", "audit", "authenticator", "controllerManager", "scheduler"]
    rest = [kind for kind in kinds if kind not in enabled]
    listed = [{"types": enabled, "enabled": True}, {"types": rest, "enabled": False}]
    return {"clusterLogging": [entry for entry in listed if entry["types"]]}


def _entry_of_creator(state: State, args: Document) -> None:
    if args.get("accessConfig", {}).get("bootstrapClusterCreatorAdminPermissions", True):
        principal = "arn:aws:iam::123456789012:user/deployer"
        state.entries[(args["name"], principal)] = {
            "clusterName": args["name"],
            "principalArn": principal,
            "policies": [],
        }


def describe_cluster(state: State, args: Document) -> Document:
    """A cluster as it is now."""
    return {"cluster": state.cluster(args["name"]).shown()}


def update_cluster_config(state: State, args: Document) -> Document:
    """Changes one kind of setting."""
    cluster = state.active_cluster(args["name"])
    kinds = [key for key in args if key in _changes]
    if len(kinds) != 1:
        raise invalid(f"Only one type of update can be allowed: {kinds}")
    (kind,) = kinds
    if kind == "resourcesVpcConfig":
        cluster[kind].update(args[kind])
    elif kind == "logging":
        cluster[kind] = _logging(args[kind])
    else:
        cluster[kind] = args[kind]
    return state.update(args["name"], _changes[kind])


def update_cluster_version(state: State, args: Document) -> Document:
    """Goes up one version of Kubernetes."""
    cluster = state.active_cluster(args["name"])
    asked, current = args["version"], cluster["version"]
    if asked not in versions or minor(asked) != minor(current) + 1:
        raise invalid(f"Unsupported Kubernetes minor version update from {current} to {asked}")
    behind = [key for key, group in state.node_groups.items() if minor(group.document["version"]) < minor(current)]
    if behind:
        raise invalid(f"Nodegroups {behind} must be updated to match cluster version {current} before")
    cluster["version"] = asked
    return state.update(args["name"], "VersionUpdate")


def describe_update(state: State, args: Document) -> Document:
    """An update of a cluster, a group of nodes or an add-on."""
    document, until = state.updates[args["updateId"]]
    status = "InProgress" if time.monotonic() < until else "Successful"
    return {"update": {**{key: value for key, value in document.items() if key != "clusterName"}, "status": status}}


def delete_cluster(state: State, args: Document) -> Document:
    """Deletes a control plane, which writes its last events when it is gone."""
    name = args["name"]
    cluster = state.cluster(name).document
    if cluster["deletionProtection"]:
        raise invalid(f"Cluster {name} has deletion protection enabled")
    if any(key[0] == name for key in state.node_groups):
        raise busy("Cluster has nodegroups attached")
    group = cluster["resourcesVpcConfig"]["clusterSecurityGroupId"]

    def gone() -> None:
        for key in [key for key in state.addons if key[0] == name]:
            state.journal.complain(f"the add-on {key[1]} goes only with its cluster {name}")
            del state.addons[key]
        for entry in [key for key in state.entries if key[0] == name]:
            del state.entries[entry]
        state.api_servers.forget(name)
        _delete_group(state, group)
        if _logs(cluster):
            write_late_events(state, name)

    return {"cluster": state.remove(state.clusters, (name,), gone)}


def _delete_group(state: State, group_id: str) -> None:
    ec2 = state.neighbours.ec2
    users = [group.id for groups in ec2.groups.values() for group in groups.values() if names_group(group, group_id)]
    if users:
        state.journal.complain(f"EKS cannot delete the cluster's security group, which {users} refer to")
        return
    ec2.delete_security_group(group_id=group_id)
