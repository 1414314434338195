"""What the project's ConfigMap and Secret give to a task's pod."""

import os

from upath import UPath

from examples.errors import ExampleError


def setting(name: str, meaning: str) -> str:
    """The environment variable's value. Raises ExampleError where it is not set."""
    value = os.environ.get(name, "")
    if not value:
        raise ExampleError(
            f"{name} is not set: it is {meaning}, and comes from the project's ConfigMap or Secret"
        )
    return value


def make_folder(file: UPath) -> None:
    """Makes the file's folder where there are folders; a bucket has none."""
    if file.protocol in ("", "file", "local"):
        file.parent.mkdir(parents=True, exist_ok=True)
