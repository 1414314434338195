"""Cloud SQL: servers and their users."""

import copy

from ..discovery import Json
from ..state import CREATED, NUMBER, Call, Refused, State, merge, number, relative

SETTINGS: Json = {
    "activationPolicy": "ALWAYS",
    "kind": "sql#settings",
    "settingsVersion": "1",
    "pricingPlan": "PER_USE",
    "replicationType": "SYNCHRONOUS",
    "storageAutoResizeLimit": "0",
    "connectorEnforcement": "NOT_REQUIRED",
    "dataDiskType": "PD_SSD",
    "storageAutoResize": True,
    "backupConfiguration": {
        "kind": "sql#backupConfiguration",
        "transactionalLogStorageState": "CLOUD_STORAGE",
        "backupTier": "STANDARD",
    },
}
SHARED_AUTHORITY = ("GOOGLE_MANAGED_CAS_CA", "CUSTOMER_MANAGED_CAS_CA")


def sql(state: State, call: Call) -> Json:
    action, kind = call.method.action, call.method.kind
    if kind == "operations":
        return _operation(state, call, call.path.split("/")[-1])
    if kind == "users":
        return _users(state, call)
    if kind == "instances" and action == "insert":
        return _insert(state, call)
    if kind == "instances" and action == "get":
        return state.at(call.path)
    if kind == "instances" and action in ("patch", "update"):
        return _change(state, call)
    if kind == "instances" and action == "delete":
        return _delete(state, call)
    if action == "listServerCas":
        return _authorities(state, call)
    raise call.unknown()


def _operation(state: State, call: Call, name: str) -> Json:
    project = call.path.split("/")[3]
    return {
        "kind": "sql#operation",
        "name": name,
        "status": "RUNNING" if state.is_running(name) else "DONE",
        "targetProject": project,
        "selfLink": f"{state.url}/sql/v1beta4/projects/{project}/operations/{name}",
    }


def _started(state: State, call: Call, target: str) -> Json:
    name = f"op-{number(target + call.method.id)[:12]}"
    state.start(name)
    return {**_operation(state, call, name), "targetId": target.split("/")[-1]}


def _insert(state: State, call: Call) -> Json:
    body = copy.deepcopy(call.body)
    target = f"{call.path}/{body['name']}"
    if target in state.retired:
        message = f"The Cloud SQL instance already exists. Names are kept for a week: {body['name']}"
        raise Refused(409, message, "ALREADY_EXISTS")
    network = body["settings"].get("ipConfiguration", {}).get("privateNetwork")
    if network is not None and not state.at(f"compute/beta/{relative(network)}").get("peerings"):
        raise Refused(400, "NETWORK_NOT_PEERED: Private service networking is not enabled on the network.")
    state.add(target, _made(state, call, target, body))
    state.add(
        f"{target}/users/postgres", {"kind": "sql#user", "name": "postgres", "host": "", "instance": body["name"]}
    )
    if network is not None:
        state.clung.add(relative(network))
    return _started(state, call, target)


def _made(state: State, call: Call, target: str, body: Json) -> Json:
    project, region, name = call.path.split("/")[3], body.get("region", ""), body["name"]
    made = {
        **body,
        "kind": "sql#instance",
        "state": "RUNNABLE",
        "project": project,
        "selfLink": f"{state.url}/{target}",
        "backendType": "SECOND_GEN",
        "instanceType": "CLOUD_SQL_INSTANCE",
        "connectionName": f"{project}:{region}:{name}",
        "etag": "e",
        "gceZone": body["settings"].get("locationPreference", {}).get("zone"),
        "serviceAccountEmailAddress": f"p{NUMBER}-x@gcp-sa-cloud-sql.iam.gserviceaccount.com",
        "databaseInstalledVersion": f"{body['databaseVersion']}_1",
        "maintenanceVersion": f"{body['databaseVersion']}_1.R20261101.00_00",
        "createTime": CREATED,
        "sqlNetworkArchitecture": "NEW_NETWORK_ARCHITECTURE",
        "serverCaCert": _authority(name, "MIIB"),
        **_reached(target, project, region, body["settings"].get("ipConfiguration", {})),
    }
    made["settings"] = merge(copy.deepcopy(SETTINGS), body["settings"])
    insights = {"queryPlansPerMinute": 5, "queryStringLength": 1024}
    made["settings"]["insightsConfig"] = merge(insights, made["settings"].get("insightsConfig") or {})
    return made


