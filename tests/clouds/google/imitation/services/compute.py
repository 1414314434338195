"""Compute Engine: networks, subnetworks, routers with their NAT, addresses, forwarding rules, TLS policies."""

import re
from collections.abc import Callable

from ..discovery import Json
from ..state import NUMBER, Call, Refused, State, number, relative, texts

KINDS = (
    *("addresses", "forwardingRules", "globalAddresses", "networks", "routers"),
    *("securityPolicies", "sslPolicies", "subnetworks"),
)
# Fields by which one resource holds another.
HOLDS = ("network", "subnetwork", "router", "networkUrl", "privateNetwork", "IPAddress")
# Ranges of addresses that the imitation gives out of a subnetwork, and on the internet: of the documentation's own.
INTERNAL, EXTERNAL = "10.40.0.2", "203.0.113.7"


def compute(state: State, call: Call) -> Json:
    if call.method.kind.endswith("Operations"):
        return _operation(state, call)
    if call.method.kind == "instanceGroupManagers" and call.method.action == "list":
        return {"items": _groups(state, call)}
    if call.method.kind == "regions":
        return _regions(call)
    handlers: dict[str, Callable[[State, Call], Json]] = {
        "insert": _insert,
        "get": lambda state, call: state.at(call.path),
        "list": lambda state, call: {"items": [state.resources[key] for key in state.below(f"{call.path}/")]},
        "patch": _patch,
        "update": _patch,
        "setLabels": _set_labels,
        "setTarget": _set_target,
        "removePeering": _remove_peering,
        "delete": _delete,
    }
    handler = handlers.get(call.method.action)
    if call.method.kind not in KINDS or handler is None:
        raise call.unknown()
    return handler(state, call)


def _started(state: State, path: str, target: str, kind: str) -> Json:
    """The operation that a change is; it runs below the scope of what it changes."""
    found = re.match(r"compute/beta/(projects/[^/]+/(?:global|regions/[^/]+|zones/[^/]+))", path)
    scope = found[1] if found else ""
    name = f"operation-{number(target + kind)[:12]}"
    state.start(name)
    region = {"region": f"{state.url}/compute/beta/{scope}"} if "/regions/" in scope else {}
    return {
        "kind": "compute#operation",
        "id": number(name),
        "name": name,
        "status": "RUNNING" if state.is_running(name) else "DONE",
        "progress": 100,
        "operationType": kind,
        "targetLink": f"{state.url}/{target}",
        "targetId": number(target),
        "selfLink": f"{state.url}/compute/beta/{scope}/operations/{name}",
        **region,
    }


def _operation(state: State, call: Call) -> Json:
    name = call.path.removesuffix("/wait").split("/")[-1]
    status = "RUNNING" if state.is_running(name) else "DONE"
    link = f"{state.url}/{call.path}"
    return {"kind": "compute#operation", "name": name, "status": status, "selfLink": link, "targetLink": link}


def _regions(call: Call) -> Json:
    if call.method.action == "list":
        return {"items": [{"name": "us-central1"}, {"name": "europe-west4"}]}
    return {"name": call.path.split("/")[-1], "zones": []}


def _groups(state: State, call: Call) -> list[Json]:
    """The groups of a zone's machines, which the node pools name."""
    where = relative(call.path)
    links = [url for one in state.resources.values() for url in one.get("instanceGroupUrls", [])]
    return [{"name": link.split("/")[-1], "selfLink": link} for link in links if relative(link).startswith(f"{where}/")]


def _insert(state: State, call: Call) -> Json:
    target = f"{call.path}/{call.body['name']}"
    for link in texts(call.body, ("network", "subnetwork", "router", "IPAddress")):
        if "projects/" in link and f"compute/beta/{relative(link)}" not in state.resources:
            raise Refused(400, f"The resource '{link}' was not found")
    made = {
        **call.body,
        "id": number(target),
        "selfLink": f"{state.url}/{target}",
        "creationTimestamp": "2026-11-30T00:00:00.000-08:00",
        "kind": f"compute#{call.method.kind.removesuffix('s')}",
        "fingerprint": "Zm9v",
        "labelFingerprint": "Zm9v",
    }
    for field in ("network", "subnetwork"):
        if isinstance(made.get(field), str):
            made[field] = f"https://www.googleapis.com/compute/beta/{relative(made[field])}"
    state.add(target, {**made, **_added(state, call, made)})
    return _started(state, call.path, target, "insert")


