"""DATA_URI: a folder (file://), or a prefix in S3 or Google Cloud Storage; the same code for all, by fsspec."""

import hashlib
from dataclasses import dataclass

from upath import UPath

from pageviews.environment import require
from pageviews.errors import ConfigurationError, StorageError

FOLDER = "snapshots"


@dataclass(frozen=True)
class Snapshot:
    """What a model was trained and measured on.

    `path` is relative to DATA_URI, and named by the content: writing it again changes nothing.
    """

    path: str
    sha256: str


def store(content: bytes) -> Snapshot:
    """Writes a training snapshot.

    Raises:
        StorageError: the store refuses it.
    """
    digest = hashlib.sha256(content).hexdigest()
    snapshot = Snapshot(f"{FOLDER}/{digest[:16]}.csv", digest)
    target = _below_data_uri(snapshot.path)
    try:
        if target.protocol in ("", "file", "local"):
            target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(content)
    # Every fsspec back end raises its own kinds, which are not imported here.
    except Exception as error:
        raise StorageError(_refused("write", target, error)) from error
    return snapshot


def load(snapshot: Snapshot) -> bytes:
    """Reads a training snapshot.

    Raises:
        StorageError: it is not there, or not the one that was stored.
    """
    content = read(str(_below_data_uri(snapshot.path)))
    if hashlib.sha256(content).hexdigest() != snapshot.sha256:
        raise StorageError(
            f"{_below_data_uri(snapshot.path)} is not the data that the model was trained on (its SHA-256 differs): "
            "run pageviews train again."
        )
    return content


def read(uri: str) -> bytes:
    """The content at any address that fsspec knows; a plain path is a local file."""
    try:
        return bytes(UPath(uri).read_bytes())
    except Exception as error:
        raise StorageError(_refused("read", uri, error)) from error


def snapshots() -> int:
    """How many are stored."""
    folder = _below_data_uri(FOLDER)
    try:
        return sum(1 for _ in folder.iterdir()) if folder.exists() else 0
    except Exception as error:
        raise StorageError(_refused("list", folder, error)) from error


def remove() -> None:
    """Removes every snapshot."""
    folder = _below_data_uri(FOLDER)
    try:
        if folder.exists():
            folder.fs.rm(folder.path, recursive=True)
    except Exception as error:
        raise StorageError(_refused("remove", folder, error)) from error


def _below_data_uri(path: str) -> UPath:
    uri = require("DATA_URI")
    try:
        return UPath(uri) / path
    except (ValueError, ImportError) as error:
        raise ConfigurationError(
            f"DATA_URI is {uri!r}, which cannot be used ({error}): give a file://, s3:// or gs:// address."
        ) from error


def _refused(action: str, target: object, error: Exception) -> str:
    reason = (str(error).strip() or type(error).__name__).splitlines()[0]
    return (
        f"Cannot {action} {target}: {type(error).__name__}: {reason}; "
        "check DATA_URI and that this service account may use it, then run the same command again."
    )
