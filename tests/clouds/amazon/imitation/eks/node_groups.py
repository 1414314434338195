"""Groups of nodes."""

import time
import uuid

from .state import Document, State, Thing, busy, invalid
from .versions import linux_release, minor

_joined = {"AmazonEKSWorkerNodePolicy", "AmazonEC2ContainerRegistryPullOnly"}
_not_in_template = ("IamInstanceProfile", "HibernationOptions", "InstanceMarketOptions")


def create_node_group(state: State, args: Document) -> Document:
    """Makes a group, whose nodes join only where their network and their role are ready."""
    cluster, name = args["clusterName"], args["nodegroupName"]
    control_plane = state.active_cluster(cluster)
    key = (cluster, name)
    if key in state.node_groups:
        raise busy(f"NodeGroup already exists with name {name} and cluster name {cluster}")
    missing = _joined - set(state.role(args["nodeRole"]))
    if missing:
        state.journal.complain(f"the nodes of {name} start before their role has {sorted(missing)}")
    for addon in ("vpc-cni", "kube-proxy"):
        if (cluster, addon) not in state.addons:
            state.journal.complain(f"the nodes of {name} start before {addon}")
    _check_way_out(state, args)
    version = str(args.get("version", control_plane["version"]))
    _check_version(control_plane["version"], version, args.get("releaseVersion"), args["amiType"])
    template = _template(state, args["launchTemplate"])
    release = args.get("releaseVersion", linux_release(version))
    return {
        "nodegroup": state.add(
            state.node_groups,
            key,
            {
                "nodegroupName": name,
                "nodegroupArn": state.arn(f"nodegroup/{cluster}/{name}/{uuid.uuid4()}"),
                "clusterName": cluster,
                "version": version,
                "releaseVersion": release,
                "createdAt": time.time(),
                "modifiedAt": time.time(),
                "capacityType": args.get("capacityType", "ON_DEMAND"),
                "scalingConfig": args["scalingConfig"],
                "instanceTypes": args["instanceTypes"],
                "subnets": args["subnets"],
                "amiType": args["amiType"],
                "nodeRole": args["nodeRole"],
                "labels": args.get("labels", {}),
                "taints": args.get("taints", []),
                "resources": {"autoScalingGroups": [{"name": f"eks-{name}-{uuid.uuid4()}"}]},
                "health": {"issues": []},
                "updateConfig": args.get("updateConfig", {"maxUnavailable": 1}),
                "nodeRepairConfig": args.get("nodeRepairConfig", {"enabled": False}),
                "launchTemplate": template,
                "tags": args.get("tags", {}),
            },
        )
    }


def _check_way_out(state: State, args: Document) -> None:
    for table in state.neighbours.ec2.route_tables.values():
        serves = any(one.get("SubnetId") in args["subnets"] for one in table.associations)
        if serves and not any(route.destination_cidr_block == "0.0.0.0/0" for route in table.routes):
            state.journal.complain(f"the nodes of {args['nodegroupName']} have no way out to join")


def _check_version(cluster: str, version: str, release: str | None, system: str) -> None:
    if minor(version) > minor(cluster):
        raise invalid(f"Nodegroup version {version} cannot be newer than the cluster's {cluster}")
    if release is not None and system.startswith("AL2023") and not release.startswith(f"{version}."):
        raise invalid(f"Requested release version {release} is not valid for kubernetes version {version}.")


def _template(state: State, asked: Document) -> Document:
    found = next(
        (
            template
            for template in state.neighbours.ec2.launch_templates.values()
            if asked.get("id") == template.id or asked.get("name") == template.name
        ),
        None,
    )
    if found is None:
        raise invalid(f"The launch template {asked} does not exist")
    data = found.get_version(int(asked["version"])).data
    refused_keys = [key for key in _not_in_template if data.get(key)]
    if refused_keys:
        raise invalid(f"Launch template should not specify {refused_keys}")
    return {"id": found.id, "name": found.name, "version": asked["version"]}


def _group(state: State, args: Document) -> Thing:
    return state.part(
        state.node_groups, args["clusterName"], args["nodegroupName"], "No node group found for name: {}."
    )


def describe_node_group(state: State, args: Document) -> Document:
    """A group as it is now."""
    return {"nodegroup": _group(state, args).shown()}


def update_node_group_config(state: State, args: Document) -> Document:
    """Changes what a group does without new machines."""
    group = _group(state, args).document
    for key in ("scalingConfig", "updateConfig", "nodeRepairConfig"):
        group[key] = {**group[key], **args.get(key, {})}
    if group["scalingConfig"]["desiredSize"] < group["scalingConfig"]["minSize"]:
        raise invalid("Minimum capacity can't be greater than desired size")
    labels, taints = args.get("labels", {}), args.get("taints", {})
    kept = {key: value for key, value in group["labels"].items() if key not in labels.get("removeLabels", [])}
    group["labels"] = {**kept, **labels.get("addOrUpdateLabels", {})}
    gone = [taint["key"] for taint in [*taints.get("removeTaints", []), *taints.get("addOrUpdateTaints", [])]]
    group["taints"] = [taint for taint in group["taints"] if taint["key"] not in gone] + taints.get(
        "addOrUpdateTaints", []
    )
    return state.update(args["clusterName"], "ConfigUpdate")


def update_node_group_version(state: State, args: Document) -> Document:
    """Replaces a group's machines, for a version of Kubernetes, an image or a launch template."""
    group = _group(state, args).document
    version = str(args.get("version", group["version"]))
    cluster: str = state.cluster(args["clusterName"]).document["version"]
    _check_version(cluster, version, args.get("releaseVersion"), group["amiType"])
    if "launchTemplate" in args:
        group["launchTemplate"] = _template(state, args["launchTemplate"])
    if "version" in args or "releaseVersion" in args:
        group["releaseVersion"] = args.get("releaseVersion", linux_release(version))
    group["version"] = version
    return state.update(args["clusterName"], "VersionUpdate")


def delete_node_group(state: State, args: Document) -> Document:
    """Deletes a group and its machines."""
    _group(state, args)
    return {"nodegroup": state.remove(state.node_groups, (args["clusterName"], args["nodegroupName"]))}
