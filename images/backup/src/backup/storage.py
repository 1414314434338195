"""The folder of all backups, each in a folder of its name."""

import hashlib
from collections.abc import Callable, Iterator

from backup.errors import DamagedError
from backup.manifest import File, Manifest, from_json, to_json
from backup.objects import Folder

MANIFEST = "manifest.json"


class Storage:
    """Backups by their names."""

    def __init__(self, uri: str) -> None:
        self._folder = Folder(uri)
        self.uri = self._folder.uri

    def names(self) -> dict[str, bool]:
        """Everything that looks like a backup by its folder, oldest first, and whether it has a manifest."""
        paths = self._folder.sizes()
        names = sorted({path.partition("/")[0] for path in paths if "/" in path})
        return {name: f"{name}/{MANIFEST}" in paths for name in names}

    def manifest(self, name: str) -> Manifest:
        if not self.names().get(name, False):
            raise DamagedError(f"{self._folder.name(name)} is not a complete backup: it has no {MANIFEST}")
        path = f"{name}/{MANIFEST}"
        return from_json(self._folder.read(path), self._folder.name(path))

    def finish(self, manifest: Manifest) -> None:
        self.store(manifest.name, MANIFEST, to_json(manifest))

    def store(self, name: str, path: str, content: bytes) -> File:
        return self.write(name, path, lambda target: target(content))

    def write(self, name: str, path: str, fill: Callable[[Callable[[bytes], None]], None]) -> File:
        """Writes an object piece by piece, as `fill` gives them to the function that it is given."""
        digest, size = hashlib.sha256(), 0
        with self._folder.writing(f"{name}/{path}") as handle:

            def write(block: bytes) -> None:
                nonlocal size
                handle.write(block)
                digest.update(block)
                size += len(block)

            fill(write)
        return File(path, size, digest.hexdigest())

    def read(self, name: str, file: File) -> bytes:
        return self._folder.read(f"{name}/{file.path}")

    def blocks(self, name: str, file: File) -> Iterator[bytes]:
        return self._folder.blocks(f"{name}/{file.path}")

    def check(self, name: str, file: File) -> None:
        """Reads an object whole; raises DamagedError where it is not the one that was written."""
        path = f"{name}/{file.path}"
        where = self._folder.name(path)
        size = self._folder.sizes().get(path)
        if size is None:
            raise DamagedError(f"{where} does not exist")
        if size != file.bytes:
            raise DamagedError(f"{where} has {size} bytes, but the manifest says {file.bytes}")
        digest = hashlib.sha256()
        for block in self._folder.blocks(path):
            digest.update(block)
        if digest.hexdigest() != file.sha256:
            raise DamagedError(f"{where} is damaged: its SHA-256 differs from the manifest's")

    def remove(self, name: str) -> None:
        """Deletes the manifest first: without it, a partly deleted backup does not count."""
        paths = [path for path in self._folder.sizes() if path.startswith(f"{name}/")]
        for path in sorted(paths, key=lambda path: path != f"{name}/{MANIFEST}"):
            self._folder.remove(path)
