"""The kinds of values that specs hold."""

from collections import Counter
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Annotated
from urllib.parse import urlsplit

from pydantic import AfterValidator, Field
from pydantic_core import PydanticCustomError


def _read_secret(path: str) -> str:
    """The content of the file, which no error shows."""
    try:
        content = Path(path).read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        reason = getattr(error, "strerror", None) or "it is not UTF-8"
        raise PydanticCustomError(
            "unreadable", "{path} cannot be read: {reason}", {"path": path, "reason": reason}
        ) from error
    # Kubernetes writes a value as it is; files made by hand end in a newline.
    value = content.removesuffix("\n")
    if not value or "\n" in value or "\0" in value:
        raise PydanticCustomError(
            "no_secret",
            "{path} is empty or has several lines, but must contain a single secret",
            {"path": path},
        )
    return value


def must_be(expected: str, holds: Callable[[str], object]) -> AfterValidator:
    """Refuses a text for which this does not hold."""

    def check(text: str) -> str:
        if not holds(text):
            raise PydanticCustomError("must_be", "Input should be {expected}", {"expected": expected})
        return text

    return AfterValidator(check)


def _is_http(text: str) -> bool:
    try:
        url = urlsplit(text)
    except ValueError:
        return False
    return url.scheme in ("http", "https") and bool(url.hostname)


def at_least(least: int, server: str) -> AfterValidator:
    """Refuses a secret that the server would refuse as too short, while its key can still be named."""

    def check(secret: str) -> str:
        if len(secret) < least:
            raise PydanticCustomError(
                "short_secret",
                "the file has {length} characters, but {server} requires at least {least}",
                {"length": len(secret), "server": server, "least": least},
            )
        return secret

    return AfterValidator(check)


def refuse_duplicates(**names: Iterable[str]) -> None:
    """Two entries of one name would undo each other on every run."""
    twice = [
        f"the {what} {name}"
        for what, given in names.items()
        for name, count in Counter(given).items()
        if count > 1
    ]
    if twice:
        raise PydanticCustomError(
            "duplicate", "it contains {twice} twice; keep one entry of each", {"twice": ", ".join(twice)}
        )


Text = Annotated[str, Field(min_length=1)]
Secret = Annotated[Text, AfterValidator(_read_secret), Field(repr=False)]
"""In the spec the path of a file, in the model the line that the file holds."""
HttpUrl = Annotated[str, must_be("an http:// or https:// URL", _is_http)]
