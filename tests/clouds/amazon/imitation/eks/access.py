"""Access entries: who may do what in a cluster."""

import time
import uuid

from ..refusal import refused
from .state import Document, State, busy


def create_access_entry(state: State, args: Document) -> Document:
    """Lets a principal in, which has no entry yet; the one that made the cluster has."""
    cluster, principal = args["clusterName"], args["principalArn"]
    state.cluster(cluster)
    if (cluster, principal) in state.entries:
        raise busy("The specified access entry resource is already in use on this cluster.")
    entry = {
        "clusterName": cluster,
        "principalArn": principal,
        "kubernetesGroups": args.get("kubernetesGroups", []),
        "accessEntryArn": state.arn(f"access-entry/{cluster}/{principal.split(':')[-1]}/{uuid.uuid4()}"),
        "createdAt": time.time(),
        "modifiedAt": time.time(),
        "tags": args.get("tags", {}),
        "username": args.get("username", principal),
        "type": args.get("type", "STANDARD"),
        "policies": [],
    }
    state.entries[(cluster, principal)] = entry
    return {"accessEntry": _shown(entry)}


def _shown(entry: Document) -> Document:
    return {key: value for key, value in entry.items() if key != "policies"}


def _entry(state: State, args: Document) -> Document:
    state.cluster(args["clusterName"])
    found = state.entries.get((args["clusterName"], args["principalArn"]))
    if found is None:
        raise refused("ResourceNotFoundException", "The specified principalArn could not be found", 404)
    return found


def describe_access_entry(state: State, args: Document) -> Document:
    """An entry."""
    return {"accessEntry": _shown(_entry(state, args))}


def delete_access_entry(state: State, args: Document) -> Document:
    """Deletes an entry with its policies."""
    _entry(state, args)
    del state.entries[(args["clusterName"], args["principalArn"])]
    return {}


def associate_access_policy(state: State, args: Document) -> Document:
    """Gives an entry one of EKS's policies."""
    policy = {
        "policyArn": args["policyArn"],
        "accessScope": args["accessScope"],
        "associatedAt": time.time(),
        "modifiedAt": time.time(),
    }
    _entry(state, args)["policies"].append(policy)
    principal = {"clusterName": args["clusterName"], "principalArn": args["principalArn"]}
    return {**principal, "associatedAccessPolicy": policy}


def list_associated_access_policies(state: State, args: Document) -> Document:
    """The policies of an entry."""
    principal = {"clusterName": args["clusterName"], "principalArn": args["principalArn"]}
    return {**principal, "associatedAccessPolicies": _entry(state, args)["policies"]}


def disassociate_access_policy(state: State, args: Document) -> Document:
    """Takes a policy from an entry."""
    entry = _entry(state, args)
    entry["policies"] = [policy for policy in entry["policies"] if policy["policyArn"] != args["policyArn"]]
    return {}