def _authority(server: str, content: str) -> Json:
    return {
        "kind": "sql#sslCert",
        "cert": f"-----BEGIN CERTIFICATE-----\n{content}\n-----END CERTIFICATE-----",
        "commonName": "C=US,O=Google\\, Inc",
        "sha1Fingerprint": content.lower(),
        "createTime": CREATED,
        "expirationTime": "2036-11-30T00:00:00Z",
        "instance": server,
    }


def _authorities(state: State, call: Call) -> Json:
    """The authority of the server's certificate, and the next one."""
    current = state.at(call.parent)["serverCaCert"]
    following = _authority(current["instance"], "MIIC")
    return {"kind": "sql#instancesListServerCas", "activeVersion": "miib", "certs": [current, following]}


def _reached(target: str, project: str, region: str, given: Json) -> Json:
    """Addresses and names of a server: by a peering, by an endpoint, or on the internet."""
    digits, is_named = number(target)[:12], given.get("serverCaMode") in SHARED_AUTHORITY
    if given.get("pscConfig", {}).get("pscEnabled"):
        attachment = f"projects/{project}-tp/regions/{region}/serviceAttachments/a-{digits}-psc-service-attachment"
        name, kind = f"{digits}.abcdef123456.{region}.sql.goog.", "PRIVATE_SERVICE_CONNECT"
        reached: Json = {"pscServiceAttachmentLink": attachment, "dnsName": name, "ipAddresses": []}
    elif given.get("privateNetwork"):
        name, kind = f"{digits}.abcdef123456.{region}.sql-psa.goog.", "PRIVATE_SERVICES_ACCESS"
        reached = {"ipAddresses": [{"type": "PRIVATE", "ipAddress": "10.40.0.3"}]}
    else:
        return {"ipAddresses": [{"type": "PRIMARY", "ipAddress": "203.0.113.9"}]}
    names = [{"name": name, "connectionType": kind, "dnsScope": "INSTANCE", "recordManager": "CUSTOMER"}]
    return {**reached, "dnsNames": names if is_named else []}


def _change(state: State, call: Call) -> Json:
    made = state.at(call.path)
    settings = call.body.get("settings", {})
    # The version of the settings that a change was made from.
    if settings.get("settingsVersion") not in (None, made["settings"]["settingsVersion"]):
        raise Refused(412, "settingsVersion is not the current one", "CONDITION_NOT_MET")
    if call.method.action == "update" and settings:
        # What a PUT does not send is at its default.
        made["settings"].pop("deletionProtectionEnabled", None)
    merge(made, copy.deepcopy(call.body))
    made["settings"]["settingsVersion"] = str(int(made["settings"]["settingsVersion"]) + 1)
    return _started(state, call, call.path)


def _delete(state: State, call: Call) -> Json:
    if state.at(call.path)["settings"].get("deletionProtectionEnabled"):
        raise Refused(400, "The instance is protected. Please disable the deletion protection and try again.")
    for path in [call.path, *state.below(f"{call.path}/")]:
        state.remove(path)
    state.retired.add(call.path)
    return _started(state, call, call.path)


def _users(state: State, call: Call) -> Json:
    action = call.method.action
    if action == "list":
        return {"items": [state.resources[path] for path in state.below(f"{call.path}/")]}
    if action == "insert":
        kept = {key: value for key, value in call.body.items() if key != "password"}
        state.add(f"{call.path}/{call.body['name']}", {"kind": "sql#user", "host": "", **kept})
        return _started(state, call, call.path)
    if action == "get":
        return state.at(call.path)
    if action == "update":
        return _started(state, call, call.path)
    if action == "delete":
        base = call.path if call.path.endswith("/users") else call.parent
        state.remove(f"{base}/{call.first('name') or call.path.split('/')[-1]}")
        return _started(state, call, call.path)
    raise call.unknown()
