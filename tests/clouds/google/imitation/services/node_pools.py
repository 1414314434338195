"""GKE's node pools."""

import copy

from ..discovery import Json
from ..state import Call, Refused, State, merge, relative

CONFIG: Json = {
    "machineType": "e2-medium",
    "diskSizeGb": 100,
    "diskType": "pd-balanced",
    "imageType": "COS_CONTAINERD",
    "oauthScopes": [
        "https://www.googleapis.com/auth/devstorage.read_only",
        "https://www.googleapis.com/auth/logging.write",
    ],
    "serviceAccount": "default",
    "metadata": {"disable-legacy-endpoints": "true"},
    "effectiveCgroupMode": "EFFECTIVE_CGROUP_MODE_V2",
    "windowsNodeConfig": {},
    "resourceLabels": {"goog-gke-node-pool-provisioning-model": "on-demand"},
    "workloadMetadataConfig": {"mode": "GKE_METADATA"},
    "loggingConfig": {"variantConfig": {"variant": "DEFAULT"}},
}
# Fields that an update of a pool sends beside those of its nodes.
OF_POOL = ("locations", "upgradeSettings", "nodeNetworkConfig", "queuedProvisioning")
# Fields that an update wraps in an object, and what they are called in it.
WRAPPED = {"labels": "labels", "resourceLabels": "labels", "taints": "taints", "tags": "tags"}


def node_pools(state: State, call: Call, cluster: str) -> Json | str:
    """The answer, or the path of what an operation changes."""
    action = call.method.action
    if action == "list":
        return {"nodePools": [state.resources[key] for key in state.below(f"{cluster}/nodePools/")]}
    if action == "get":
        return state.at(call.path)
    if action == "create":
        return _create(state, call, cluster)
    if action == "delete":
        state.remove(call.path)
        return call.path
    path = call.path.split(":")[0]
    made = state.at(path)
    if action == "setSize":
        made["initialNodeCount"] = call.body["nodeCount"]
    elif action == "setManagement":
        made["management"] = call.body["management"]
    elif action == "setAutoscaling":
        made["autoscaling"] = call.body["autoscaling"]
    elif action == "update":
        _update(made, call.body)
    else:
        raise call.unknown()
    return path


def pool(state: State, cluster: Json, given: Json, parent: str) -> Json:
    """A pool as Google answers it."""
    project = relative(parent).split("/locations")[0]
    zones = given.get("locations") or cluster["locations"]
    groups = f"https://www.googleapis.com/compute/v1/{project}/zones"
    made = {
        "status": "RUNNING",
        "version": cluster["currentMasterVersion"],
        "etag": "e",
        "podIpv4CidrSize": 24,
        "locations": zones,
        "maxPodsConstraint": {"maxPodsPerNode": "110"},
        "management": {"autoUpgrade": True, "autoRepair": True},
        "upgradeSettings": {"maxSurge": 1, "strategy": "SURGE"},
        "networkConfig": {
            "podRange": "pods",
            "podIpv4CidrBlock": "10.20.0.0/16",
            "enablePrivateNodes": True,
            "subnetwork": relative(cluster.get("networkConfig", {}).get("subnetwork", "")),
        },
        "instanceGroupUrls": [f"{groups}/{zone}/instanceGroupManagers/gke-{given['name']}" for zone in zones],
        "selfLink": f"{state.url}/container/{parent}/nodePools/{given['name']}",
    }
    merge(made, {key: value for key, value in copy.deepcopy(given).items() if key != "config"})
    config = {key: value for key, value in given.get("config", {}).items() if value not in (None, [], {})}
    made["config"] = merge(copy.deepcopy(CONFIG), copy.deepcopy(config))
    made["config"]["bootDisk"] = {
        "diskType": made["config"]["diskType"],
        "sizeGb": str(made["config"]["diskSizeGb"]),
    }
    made["initialNodeCount"] = given.get("initialNodeCount", 0)
    return made


def _create(state: State, call: Call, cluster: str) -> str:
    given = call.body["nodePool"]
    region = "-".join(call.path.split("/")[4].split("-")[:2])
    for zone in given.get("locations", []):
        if not zone.startswith(region):
            raise Refused(400, f"{zone} is not a zone of {region}")
    account = given.get("config", {}).get("serviceAccount")
    if account and not state.has_account(account):
        raise Refused(400, f"Service account {account} does not exist")
    target = f"{cluster}/nodePools/{given['name']}"
    state.add(target, pool(state, state.at(cluster), given, cluster))
    return target


def _update(made: Json, body: Json) -> None:
    for field, value in body.items():
        if field in ("name", "clusterId", "projectId", "zone", "nodePoolId"):
            continue
        if field == "nodeVersion":
            made["version"] = value
        elif field in OF_POOL:
            made[field] = value
        else:
            made["config"][field] = value[WRAPPED[field]] if field in WRAPPED else value
    config = made["config"]
    config["bootDisk"] = {"diskType": config["diskType"], "sizeGb": str(config["diskSizeGb"])}
