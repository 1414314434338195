"""GKE: clusters, and the operations of both clusters and node pools."""

import base64
import copy
import re

from ..discovery import Json
from ..state import NUMBER, Call, Refused, State, merge, number, relative
from .node_pools import node_pools, pool

# What a version of the configuration is resolved to.
VERSIONS = ("1.35.3-gke.1200", "1.36.1-gke.1500", "1.37.0-gke.1100")
# What the control plane's answers have where nothing was asked.
DEFAULTS: Json = {
    "status": "RUNNING",
    "etag": "e",
    "servicesIpv4Cidr": "10.30.0.0/20",
    "clusterIpv4Cidr": "10.20.0.0/16",
    "labelFingerprint": "a9dc16a7",
    "loggingService": "logging.googleapis.com/kubernetes",
    "monitoringService": "monitoring.googleapis.com/kubernetes",
    "databaseEncryption": {"state": "DECRYPTED", "currentState": "CURRENT_STATE_DECRYPTED"},
    "shieldedNodes": {"enabled": True},
    "notificationConfig": {"pubsub": {}},
    "defaultMaxPodsConstraint": {"maxPodsPerNode": "110"},
    "securityPostureConfig": {"mode": "BASIC", "vulnerabilityMode": "VULNERABILITY_MODE_UNSPECIFIED"},
    "enterpriseConfig": {"clusterTier": "STANDARD"},
    "networkConfig": {
        "datapathProvider": "ADVANCED_DATAPATH",
        "serviceExternalIpsConfig": {},
        "gatewayApiConfig": {"channel": "CHANNEL_STANDARD"},
        "defaultEnablePrivateNodes": True,
    },
    "rbacBindingConfig": {
        "enableInsecureBindingSystemUnauthenticated": True,
        "enableInsecureBindingSystemAuthenticated": True,
    },
    "nodePoolDefaults": {
        "nodeConfigDefaults": {
            "loggingConfig": {"variantConfig": {"variant": "DEFAULT"}},
            "nodeKubeletConfig": {"insecureKubeletReadonlyPortEnabled": True},
        }
    },
    "autoscaling": {"autoscalingProfile": "BALANCED"},
    "verticalPodAutoscaling": {"enabled": True},
    "userManagedKeysConfig": {},
    "anonymousAuthenticationConfig": {"mode": "ENABLED"},
    "secretManagerConfig": {"enabled": False},
    "addonsConfig": {
        "gcePersistentDiskCsiDriverConfig": {"enabled": True},
        "kubernetesDashboard": {"disabled": True},
        "networkPolicyConfig": {"disabled": True},
    },
    "monitoringConfig": {"advancedDatapathObservabilityConfig": {}},
    "privateClusterConfig": {"enablePrivateNodes": True, "privateEndpoint": "10.10.0.2"},
    "createTime": "2026-11-30T00:00:00+00:00",
}


def container(state: State, call: Call) -> Json:
    if call.method.kind == "operations":
        return _operation(state, call)
    if call.method.action == "getServerConfig":
        channel = {"channel": "REGULAR", "defaultVersion": VERSIONS[0], "validVersions": list(VERSIONS)}
        valid = {"validMasterVersions": list(VERSIONS), "validNodeVersions": list(VERSIONS)}
        return {"defaultClusterVersion": VERSIONS[0], **valid, "channels": [channel]}
    if call.method.id.endswith("clusters.create"):
        return _create(state, call)
    found = re.match(r"(.*/clusters/[^/:]+)", call.path)
    path = found[1] if found else ""
    state.at(path)
    if call.method.kind == "nodePools":
        target = node_pools(state, call, path)
        return target if isinstance(target, dict) else started(state, call, target)
    if call.method.action == "get":
        return _answer(state, path)
    if call.method.action == "delete":
        for key in state.below(path):
            state.remove(key)
        return started(state, call, path)
    _change(state, call, path)
    return started(state, call, path)


def started(state: State, call: Call, target: str) -> Json:
    """The operation that a change is."""
    found = re.match(r"v1beta1/(projects/[^/]+/locations/[^/]+)", call.path)
    scope = found[1] if found else ""
    name = f"operation-{number(target + call.method.id)[:12]}"
    state.start(name)
    return {
        "name": name,
        "status": "RUNNING" if state.is_running(name) else "DONE",
        "operationType": "UPDATE_CLUSTER",
        "selfLink": f"{state.url}/container/v1beta1/{scope}/operations/{name}",
        "targetLink": f"{state.url}/container/{target}",
    }


def _operation(state: State, call: Call) -> Json:
    name = call.path.split("/")[-1]
    status = "RUNNING" if state.is_running(name) else "DONE"
    return {"name": name, "status": status, "selfLink": f"{state.url}/container/{call.path}"}


