"""Service Networking: the peering by which Google's own network reaches one of the project's."""

from ..discovery import Json
from ..state import Call, Refused, State, relative
from .compute import network_of

PEERING = "servicenetworking-googleapis-com"
HELD = (
    "Failed to delete connection; "
    "Producer services (e.g. CloudSQL, Cloud Memstore, etc.) are still using this connection."
)


def service_networking(state: State, call: Call) -> Json:
    action = call.method.action
    if call.method.kind == "operations":
        return {"name": call.path.removeprefix("v1/"), "done": True, "response": {"@type": "x"}}
    if action == "create":
        return _connect(state, call)
    if action == "list":
        paths = state.below("v1/services/servicenetworking")
        # A project has a number, too: a network is the same by either.
        asked = (call.first("network") or "").split("/")[-1]
        return {"connections": [state.resources[path] for path in paths if path.split("/")[-1] == asked]}
    if action in ("deleteConnection", "delete"):
        network = network_of(state, call.body["consumerNetwork"])
        if relative(network) in state.clung:
            return {"name": "operations/pssn.2", "done": True, "error": {"code": 9, "message": HELD}}
        state.at(network)["peerings"] = []
        state.remove(_path(call.body["consumerNetwork"]))
        return {"name": "operations/pssn.3", "done": True, "response": {"@type": "x"}}
    raise call.unknown()


def _connect(state: State, call: Call) -> Json:
    network = state.at(network_of(state, call.body["network"]))
    for name in call.body["reservedPeeringRanges"]:
        if not any(path.endswith(f"/addresses/{name}") for path in state.resources):
            raise Refused(400, f"range {name} not found")
    link = "https://www.googleapis.com/compute/beta/projects/x-tp/global/networks/servicenetworking"
    network.setdefault("peerings", []).append({"name": PEERING, "state": "ACTIVE", "network": link})
    service = {"peering": PEERING, "service": "services/servicenetworking.googleapis.com"}
    state.add(_path(call.body["network"]), {**call.body, **service})
    return {"name": "operations/pssn.1", "done": True, "response": {"@type": "x"}}


def _path(network: str) -> str:
    return f"v1/services/servicenetworking.googleapis.com/connections/{network}"
