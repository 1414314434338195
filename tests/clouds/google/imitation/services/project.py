"""What a project is, and which of Google's services are on in it: Resource Manager and Service Usage."""

from ..discovery import Json
from ..state import NUMBER, Call, State
from .policies import policy


def resource_manager(state: State, call: Call) -> Json:
    if call.method.action.endswith("IamPolicy"):
        return policy(state, call)
    if call.method.action != "get":
        raise call.unknown()
    project = call.path.split("/")[2]
    return {"projectId": project, "projectNumber": NUMBER, "lifecycleState": "ACTIVE", "name": project}


def service_usage(state: State, call: Call) -> Json:
    """Services are no resources of the stack's: they stay on when it goes."""
    action, project = call.method.action, call.path.split("/")[2]
    enabled = state.services.setdefault(project, set())
    if call.method.kind == "operations":
        return {"name": call.path.removeprefix("v1/"), "done": True, "response": {}}
    if action == "list":
        return {"services": [_service(project, name) for name in sorted(enabled)]}
    if action == "batchEnable":
        enabled.update(call.body["serviceIds"])
    elif action == "enable":
        enabled.add(call.path.removesuffix(":enable").split("/")[-1])
    elif action == "get":
        return _service(project, call.path.split("/")[-1])
    else:
        raise call.unknown()
    return {"name": "operations/acat.1", "done": True, "response": {}}


def _service(project: str, name: str) -> Json:
    return {"name": f"projects/{project}/services/{name}", "state": "ENABLED"}