def _create(state: State, call: Call) -> Json:
    given = {key: value for key, value in copy.deepcopy(call.body["cluster"]).items() if value is not None}
    target = f"{call.path}/{given['name']}"
    account = given.get("nodeConfig", {}).get("serviceAccount")
    if account and not state.has_account(account):
        raise Refused(400, f"Service account {account} does not exist")
    for field in ("network", "subnetwork"):
        if f"compute/beta/{relative(given.get(field, ''))}" not in state.resources:
            raise Refused(400, f"{field} {given.get(field)} not found")
    made = state.add(target, _made(state, target, given))
    pools = given.get("nodePools") or [
        {
            "name": "default-pool",
            "initialNodeCount": given.get("initialNodeCount", 3),
            "config": given.get("nodeConfig", {}),
        }
    ]
    for one in pools:
        state.add(f"{target}/nodePools/{one['name']}", pool(state, made, one, target))
    return started(state, call, target)


def _made(state: State, path: str, given: Json) -> Json:
    location, version = path.split("/")[4], resolved(given.get("initialClusterVersion", ""))
    made = merge(copy.deepcopy(DEFAULTS), {key: value for key, value in given.items() if key != "nodePools"})
    made |= {
        "location": location,
        "locations": given.get("locations") or zones_of(location),
        "id": number(path),
        "initialClusterVersion": version,
        "currentMasterVersion": version,
        "currentNodeVersion": version,
        "selfLink": f"{state.url}/container/{path}",
        "masterAuth": {"clusterCaCertificate": base64.b64encode(b"ca").decode()},
    }
    made["networkConfig"] |= {"network": relative(given["network"]), "subnetwork": relative(given["subnetwork"])}
    made["network"], made["subnetwork"] = given["network"].split("/")[-1], given["subnetwork"].split("/")[-1]
    _reached(state, path, made)
    window = made.get("maintenancePolicy", {}).get("window", {}).get("dailyMaintenanceWindow")
    if window:
        window["duration"] = "PT4H0M0S"
        made["maintenancePolicy"]["resourceVersion"] = "b2"
    return made


def zones_of(location: str) -> list[str]:
    """The zones of a regional cluster, or the zone of another."""
    return [location] if location.count("-") > 1 else [f"{location}-{zone}" for zone in "abc"]


def _reached(state: State, path: str, made: Json) -> None:
    """How the control plane is reached: by its name, and by its address where there is one."""
    ends = made.setdefault("controlPlaneEndpointsConfig", {})
    name = state.control_plane or f"gke-{number(path)[:12]}-{NUMBER}.{made['location']}.gke.goog"
    ends.setdefault("dnsEndpointConfig", {})["endpoint"] = name
    ip = ends.setdefault("ipEndpointsConfig", {"enabled": True, "enablePublicEndpoint": True})
    if ip.get("enabled"):
        ip |= {"publicEndpoint": "198.51.100.4", "privateEndpoint": "10.10.0.2"}
    # Without an address, `enablePublicEndpoint` is false and left out.
    made["endpoint"] = ip["publicEndpoint"] if ip.get("enabled") else name


def resolved(version: str) -> str:
    """The version that a beginning of one stands for."""
    if version in ("", "-", "latest"):
        return VERSIONS[0]
    found = next((one for one in reversed(VERSIONS) if one == version or one.startswith(f"{version}.")), None)
    if found is None:
        raise Refused(400, f'Master version "{version}" is unsupported.')
    return found


def _answer(state: State, path: str) -> Json:
    answer = copy.deepcopy(state.at(path))
    answer["nodePools"] = [state.resources[key] for key in state.below(f"{path}/nodePools/")]
    if answer["nodePools"]:
        answer["nodeConfig"] = answer["nodePools"][0]["config"]
        answer["instanceGroupUrls"] = [url for one in answer["nodePools"] for url in one["instanceGroupUrls"]]
    return answer


def _change(state: State, call: Call, path: str) -> None:
    """Takes over a wish: `desiredLocations` are `locations`."""
    cluster = state.at(path)
    if call.method.action == "setResourceLabels":
        cluster["resourceLabels"] = call.body["resourceLabels"]
        return
    if call.method.action == "setMaintenancePolicy":
        cluster["maintenancePolicy"] = merge(call.body["maintenancePolicy"], {"resourceVersion": "b3"})
        return
    if call.method.action != "update":
        raise call.unknown()
    wishes = dict(call.body["update"])
    name, scaling = wishes.pop("desiredNodePoolId", None), wishes.pop("desiredNodePoolAutoscaling", None)
    if scaling is not None:
        state.at(f"{path}/nodePools/{name}")["autoscaling"] = scaling
    version = wishes.pop("desiredMasterVersion", None)
    if version is not None:
        cluster["currentMasterVersion"] = resolved(version)
    for wish, value in wishes.items():
        field = wish.removeprefix("desired")
        merge(cluster, {f"{field[0].lower()}{field[1:]}": value})
    _reached(state, path, cluster)
