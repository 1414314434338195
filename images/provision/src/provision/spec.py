"""Reading a spec: JSON whose every key is known, with errors that name the key."""

import json
from pathlib import Path
from typing import Any

from provision.errors import ProvisionError


class Table:
    """One JSON object of a spec, read key by key; `close` refuses what nobody read."""

    def __init__(self, value: Any, where: str) -> None:
        if not isinstance(value, dict):
            raise ProvisionError(f"{where} is {_kind(value)}, where an object is needed")
        self._values: dict[str, Any] = value
        self._known: set[str] = set()
        self.where = where

    @classmethod
    def load(cls, path: Path) -> "Table":
        try:
            text = path.read_text(encoding="utf-8")
        except (OSError, UnicodeDecodeError) as error:
            reason = getattr(error, "strerror", None) or "it is not UTF-8"
            raise ProvisionError(f"the spec {path} cannot be read: {reason}") from error
        try:
            return cls(json.loads(text), str(path))
        except json.JSONDecodeError as error:
            raise ProvisionError(
                f"the spec {path} is not JSON: {error.msg} at line {error.lineno}, column {error.colno}"
            ) from error

    def text(self, key: str) -> str:
        value = self._get(key)
        if not isinstance(value, str) or not value:
            raise self._wrong(key, value, "a text that is not empty")
        return value

    def optional_text(self, key: str) -> str | None:
        return None if self._get(key, None) is None else self.text(key)

    def text_or_empty(self, key: str) -> str:
        value = self._get(key, "")
        if not isinstance(value, str):
            raise self._wrong(key, value, "a text")
        return value

    def choice(self, key: str, allowed: tuple[str, ...]) -> str:
        value = self._get(key)
        if value not in allowed:
            raise self._wrong(key, value, " or ".join(f'"{one}"' for one in allowed))
        return str(value)

    def flag(self, key: str) -> bool:
        value = self._get(key, False)
        if not isinstance(value, bool):
            raise self._wrong(key, value, "true or false")
        return value

    def optional_count(self, key: str) -> int | None:
        """A whole number from 1 up, or null."""
        value = self._get(key, None)
        if value is None:
            return None
        if not isinstance(value, int) or isinstance(value, bool) or value < 1:
            raise self._wrong(key, value, "a whole number from 1 up, or null")
        return value

    def texts(self, key: str) -> tuple[str, ...]:
        value = self._get(key, [])
        if not isinstance(value, list) or not all(isinstance(one, str) and one for one in value):
            raise self._wrong(key, value, "a list of texts")
        return tuple(value)

    def table(self, key: str) -> "Table":
        return Table(self._get(key), f"{self.where}: {key}")

    def tables(self, key: str) -> list["Table"]:
        value = self._get(key, [])
        if not isinstance(value, list):
            raise self._wrong(key, value, "a list of objects")
        return [Table(one, f"{self.where}: {key}[{index}]") for index, one in enumerate(value)]

    def optional_table(self, key: str) -> "Table | None":
        value = self._get(key, None)
        return None if value is None else Table(value, f"{self.where}: {key}")

    def secret(self, key: str) -> str:
        """The content of the file that the key names; it never appears in an error."""
        path = self.text(key)
        try:
            content = Path(path).read_text(encoding="utf-8")
        except (OSError, UnicodeDecodeError) as error:
            reason = getattr(error, "strerror", None) or "it is not UTF-8"
            raise ProvisionError(
                f"{self.where}: {key} names {path}, which cannot be read: {reason}"
            ) from error
        # Kubernetes writes a value as it is; files made by hand end in a newline.
        value = content.removesuffix("\n")
        if not value or "\n" in value or "\0" in value:
            raise ProvisionError(
                f"{self.where}: {key} names {path}, which is empty or has several lines, "
                "where a single secret is needed"
            )
        return value

    def close(self) -> None:
        unknown = sorted(set(self._values) - self._known)
        if unknown:
            known = ", ".join(sorted(self._known))
            raise ProvisionError(f"{self.where} has the unknown key {unknown[0]}; known are {known}")

    def wrong(self, key: str, needed: str) -> ProvisionError:
        """The error for a value of the right type that is not allowed."""
        return self._wrong(key, self._values.get(key), needed)

    def _get(self, key: str, *default: Any) -> Any:
        self._known.add(key)
        if key in self._values:
            return self._values[key]
        if default:
            return default[0]
        raise ProvisionError(f"{self.where} lacks the key {key}")

    def _wrong(self, key: str, value: Any, needed: str) -> ProvisionError:
        return ProvisionError(f"{self.where}: {key} is {json.dumps(value)}, where {needed} is needed")


def refuse_duplicates(where: str, what: str, names: list[str]) -> None:
    """Two entries of one name would undo each other on every run."""
    for name in names:
        if names.count(name) > 1:
            raise ProvisionError(f"{where} names the {what} {name} twice; keep one entry")


def _kind(value: Any) -> str:
    return {list: "a list", str: "a text", bool: "a boolean", type(None): "null"}.get(type(value), "a number")
