"""The objects of one cluster."""

import copy
import threading
import time
import uuid
from typing import Any

from .kinds import Kind

Object = dict[str, Any]
Key = tuple[str, str, str]


class Objects:
    """Objects by their kind, namespace and name, each with the version at which it changed last."""

    def __init__(self) -> None:
        self._objects: dict[Key, Object] = {}
        self._version = 1
        self.lock = threading.RLock()

    def get(self, key: Key) -> Object | None:
        """An object, or None."""
        return self._objects.get(key)

    def listed(self, plural: str, namespace: str) -> list[Object]:
        """The objects of a kind, of one namespace or of all."""
        keys = [key for key in self._objects if key[0] == plural and namespace in ("", key[1])]
        return [self._objects[key] for key in sorted(keys)]

    @property
    def version(self) -> str:
        """Of all objects together."""
        return str(self._version)

    def apply(self, kind: Kind, key: Key, asked: Object, is_dry: bool) -> Object:
        """Makes an object what it is asked to be, keeping what the API itself knows of it."""
        before = self._objects.get(key)
        known = before["metadata"] if before else {}
        generation = known.get("generation", 0) + (before is None or before.get("spec") != asked.get("spec"))
        metadata = {
            "uid": str(uuid.uuid4()),
            "creationTimestamp": time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime()),
            **{name: known[name] for name in ("uid", "creationTimestamp") if name in known},
            **asked["metadata"],
            "generation": generation,
            "resourceVersion": str(self._version + 1),
        }
        made = {**copy.deepcopy(asked), "metadata": metadata}
        if kind.name == "Deployment":
            made = _rolled_out(made)
        if not is_dry:
            self._version += 1
            self._objects[key] = made
            if kind.name == "Deployment":
                self._objects[("replicasets", key[1], f"{key[2]}-1")] = _replica_set(made)
        return made

    def remove(self, key: Key) -> Object | None:
        """Deletes an object with those that it owns."""
        gone = self._objects.pop(key, None)
        if gone is not None:
            self._version += 1
            uid = gone["metadata"]["uid"]
            owned = [
                name
                for name, one in self._objects.items()
                if any(owner["uid"] == uid for owner in one["metadata"].get("ownerReferences", []))
            ]
            for name in owned:
                del self._objects[name]
        return gone

    def names(self) -> list[str]:
        """What a user made, as `plural namespace/name`."""
        own = [key for key, one in self._objects.items() if "ownerReferences" not in one["metadata"]]
        return [f"{plural} {namespace}/{name}".replace(" /", " ") for plural, namespace, name in own]


def _rolled_out(deployment: Object) -> Object:
    """A Deployment whose pods run, which no pod does here."""
    replicas = deployment["spec"].get("replicas", 1)
    deployment["metadata"].setdefault("annotations", {})["deployment.kubernetes.io/revision"] = "1"
    conditions = [
        {"type": "Available", "status": "True", "reason": "MinimumReplicasAvailable"},
        {"type": "Progressing", "status": "True", "reason": "NewReplicaSetAvailable"},
    ]
    counts = dict.fromkeys(("replicas", "updatedReplicas", "readyReplicas", "availableReplicas"), replicas)
    generation = deployment["metadata"]["generation"]
    deployment["status"] = {"observedGeneration": generation, **counts, "conditions": conditions}
    return deployment


def _replica_set(deployment: Object) -> Object:
    metadata = deployment["metadata"]
    owner = {"apiVersion": "apps/v1", "kind": "Deployment", "controller": True}
    return {
        "apiVersion": "apps/v1",
        "kind": "ReplicaSet",
        "metadata": {
            "name": f"{metadata['name']}-1",
            "namespace": metadata["namespace"],
            "uid": str(uuid.uuid4()),
            "resourceVersion": metadata["resourceVersion"],
            "annotations": {"deployment.kubernetes.io/revision": "1"},
            "ownerReferences": [{**owner, "name": metadata["name"], "uid": metadata["uid"]}],
        },
        "spec": {key: deployment["spec"][key] for key in ("replicas", "selector", "template")},
        "status": {key: deployment["status"][key] for key in ("replicas", "readyReplicas", "availableReplicas")},
    }
