"""Cloud DNS: zones and their records."""

from ..discovery import Json
from ..state import CREATED, Call, Refused, State, merge, number


def dns(state: State, call: Call) -> Json:
    handlers = {
        "managedZones": _zones,
        "changes": _changes,
        "resourceRecordSets": _records,
    }
    handler = handlers.get(call.method.kind)
    if handler is None:
        raise call.unknown()
    return handler(state, call)


def _zones(state: State, call: Call) -> Json:
    action = call.method.action
    if action == "create":
        added = {"id": number(call.body["name"])[:15], "kind": "dns#managedZone", "creationTime": CREATED}
        servers = {"nameServers": ["ns-gcp-private.googledomains.com."]}
        return state.add(f"{call.path}/{call.body['name']}", {**call.body, **added, **servers})
    if action == "get":
        return state.at(call.path)
    if action in ("patch", "update"):
        zone = merge(state.at(call.path), call.body)
        return {"id": "1", "status": "done", "zoneContext": {"newValue": zone}}
    if action == "delete":
        if state.below(f"{call.path}/rrsets/"):
            raise Refused(400, f"The resource '{call.path}' contains records", "containerNotEmpty")
        state.remove(call.path)
        return {}
    raise call.unknown()


def _changes(state: State, call: Call) -> Json:
    done = {"id": "1", "status": "done", "kind": "dns#change"}
    if call.method.action == "get":
        return done
    if call.method.action != "create":
        raise call.unknown()
    state.at(call.parent)
    for record in call.body.get("deletions", []):
        state.remove(_path(call.parent, record))
    for record in call.body.get("additions", []):
        state.add(_path(call.parent, record), record)
    return done


def _records(state: State, call: Call) -> Json:
    action = call.method.action
    if action == "list":
        records = [state.resources[path] for path in state.below(f"{call.path}/")]
        name, kind = call.first("name"), call.first("type")
        return {"rrsets": [one for one in records if name in (None, one["name"]) and kind in (None, one["type"])]}
    if action == "create":
        return state.add(_path(call.parent, call.body), call.body)
    if action == "get":
        return state.at(call.path)
    if action in ("patch", "update"):
        return merge(state.at(call.path), call.body)
    if action == "delete":
        state.remove(call.path)
        return {}
    raise call.unknown()


def _path(zone: str, record: Json) -> str:
    return f"{zone}/rrsets/{record['name']}/{record['type']}"
