"""A folder of objects: a local one, or a prefix in S3 or Google Cloud Storage, by fsspec.

An identity may reach its own prefix and nothing else, and is refused whatever asks for more: looking an
object up that is not there, listing the bucket. So a listing by prefix tells what there is.
"""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from typing import IO

import fsspec
from fsspec.implementations.local import LocalFileSystem

from backup.errors import BackupError, DamagedError, StorageError, UsageError
from backup.s3_session import session

# Held in memory while it is sent; S3 takes 10,000 of them for an object.
BLOCK_BYTES = 16 * 2**20
READ_BYTES = 8 * 2**20


class Folder:
    """Objects by their paths below it."""

    def __init__(self, uri: str) -> None:
        """Raises UsageError for an address that no back end knows."""
        self.uri = uri.rstrip("/")
        try:
            # What others write meanwhile is seen, and an environment that has changed since counts.
            options = {"session": session()} if self.uri.startswith(("s3://", "s3a://")) else {}
            self._files, root = fsspec.url_to_fs(
                self.uri, use_listings_cache=False, skip_instance_cache=True, **options
            )
        except (ValueError, ImportError) as error:
            raise UsageError(f"{uri!r} cannot be used ({error}): give file://, s3:// or gs://") from error
        self._root = str(root).rstrip("/")
        self._is_local = isinstance(self._files, LocalFileSystem)

    def sizes(self) -> dict[str, int]:
        """Bytes of every object by its path."""
        with self._refusals("list", ""):
            if self._is_local:
                found = self._files.find(self._root, detail=True)
            else:
                bucket, _, prefix = self._root.partition("/")
                found = self._files.find(bucket, prefix=f"{prefix}/" if prefix else "", detail=True)
        below = f"{self._root}/"
        return {path.removeprefix(below): int(entry["size"]) for path, entry in found.items() if path.startswith(below)}

    def read(self, path: str) -> bytes:
        with self._refusals("read", path):
            return bytes(self._files.cat_file(self._path(path)))

    def blocks(self, path: str) -> Iterator[bytes]:
        """An object piece by piece, none of which is kept."""
        with self._refusals("read", path):
            bytes_, start = int(self._files.size(self._path(path))), 0
            while start < bytes_:
                block = bytes(self._files.cat_file(self._path(path), start=start, end=start + READ_BYTES))
                if block == b"":
                    raise DamagedError(f"{self.name(path)} ends after {start} bytes of {bytes_}")
                yield block
                start += len(block)

    @contextmanager
    def writing(self, path: str) -> Iterator[IO[bytes]]:
        """An object that is written piece by piece."""
        with self._refusals("write", path):
            # Object storage has no folders to make.
            if self._is_local:
                self._files.makedirs(self._path(path).rpartition("/")[0], exist_ok=True)
            with self._files.open(self._path(path), "wb", block_size=BLOCK_BYTES) as handle:
                yield handle

    def remove(self, path: str) -> None:
        with self._refusals("remove", path):
            self._files.rm_file(self._path(path))
            if self._is_local:
                _remove_empty_folders(self._path(path), self._root)

    def name(self, path: str) -> str:
        return f"{self.uri}/{path}" if path else self.uri

    def _path(self, path: str) -> str:
        return f"{self._root}/{path}"

    @contextmanager
    def _refusals(self, action: str, path: str) -> Iterator[None]:
        # Every back end raises its own kinds, botocore's among them, which are not imported here.
        try:
            yield
        except BackupError:
            raise
        except FileNotFoundError as error:
            if path == "":
                raise StorageError(f"cannot {action} {self.uri}: there is no such bucket; create it") from error
            raise DamagedError(f"cannot {action} {self.name(path)}: there is no such object") from error
        except Exception as error:
            reason = (str(error).strip() or type(error).__name__).splitlines()[0]
            raise StorageError(
                f"cannot {action} {self.name(path)}: {type(error).__name__}: {reason}; {_advice(error)}"
            ) from error


def _advice(error: Exception) -> str:
    # s3fs raises an OSError of its own from the client's error, which has the server's code.
    response = getattr(error.__cause__ or error, "response", {})
    if response.get("Error", {}).get("Code") == "XMinioObjectTampered":
        return (
            "an object below it was written with forged headers and hides the others. Nothing was copied or removed. "
            'Find and delete it: docs/operations.md, "An object that hides the others"'
        )
    return "check the address and that this service account may use it"


def _remove_empty_folders(path: str, root: str) -> None:
    folder = path.rpartition("/")[0]
    while folder.startswith(f"{root}/") and not os.listdir(folder):  # noqa: PTH208
        os.rmdir(folder)  # noqa: PTH106
        folder = folder.rpartition("/")[0]
