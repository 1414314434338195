"""Add-ons."""

import json
import time
import uuid

from .state import Document, State, Thing, busy, invalid
from .versions import addon_version, addon_versions

_on_nodes = {"coredns", "aws-ebs-csi-driver"}


def describe_addon_versions(state: State, args: Document) -> Document:
    """The versions of an add-on, for one version of Kubernetes or for all."""
    name, version = args["addonName"], args.get("kubernetesVersion")
    found = [
        entry
        for entry in addon_versions(name)
        if version is None or entry["addonVersion"] == addon_version(name, version)
    ]
    return {"addons": [{"addonName": name, "type": "networking", "addonVersions": found}]}


def create_addon(state: State, args: Document) -> Document:
    """Makes an add-on; one whose pods need nodes is degraded without."""
    cluster, name = args["clusterName"], args["addonName"]
    control_plane = state.active_cluster(cluster)
    if (cluster, name) in state.addons:
        raise busy(f"Addon already exists: {name}")
    version = args.get("addonVersion", addon_version(name, control_plane["version"]))
    _check(state, args, version)
    if name in _on_nodes and not _has_nodes(state, cluster):
        state.journal.complain(f"the add-on {name} comes before any node, and is degraded")
    return {
        "addon": state.add(
            state.addons,
            (cluster, name),
            {
                "addonName": name,
                "clusterName": cluster,
                "addonVersion": version,
                "health": {"issues": []},
                "addonArn": state.arn(f"addon/{cluster}/{name}/{uuid.uuid4()}"),
                "createdAt": time.time(),
                "modifiedAt": time.time(),
                "tags": args.get("tags", {}),
                **{key: args[key] for key in ("serviceAccountRoleArn", "configurationValues") if key in args},
            },
        )
    }


def _has_nodes(state: State, cluster: str) -> bool:
    groups = [group.document for key, group in state.node_groups.items() if key[0] == cluster]
    return any(group["scalingConfig"]["desiredSize"] > 0 for group in groups)


def _check(state: State, args: Document, version: str) -> None:
    known = [entry["addonVersion"] for entry in addon_versions(args["addonName"])]
    if version not in known:
        raise invalid(f"Addon version specified is not supported: {version}; supported: {known}")
    if not isinstance(json.loads(args.get("configurationValues", "{}")), dict):
        raise invalid("ConfigurationValue provided in request is not an object")
    role = args.get("serviceAccountRoleArn")
    if role is not None and not state.role(role):
        state.journal.complain(f"the add-on {args['addonName']} starts before its role has a policy")


def _addon(state: State, args: Document) -> Thing:
    return state.part(state.addons, args["clusterName"], args["addonName"], "No addon: {} found in cluster")


def describe_addon(state: State, args: Document) -> Document:
    """An add-on as it is now."""
    return {"addon": _addon(state, args).shown()}


def update_addon(state: State, args: Document) -> Document:
    """Changes an add-on's version, role or settings."""
    addon = _addon(state, args).document
    _check(state, args, str(args.get("addonVersion", addon["addonVersion"])))
    for key in ("addonVersion", "serviceAccountRoleArn", "configurationValues"):
        if key in args:
            addon[key] = args[key]
    return state.update(args["clusterName"], "AddonUpdate")


def delete_addon(state: State, args: Document) -> Document:
    """Deletes an add-on."""
    _addon(state, args)
    return {"addon": state.remove(state.addons, (args["clusterName"], args["addonName"]))}
