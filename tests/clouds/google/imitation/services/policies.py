"""IAM policies: those of a project, a bucket, a repository and a service account."""

import json
import re

from ..discovery import Json
from ..state import Call, Refused, State, number


def policy(state: State, call: Call) -> Json:
    path = re.sub(r":(get|set)IamPolicy$|/iam$", "", call.path)
    if not re.fullmatch(r"v\d+/projects/[^/]+", path):
        state.at(path)
    current = state.policies.setdefault(path, {"version": 1, "etag": "BwX1", "bindings": []})
    if call.method.action == "getIamPolicy":
        return current
    given: Json = call.body.get("policy", call.body)
    if given.get("etag") and given["etag"] != current["etag"]:
        raise Refused(409, "There were concurrent policy changes. Please retry the whole read-modify-write", "ABORTED")
    for binding in given.get("bindings", []):
        _check(state, given, binding)
    state.policies[path] = {**given, "etag": f"Bw{number(json.dumps(given, sort_keys=True))[:8]}"}
    return state.policies[path]


def _check(state: State, given: Json, binding: Json) -> None:
    if binding.get("condition") and given.get("version", 1) < 3:
        raise Refused(400, "conditions need policy version 3")
    for member in binding.get("members", []):
        kind, _, name = member.partition(":")
        if kind != "serviceAccount":
            continue
        if name.endswith("gserviceaccount.com") and not state.has_account(name):
            raise Refused(400, f"Service account {name} does not exist.")
        pool, _, inside = name.partition("[")
        if inside and not any("/clusters/" in path for path in state.resources):
            raise Refused(400, f"Identity Pool does not exist ({pool}).")
