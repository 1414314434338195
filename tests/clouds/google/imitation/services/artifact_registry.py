"""Artifact Registry: repositories."""

import re

from ..discovery import Json
from ..state import CREATED, Call, State, merge, number
from .policies import policy


def artifact_registry(state: State, call: Call) -> Json:
    action = call.method.action
    if action.endswith("IamPolicy"):
        return policy(state, call)
    if call.method.kind == "operations":
        return {"name": call.path.removeprefix("v1/"), "done": True, "response": {}}
    if call.method.kind != "repositories":
        raise call.unknown()
    if action == "create":
        target = f"{call.path}/{call.first('repositoryId')}"
        added = {
            "name": target.removeprefix("v1/"),
            "mode": "STANDARD_REPOSITORY",
            "createTime": CREATED,
            "updateTime": CREATED,
            "registryUri": re.sub(
                r"v1/projects/(.+)/locations/(.+)/repositories/(.+)", r"\2-docker.pkg.dev/\1/\3", target
            ),
        }
        made = state.add(target, merge(added, call.body))
        made["vulnerabilityScanningConfig"] = {
            **call.body.get("vulnerabilityScanningConfig", {}),
            "enablementState": "SCANNING_DISABLED",
        }
        return _done(call, {"@type": "type.googleapis.com/google.devtools.artifactregistry.v1.Repository", **made})
    if action == "get":
        return state.at(call.path)
    if action == "patch":
        return merge(state.at(call.path), call.body)
    if action == "delete":
        state.remove(call.path)
        state.policies.pop(call.path, None)
        return _done(call, {})
    raise call.unknown()


def _done(call: Call, response: Json) -> Json:
    found = re.match(r"v1/(projects/[^/]+/locations/[^/]+)", call.path)
    return {"name": f"{found[1] if found else ''}/operations/{number(call.path)}", "done": True, "response": response}
