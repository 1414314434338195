"""IAM: service accounts."""

from ..discovery import Json
from ..state import Call, State, merge, number
from .policies import policy


def iam(state: State, call: Call) -> Json:
    action = call.method.action
    if action.endswith("IamPolicy"):
        return policy(state, call)
    if action == "create":
        return _create(state, call)
    path = call.path
    if path.split("/")[2] == "-":
        # The account's name is one of its kind in the world.
        path = next((key for key in state.resources if key.endswith(path.split("/")[-1])), path)
    if action == "get":
        return state.at(path)
    if action in ("patch", "update"):
        return merge(state.at(path), call.body.get("serviceAccount", call.body))
    if action == "delete":
        email = state.remove(path)["email"]
        state.policies.pop(path, None)
        _forget(state, email)
        return {}
    raise call.unknown()


def _create(state: State, call: Call) -> Json:
    project = call.path.split("/")[2]
    email = f"{call.body['accountId']}@{project}.iam.gserviceaccount.com"
    target = f"{call.path}/{email}"
    identity = {"name": target.removeprefix("v1/"), "projectId": project, "email": email, "etag": "MDEwMjE5MjA="}
    ids = {"uniqueId": number(target), "oauth2ClientId": number(target)}
    return state.add(target, {**call.body.get("serviceAccount", {}), **identity, **ids})


def _forget(state: State, email: str) -> None:
    """A policy that names a deleted account names it so."""
    for policy_of in state.policies.values():
        for binding in policy_of.get("bindings", []):
            binding["members"] = [
                f"deleted:{one}?uid=1" if one == f"serviceAccount:{email}" else one for one in binding["members"]
            ]