def _added(state: State, call: Call, made: Json) -> Json:
    """What Google adds to a resource of a kind."""
    region = f"{state.url}/{'/'.join(call.path.split('/')[:6])}"
    kinds: dict[str, Json] = {
        "networks": {
            "mtu": made.get("mtu") or 1460,
            "routingConfig": made.get("routingConfig") or {"routingMode": "REGIONAL"},
            "networkFirewallPolicyEnforcementOrder": "AFTER_CLASSIC_FIREWALL",
        },
        "subnetworks": {
            "gatewayAddress": "10.10.0.1",
            "purpose": made.get("purpose") or "PRIVATE",
            "stackType": "IPV4_ONLY",
            "privateIpv6GoogleAccess": "DISABLE_GOOGLE_ACCESS",
            "region": region,
        },
        "routers": {"region": region, "encryptedInterconnectRouter": False},
        "globalAddresses": {
            "status": "RESERVED",
            "address": made.get("address") or EXTERNAL,
            "networkTier": "PREMIUM",
            "ipVersion": made.get("ipVersion") or "IPV4",
        },
        "addresses": {
            "status": "RESERVED",
            "address": made.get("address") or INTERNAL,
            "networkTier": "PREMIUM",
            "purpose": made.get("purpose") or "GCE_ENDPOINT",
            "region": region,
        },
        "forwardingRules": {"region": region, **_rule(state, made)},
    }
    return kinds.get(call.method.kind, {})


def _rule(state: State, made: Json) -> Json:
    """An endpoint of Private Service Connect, which the other side accepts at once."""
    link = f"compute/beta/{relative(made.get('IPAddress', ''))}"
    address = state.resources.get(link, {}).get("address", made.get("IPAddress"))
    return {
        "IPAddress": address,
        "address": made.get("IPAddress"),
        "networkTier": "PREMIUM",
        "pscConnectionId": number(made["name"]),
        "pscConnectionStatus": "ACCEPTED",
        "fingerprint": "Zm9v",
    }


def _patch(state: State, call: Call) -> Json:
    resource = state.at(call.path)
    body = dict(call.body)
    if call.method.kind == "routers":
        # The list of a router's NATs is sent whole.
        added = {"type": "PUBLIC", "endpointTypes": ["ENDPOINT_TYPE_VM"], "autoNetworkTier": "PREMIUM"}
        resource["nats"] = [{**added, **one} for one in body.pop("nats", resource.get("nats", []))]
    resource.update(body)
    return _started(state, call.path, call.path, "patch")


def _set_labels(state: State, call: Call) -> Json:
    state.at(call.parent)["labels"] = call.body.get("labels", {})
    return _started(state, call.path, call.parent, "setLabels")


def _set_target(state: State, call: Call) -> Json:
    state.at(call.parent)["target"] = call.body["target"]
    return _started(state, call.path, call.parent, "setTarget")


def _remove_peering(state: State, call: Call) -> Json:
    network = state.at(call.parent)
    network["peerings"] = [one for one in network.get("peerings", []) if one["name"] != call.body["name"]]
    return _started(state, call.path, call.parent, "removePeering")


def _delete(state: State, call: Call) -> Json:
    resource, kind = state.at(call.path), call.method.kind.removesuffix("s")
    peerings = [f"peering {one['name']}" for one in resource.get("peerings", [])]
    holders = [*state.users_of(call.path, *HOLDS), *peerings, *_rules_of(state, call.path, resource)]
    if holders:
        message = f"The {kind} resource '{relative(call.path)}' is already being used by '{relative(holders[0])}'"
        raise Refused(400, message, "resourceInUseByAnotherResource")
    state.remove(call.path)
    return _started(state, call.path, call.path, "delete")


def _rules_of(state: State, path: str, resource: Json) -> list[str]:
    """Forwarding rules of an address, which they name by its number."""
    if "/addresses/" not in path:
        return []
    return [key for key in state.below("compute/") if "/forwardingRules/" in key and _points_at(state, key, resource)]


def _points_at(state: State, rule: str, address: Json) -> bool:
    return bool(state.resources[rule].get("IPAddress") == address.get("address"))


def network_of(state: State, link: str) -> str:
    """The path of a network that another API names with the project's number."""
    name = link.split("/")[-1]
    found = next((key for key in state.resources if key.endswith(f"/global/networks/{name}")), None)
    if found is None:
        raise Refused(404, f"network {name} of project {NUMBER} not found", "NOT_FOUND")
    return found
