"""The API server of each cluster, at `/_kubernetes/<cluster>/`."""

import json
import time
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from typing import Any
from urllib.parse import parse_qsl

import yaml

from .kinds import Kind, discovery, kinds
from .objects import Key, Object, Objects

Environ = dict[str, Any]


class Kubernetes:
    """The clusters' API servers."""

    def __init__(self) -> None:
        self._clusters: dict[str, Objects] = defaultdict(Objects)

    def left(self) -> list[str]:
        """What is in the clusters."""
        return [f"{cluster}: {name}" for cluster, objects in self._clusters.items() for name in objects.names()]

    def forget(self, cluster: str) -> None:
        """Lets the objects go with their cluster."""
        self._clusters.pop(cluster, None)

    def __call__(self, environ: Environ, start_response: Callable[..., Any]) -> Iterable[bytes]:
        """Answers one request."""
        _, _, cluster, path = environ["PATH_INFO"].split("/", 3)
        query = dict(parse_qsl(environ.get("QUERY_STRING", "")))
        if path == "openapi/v2":
            # An empty description, as protocol buffers.
            start_response("200 OK", [("Content-Type", "application/com.github.proto-openapi.spec.v2.v1.0+protobuf")])
            return [b""]
        objects = self._clusters[cluster]
        if query.get("watch") in ("true", "1"):
            start_response("200 OK", [("Content-Type", "application/json")])
            return _watch(objects, path, query)
        with objects.lock:
            code, answer = _answer(objects, environ, path, query)
        body = json.dumps(answer).encode()
        headers = [("Content-Type", "application/json"), ("Content-Length", str(len(body)))]
        start_response(f"{code} OK", headers)
        return [body]


def _place(path: str) -> tuple[Kind, Key] | None:
    """The kind that a path is about, and the namespace and name in it; an empty name is all objects."""
    for kind in kinds:
        if not path.startswith(f"{kind.root}/"):
            continue
        parts = path.removeprefix(f"{kind.root}/").split("/")
        namespace = ""
        if kind.is_namespaced and parts[0] == "namespaces" and len(parts) > 2:
            namespace, parts = parts[1], parts[2:]
        if parts[0] == kind.plural and len(parts) <= 2:
            return kind, (kind.plural, namespace, parts[1] if len(parts) == 2 else "")
    return None


def _answer(objects: Objects, environ: Environ, path: str, query: dict[str, str]) -> tuple[int, Object]:
    about = discovery(path)
    if about is not None:
        return 200, about
    place = _place(path)
    if place is None:
        return 404, _status(404, "NotFound", path)
    kind, key = place
    verb = environ["REQUEST_METHOD"]
    if verb == "GET" and key[2] == "":
        return 200, _list(objects, kind, key[1])
    if verb == "DELETE":
        gone = objects.remove(key)
        return (200, gone) if gone else (404, _status(404, "NotFound", path))
    if verb == "GET":
        found = objects.get(key)
        return (200, found) if found else (404, _status(404, "NotFound", path))
    # What is applied comes as YAML.
    body = yaml.safe_load(environ["wsgi.input"].read(int(environ["CONTENT_LENGTH"])))
    name = key[2] or body["metadata"]["name"]
    return 200, objects.apply(kind, (key[0], key[1], name), body, is_dry="dryRun" in query)


def _list(objects: Objects, kind: Kind, namespace: str) -> Object:
    group = f"{kind.group}/{kind.version}" if kind.group else kind.version
    metadata = {"resourceVersion": objects.version}
    items = objects.listed(kind.plural, namespace)
    return {"apiVersion": group, "kind": f"{kind.name}List", "metadata": metadata, "items": items}


def _watch(objects: Objects, path: str, query: dict[str, str]) -> Iterator[bytes]:
    """Events from the version that the client knows, for as long as it asked for, and a minute at most."""
    place = _place(path)
    until = time.monotonic() + min(float(query.get("timeoutSeconds", "60")), 60)
    since = int(query.get("resourceVersion") or 0)
    wanted = dict(part.split("=") for part in query.get("fieldSelector", "").split(",") if "=" in part)
    seen: dict[str, Object] = {}
    while place is not None and time.monotonic() < until:
        with objects.lock:
            now = {one["metadata"]["name"]: one for one in objects.listed(place[0].plural, place[1][1])}
        now = {name: one for name, one in now.items() if wanted.get("metadata.name", name) == name}
        for name, one in now.items():
            version = int(one["metadata"]["resourceVersion"])
            if version > since and seen.get(name) is not one:
                yield _event("MODIFIED" if name in seen else "ADDED", one)
        yield from (_event("DELETED", one) for name, one in seen.items() if name not in now)
        seen = now
        time.sleep(0.2)


def _event(kind: str, found: Object) -> bytes:
    return json.dumps({"type": kind, "object": found}).encode() + b"\n"


def _status(code: int, reason: str, message: str) -> Object:
    status = {"kind": "Status", "apiVersion": "v1", "metadata": {}, "status": "Failure"}
    return {**status, "message": message, "reason": reason, "code": code}
