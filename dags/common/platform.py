"""The platform as the DAGs see it: its images, its projects, and where the projects' pods run.

The platform's program writes ``platform.json`` to a ConfigMap that Airflow mounts. Parsing a DAG reads nothing
else of the platform. Each process checks the file once, so that a wrong file causes an import error that says
what to change, and not a pod that the cluster refuses.
"""

import re
from collections.abc import Callable, Iterable
from functools import cache
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, ValidationError
from pydantic_core import ErrorDetails, PydanticCustomError

VERSION = 1
"""The version of platform.json that this package reads."""

SAME_COMMIT = "use the DAGs and the platform's program of the same commit"


class PlatformError(ValueError):
    """A DAG or platform.json names something that the platform does not have. The text says what to change."""


def _must(expected: str, holds: Callable[[Any], object]) -> AfterValidator:
    """Refuses a value that does not meet this condition."""

    def check(value: Any) -> Any:
        if not holds(value):
            raise PydanticCustomError("must", "Input should {expected}", {"expected": expected})
        return value

    return AfterValidator(check)


def _is_pinned(reference: str) -> bool:
    """Whether the reference always means the same image: it has a digest, or a tag other than ``latest``."""
    name, _, digest = reference.partition("@")
    tag = name.rpartition("/")[2].partition(":")[2]
    return digest.startswith("sha256:") or tag not in ("", "latest")


_OBJECT_NAME = re.compile(r"[a-z0-9]([-a-z0-9.]{0,251}[a-z0-9])?")

Version = Annotated[
    int,
    _must(
        f"be {VERSION}: {SAME_COMMIT}",
        lambda version: version == VERSION,
    ),
]
Name = Annotated[str, _must("be a Kubernetes name of a-z, 0-9, - and .", _OBJECT_NAME.fullmatch)]
Image = Annotated[str, _must("have an exact tag (other than latest) or a sha256 digest", _is_pinned)]


class _Entry(BaseModel):
    """An object of platform.json; a key that a newer program adds is ignored."""

    model_config = ConfigDict(extra="ignore", frozen=True, strict=True)


class _Template(_Entry):
    """A part of a pod template, which goes to Kubernetes with every key."""

    model_config = ConfigDict(extra="allow")


class Resources(_Template):
    """The default resources of a pod of the project's tasks."""

    requests: dict[str, str]
    limits: dict[str, str]


class Container(_Template):
    """The container to which a task adds its image and arguments. The operator finds it by name."""

    name: Literal["base"]
    resources: Resources


class PodSpec(_Template):
    """A pod of one container."""

    containers: tuple[Container]


class PodTemplate(_Template):
    """The pod of a project's tasks, as far as this package reads it; Kubernetes checks the rest."""

    spec: PodSpec

    @property
    def resources(self) -> Resources:
        """The default of the project's tasks."""
        [container] = self.spec.containers
        return container.resources


class Project(_Entry):
    """A project's namespace and the pod that its tasks run in."""

    namespace: Name
    pod: PodTemplate


class SpotNodes(_Entry):
    """How a pod gets to the nodes that the cloud may reclaim at any time."""

    tasks_by_default: bool = Field(alias="tasksByDefault")
    label: str
    """Whose value is the pool of a node."""
    spot: str
    on_demand: str | None = Field(default=None, alias="onDemand")
    """The pool of the platform itself, which stays; None: other nodes do not have the label."""
    taint: str


class Platform(_Entry):
    """The content of platform.json."""

    version: Version
    images: dict[str, Image]
    projects: dict[str, Project]
    spot_nodes: SpotNodes | None = Field(default=None, alias="spotNodes")
    """None: the stack has no such nodes, or they are the site's own."""
    in_cluster: bool = Field(default=True, alias="inCluster")
    """Whether Airflow runs in the cluster itself; `make airflow` runs it outside."""

    def project(self, name: str) -> Project:
        """The project of that name. Raises PlatformError if the stack does not have it."""
        if name not in self.projects:
            raise PlatformError(
                f"this platform has no project {name!r} (its projects are {_names(self.projects)}): "
                "correct the DAG, or add the project to `projects` in the stack's configuration"
            )
        return self.projects[name]

    def image(self, name: str) -> str:
        """The full reference of the image ``images/<name>``. Raises PlatformError if it does not exist."""
        if name not in self.images:
            raise PlatformError(
                f"this platform has no image {name!r} (its images are {_names(self.images)}): "
                "correct the DAG, or add the image to images/"
            )
        return self.images[name]


@cache
def platform() -> Platform:
    """The platform of this Airflow; each process reads it once."""
    from airflow.configuration import AIRFLOW_HOME

    return load(Path(AIRFLOW_HOME) / "platform" / "platform.json")


def load(path: Path) -> Platform:
    """Reads and checks a platform.json. Raises PlatformError that names every wrong key."""
    try:
        return Platform.model_validate_json(path.read_bytes())
    except FileNotFoundError:
        raise PlatformError(
            f"{path} does not exist: the platform's program mounts it from a ConfigMap (`make up`), "
            "and `make airflow` writes it for an Airflow on this machine"
        ) from None
    except OSError as error:
        raise PlatformError(f"{path} cannot be read: {error.strerror}") from None
    except ValidationError as error:
        problems = [_problem(details) for details in error.errors(include_url=False)]
    raise PlatformError("\n".join(f"{path}: {problem}" for problem in problems))


def _problem(error: ErrorDetails) -> str:
    """Where, what is expected, and what was found, but for an object, whose keys the place names."""
    place = "".join(f"[{step}]" if isinstance(step, int) else f".{step}" for step in error["loc"]).lstrip(".")
    wrong = f"{place}: {error['msg']}" if place else error["msg"]
    if error["type"] == "missing":
        return f"{wrong}: {SAME_COMMIT}"
    if error["type"] == "json_invalid" or isinstance(error["input"], dict):
        return wrong
    return f"{wrong}, found {error['input']!r}"


def _names(names: Iterable[str]) -> str:
    return ", ".join(sorted(names))
