"""What EKS has in one region, and how its things come and go."""

import threading
import time
import uuid
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from ..journal import Journal
from ..neighbours import Neighbours
from ..refusal import Refusal, refused
from ..settings import ACCOUNT, Settings

Document = dict[str, Any]
Key = tuple[str, ...]


@dataclass
class Thing:
    """A cluster, a group of nodes or an add-on: being made for a while, and being deleted for a while."""

    document: Document
    settled_at: float
    gone_at: float | None = None
    on_gone: Callable[[], None] | None = None

    def shown(self) -> Document:
        """As EKS describes it now."""
        settling = "CREATING" if time.monotonic() < self.settled_at else self.document["status"]
        return {**self.document, "status": settling if self.gone_at is None else "DELETING"}


@dataclass(frozen=True)
class ApiServers:
    """The API servers of the clusters, by the clusters' names."""

    address: Callable[[str], str]
    """Where one answers."""
    forget: Callable[[str], None]
    """Lets its objects go."""


@dataclass
class State:
    """Everything of EKS in one region."""

    region: str
    settings: Settings
    journal: Journal
    neighbours: Neighbours
    api_servers: ApiServers
    clusters: dict[Key, Thing] = field(default_factory=dict)
    node_groups: dict[Key, Thing] = field(default_factory=dict)
    addons: dict[Key, Thing] = field(default_factory=dict)
    entries: dict[Key, Document] = field(default_factory=dict)
    updates: dict[str, tuple[Document, float]] = field(default_factory=dict)
    closed: threading.Event = field(default_factory=threading.Event)
    """Set once nobody asks any more: what happens by itself ends."""

    def arn(self, resource: str) -> str:
        """Of a resource in this region."""
        return f"arn:aws:eks:{self.region}:{ACCOUNT}:{resource}"

    def add(self, things: dict[Key, Thing], key: Key, document: Document) -> Document:
        """Makes a thing, which settles later."""
        things[key] = Thing({**document, "status": "ACTIVE"}, time.monotonic() + self.settings.settle_seconds)
        return things[key].shown()

    def remove(
        self, things: dict[Key, Thing], key: Key, on_gone: Callable[[], None] | None = None, wait: float = 0
    ) -> Document:
        """Begins to delete a thing, which is gone later."""
        thing = things[key]
        if thing.gone_at is None:
            thing.gone_at = time.monotonic() + self.settings.settle_seconds + wait
            thing.on_gone = on_gone
        return thing.shown()

    def sweep(self) -> None:
        """Lets go what has been deleted for long enough."""
        for things in (self.clusters, self.node_groups, self.addons):
            for key, thing in list(things.items()):
                if thing.gone_at is not None and thing.gone_at <= time.monotonic():
                    del things[key]
                    if thing.on_gone is not None:
                        thing.on_gone()

    def cluster(self, name: str) -> Thing:
        """The cluster of a name."""
        found = self.clusters.get((name,))
        if found is None:
            raise refused("ResourceNotFoundException", f"No cluster found for name: {name}.", 404)
        return found

    def part(self, things: dict[Key, Thing], cluster: str, name: str, missing: str) -> Thing:
        """A thing of a cluster by its name, which stands in the refusal's text where there is none."""
        self.cluster(cluster)
        found = things.get((cluster, name))
        if found is None:
            raise refused("ResourceNotFoundException", missing.format(name), 404)
        return found

    def active_cluster(self, name: str) -> Document:
        """A cluster that takes changes now."""
        shown = self.cluster(name).shown()
        if shown["status"] != "ACTIVE":
            raise busy(f"Cluster {name} is in {shown['status']} state")
        if any(begun["clusterName"] == name and until > time.monotonic() for begun, until in self.updates.values()):
            raise busy(f"Cannot change {name}: an update is in progress")
        return self.clusters[(name,)].document

    def update(self, cluster: str, kind: str) -> Document:
        """Begins an update, which is done later."""
        name = str(uuid.uuid4())
        document: Document = {"id": name, "type": kind, "params": [], "createdAt": time.time(), "errors": []}
        until = time.monotonic() + self.settings.settle_seconds
        self.updates[name] = ({**document, "clusterName": cluster}, until)
        return {"update": {**document, "status": "InProgress"}}

    def role(self, arn: str) -> list[str]:
        """The policies of a role that EKS is given."""
        policies = self.neighbours.policies_of(arn)
        if policies is None:
            raise invalid(f"The role {arn} does not exist")
        return policies


def invalid(message: str) -> Refusal:
    """A parameter that EKS does not take."""
    return refused("InvalidParameterException", message)


def busy(message: str) -> Refusal:
    """What cannot be done now."""
    return refused("ResourceInUseException", message, 409)
