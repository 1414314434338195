"""What the DAGs know of the platform: the images, the projects and where their pods run.

The platform's program writes it to ``platform.json``, a ConfigMap that is mounted in Airflow; nothing else
of the platform is read when a DAG is parsed. The file's values are checked once a process, so that a wrong
file is one import error with a sentence, and not a pod that the cluster refuses.
"""

import json
import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, TypeVar

VERSION = 1
"""The version of platform.json that this package reads."""

OBJECT_NAME = re.compile(r"[a-z0-9]([-a-z0-9.]{0,251}[a-z0-9])?")
PULL_POLICIES = ("Always", "IfNotPresent", "Never")

T = TypeVar("T")


class PlatformError(ValueError):
    """A DAG, or platform.json, asks for what the platform does not have. Says what to change."""


@dataclass(frozen=True)
class Volume:
    """A ConfigMap or a claim that the project's pods mount."""

    name: str
    mount_path: str
    read_only: bool
    config_map: str | None
    claim: str | None


@dataclass(frozen=True)
class Project:
    """A project's namespace and what its pods get there."""

    name: str
    namespace: str
    service_account: str
    config_map: str
    secret: str
    requests: Mapping[str, str]
    limits: Mapping[str, str]
    volumes: tuple[Volume, ...]


@dataclass(frozen=True)
class Platform:
    """The content of platform.json."""

    images: Mapping[str, str]
    image_pull_policy: str
    projects: Mapping[str, Project]
    in_cluster: bool
    """Whether Airflow runs in the cluster itself; `make airflow` runs it outside. Default true."""

    def project(self, name: str) -> Project:
        """The project of that name. Raises PlatformError where the stack does not have it."""
        if name not in self.projects:
            raise PlatformError(
                f"project {name!r} is not one of this platform's ({_names(self.projects)}): "
                "correct the DAG, or add the project to `projects` in the stack's configuration"
            )
        return self.projects[name]

    def image(self, name: str) -> str:
        """The full reference of the image ``images/<name>``. Raises PlatformError where there is none."""
        if name not in self.images:
            raise PlatformError(
                f"image {name!r} is not one of this platform's ({_names(self.images)}): "
                "correct the DAG, or add the image to images/"
            )
        return self.images[name]


@cache
def platform() -> Platform:
    """The platform that this Airflow belongs to, read once a process."""
    from airflow.configuration import AIRFLOW_HOME

    return load(Path(AIRFLOW_HOME) / "platform" / "platform.json")


def load(path: Path) -> Platform:
    """Reads and checks a platform.json. Raises PlatformError with the key that is wrong."""
    try:
        content = json.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise PlatformError(
            f"{path} does not exist: the platform's program mounts it from a ConfigMap (`make up`), "
            "and `make airflow` writes it for an Airflow on this machine"
        ) from None
    except (OSError, ValueError) as error:
        raise PlatformError(f"{path} cannot be read as JSON: {error}") from None
    try:
        return _platform(_Reader(content))
    except PlatformError as error:
        raise PlatformError(f"{path}: {error}") from None


class _Reader:
    """A JSON object together with its place in the file, which every error names."""

    def __init__(self, content: object, place: str = "") -> None:
        if not isinstance(content, dict):
            raise PlatformError(f"{place or 'the file'} is {content!r}, expected an object")
        self.content: dict[str, Any] = content
        self.place = place

    def where(self, key: str) -> str:
        return f"{self.place}.{key}" if self.place else key

    def get(self, key: str, kind: type[T], *defaults: T) -> T:
        """The value at ``key``, which must be of ``kind``; a missing one is ``defaults[0]`` or an error."""
        if key not in self.content and defaults:
            return defaults[0]
        value = self.content.get(key)
        # JSON's true is no number, although Python's is.
        if not isinstance(value, kind) or (kind is int and isinstance(value, bool)):
            raise PlatformError(f"{self.where(key)} is {value!r}, expected {_KINDS[kind]}")
        return value

    def name(self, key: str) -> str:
        """A Kubernetes name."""
        value = self.get(key, str)
        if not OBJECT_NAME.fullmatch(value):
            raise PlatformError(f"{self.where(key)} is {value!r}, expected a Kubernetes name: a-z, 0-9, - and .")
        return value

    def object(self, key: str) -> "_Reader":
        return _Reader(self.get(key, dict), self.where(key))

    def each(self, key: str, read: Callable[["_Reader"], T]) -> tuple[T, ...]:
        """What ``read`` makes of every object in the list at ``key``."""
        items = self.get(key, list)
        return tuple(read(_Reader(item, f"{self.where(key)}[{n}]")) for n, item in enumerate(items))

    def strings(self) -> dict[str, str]:
        """The object itself, as one of strings only."""
        return {key: self.get(key, str) for key in self.content}


_KINDS: Mapping[type, str] = {
    str: "text",
    int: "a number",
    bool: "true or false",
    dict: "an object",
    list: "a list",
}


def _platform(reader: _Reader) -> Platform:
    version = reader.get("version", int)
    if version != VERSION:
        raise PlatformError(
            f"version is {version}, these DAGs read version {VERSION}: "
            "bring the DAGs and the platform's program to the same commit"
        )
    pull_policy = reader.get("imagePullPolicy", str)
    if pull_policy not in PULL_POLICIES:
        raise PlatformError(f"imagePullPolicy is {pull_policy!r}, expected one of {_names(PULL_POLICIES)}")
    images = reader.object("images")
    projects = reader.object("projects")
    return Platform(
        images={name: _pinned(reference, images.where(name)) for name, reference in images.strings().items()},
        image_pull_policy=pull_policy,
        projects={name: _project(name, projects.object(name)) for name in projects.content},
        in_cluster=reader.get("inCluster", bool, True),
    )


def _project(name: str, reader: _Reader) -> Project:
    resources = reader.object("resources")
    return Project(
        name=name,
        namespace=reader.name("namespace"),
        service_account=reader.name("serviceAccount"),
        config_map=reader.name("configMap"),
        secret=reader.name("secret"),
        requests=resources.object("requests").strings(),
        limits=resources.object("limits").strings(),
        volumes=reader.each("volumes", _volume),
    )


def _volume(reader: _Reader) -> Volume:
    sources = [key for key in ("configMap", "claim") if key in reader.content]
    if len(sources) != 1:
        raise PlatformError(f"{reader.place} has {_names(sources) or 'no source'}, expected one of claim, configMap")
    mount_path = reader.get("mountPath", str)
    if not mount_path.startswith("/") or mount_path.rstrip("/") in ("", "/tmp"):
        raise PlatformError(f"{reader.where('mountPath')} is {mount_path!r}, expected an absolute path, not / or /tmp")
    return Volume(
        name=reader.name("name"),
        mount_path=mount_path,
        read_only=reader.get("readOnly", bool),
        config_map=reader.name("configMap") if "configMap" in sources else None,
        claim=reader.name("claim") if "claim" in sources else None,
    )


def _pinned(reference: str, where: str) -> str:
    """The reference itself, if it always means the same image: by digest, or by a tag other than ``latest``."""
    name, _, digest = reference.partition("@")
    tag = name.rpartition("/")[2].partition(":")[2]
    if not digest.startswith("sha256:") and tag in ("", "latest"):
        raise PlatformError(f"{where} is {reference!r}, expected an exact tag (other than latest) or a sha256 digest")
    return reference


def _names(names: Iterable[str]) -> str:
    return ", ".join(sorted(names))
