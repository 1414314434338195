"""What exists in the imitated project, and what the handlers of all APIs need of it."""

import hashlib
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from .discovery import Json, Method

# Number of the one project.
NUMBER = "123456789012"
CREATED = "2026-11-30T00:00:00Z"


class Refused(Exception):
    """An answer that is an error."""

    def __init__(self, code: int, message: str, status: str = "INVALID_ARGUMENT") -> None:
        super().__init__(message)
        self.code, self.status = code, status


@dataclass(frozen=True)
class Call:
    """A request, by the method that it calls."""

    verb: str
    method: Method
    path: str
    query: dict[str, list[str]]
    body: Json

    @property
    def parent(self) -> str:
        return self.path.rsplit("/", 1)[0]

    def first(self, key: str) -> str | None:
        return next(iter(self.query.get(key, [])), None)

    def unknown(self) -> Refused:
        return Refused(501, f"the imitation has no {self.method.id}", "UNIMPLEMENTED")


@dataclass
class State:
    """Everything that the project has; `url` is the imitation's own."""

    url: str
    # Host and port of the control plane of every cluster; None: a name as Google gives it, which does not resolve.
    control_plane: str | None = None
    resources: dict[str, Json] = field(default_factory=dict)
    policies: dict[str, Json] = field(default_factory=dict)
    # Until when an operation runs, by its name.
    running: dict[str, float] = field(default_factory=dict)
    # Names of servers that Google keeps for a week.
    retired: set[str] = field(default_factory=set)
    # Services that are on, by project.
    services: dict[str, set[str]] = field(default_factory=dict)
    # Networks to whose peering Google's side clings for days after its last server.
    clung: set[str] = field(default_factory=set)
    # Seconds that the next operation takes.
    slowness: float = 0
    lock: threading.RLock = field(default_factory=threading.RLock)

    def at(self, path: str) -> Json:
        if path not in self.resources:
            raise Refused(404, f"not found: {path}", "NOT_FOUND")
        return self.resources[path]

    def add(self, path: str, resource: Json) -> Json:
        if path in self.resources:
            raise Refused(409, f"The resource '{relative(path)}' already exists", "ALREADY_EXISTS")
        self.resources[path] = resource
        return resource

    def remove(self, path: str) -> Json:
        found = self.at(path)
        del self.resources[path]
        return found

    def below(self, prefix: str) -> list[str]:
        return [path for path in self.resources if path.startswith(prefix)]

    def users_of(self, path: str, *fields: str) -> list[str]:
        """Resources that name another one in one of these fields, so that it cannot go."""
        target = relative(path)
        others = {key: one for key, one in self.resources.items() if relative(key) != target}
        return [key for key, one in others.items() if any(relative(text) == target for text in texts(one, fields))]

    def has_account(self, email: str) -> bool:
        return any(one.get("email") == email for one in self.resources.values())

    def start(self, operation: str) -> None:
        self.running[operation] = time.monotonic() + self.slowness
        self.slowness = 0

    def is_running(self, operation: str) -> bool:
        return time.monotonic() < self.running.get(operation, 0)


def merge(old: Json, new: Json) -> Json:
    """Puts what is new into what is old, objects key by key."""
    for key, value in new.items():
        if isinstance(value, dict) and isinstance(old.get(key), dict):
            merge(old[key], value)
        else:
            old[key] = value
    return old


def number(text: str) -> str:
    """The same digits for the same text."""
    return str(int(hashlib.sha256(text.encode()).hexdigest()[:15], 16))


def relative(link: str) -> str:
    """A link without its host and version: `projects/…`."""
    return link[link.index("projects/") :] if "projects/" in link else link


def texts(value: Any, fields: tuple[str, ...], key: str | None = None) -> Iterator[str]:
    """The texts of these fields, however deep."""
    if isinstance(value, dict):
        for name, inner in value.items():
            yield from texts(inner, fields, name)
    elif isinstance(value, list):
        for inner in value:
            yield from texts(inner, fields, key)
    elif key in fields and isinstance(value, str):
        yield value


def objects(value: Any, name: str) -> Iterator[Json]:
    """The objects of a field, however deep."""
    if isinstance(value, dict):
        for key, inner in value.items():
            if key == name and isinstance(inner, dict):
                yield inner
            yield from objects(inner, name)
    elif isinstance(value, list):
        for inner in value:
            yield from objects(inner, name)
