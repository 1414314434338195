"""Cloud Storage: buckets."""

from ..discovery import Json
from ..state import CREATED, NUMBER, Call, State
from .policies import policy

ADDED: Json = {
    "softDeletePolicy": {"retentionDurationSeconds": "604800", "effectiveTime": CREATED},
    "storageClass": "STANDARD",
    "locationType": "region",
    "timeCreated": CREATED,
    "updated": CREATED,
    "generation": "1",
    "hierarchicalNamespace": {"enabled": False},
}


def storage(state: State, call: Call) -> Json:
    action = call.method.action
    if action in ("getIamPolicy", "setIamPolicy"):
        return policy(state, call)
    if call.method.kind in ("anywhereCaches", "objects") and action == "list":
        return {"items": []}
    if call.method.kind != "buckets":
        raise call.unknown()
    if action == "insert":
        target = f"{call.path}/{call.body['name']}"
        made = {**ADDED, **{key: value for key, value in call.body.items() if value is not None}}
        own = {"id": call.body["name"], "kind": "storage#bucket", "selfLink": f"{state.url}/{target}"}
        return state.add(target, {**made, **own, "projectNumber": NUMBER, "metageneration": "1", "etag": "CAE="})
    if action == "get":
        return state.at(call.path)
    if action in ("patch", "update"):
        bucket = state.at(call.path)
        bucket.update(call.body)
        # A label whose value is null goes.
        bucket["labels"] = {key: value for key, value in bucket.get("labels", {}).items() if value is not None}
        return bucket
    if action == "delete":
        state.remove(call.path)
        state.policies.pop(call.path, None)
        return {}
    raise call.unknown()
