"""The data set: MNIST from the project's data location, or the digits that scikit-learn brings."""

import gzip
import hashlib
import os
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from sklearn.datasets import load_digits
from sklearn.model_selection import train_test_split
from upath import UPath

from mnist.errors import MnistError

SHA256: Mapping[str, str] = {
    "train-images-idx3-ubyte.gz": "440fcabf73cc546fa21475e81ea370265605f56be210a4024d2ca8f203523609",
    "train-labels-idx1-ubyte.gz": "3552534a0a558bbed6aed32b30c495cca23d567ec52cac8be1a0730e8010255c",
    "t10k-images-idx3-ubyte.gz": "8d422c7b0a1c1c79245a5bcf07fe86e33eeafee792b84584aec276f5a2dbc4e6",
    "t10k-labels-idx1-ubyte.gz": "f7ae60f92e00ec6debd23a6088c31dbd2371eca3ffa0defaefb259924204aec6",
}
"""MNIST's files, with the checksums that TensorFlow Datasets publishes (url_checksums/mnist.txt)."""


@dataclass(frozen=True)
class Dataset:
    """Pixels from 0 to 1, one row an image, and the digits that they show."""

    name: str
    train_pixels: NDArray[np.float32]
    train_digits: NDArray[np.int64]
    test_pixels: NDArray[np.float32]
    test_digits: NDArray[np.int64]


def location() -> UPath:
    """Where the project keeps the data set. Raises MnistError where DATA_URI is not set."""
    uri = os.environ.get("DATA_URI", "")
    if not uri:
        raise MnistError(
            "DATA_URI is not set: it is where the project's data is, for example s3://projects/examples or "
            "file:///data, and comes from the project's ConfigMap"
        )
    return UPath(uri) / "mnist"


def seed(source: str) -> None:
    """
    Copies the files that are not at the data location yet, each checked before it is written.

    :param source: a folder or a URL; empty: copy nothing, only say what is there.
    """
    folder = location()
    missing = [name for name in SHA256 if not _is_there(folder / name)]
    if not missing:
        print(f"{folder} has all {len(SHA256)} files: nothing to do")
        return
    if not source:
        print(f"{folder} lacks {len(missing)} of {len(SHA256)} files and no source is given: nothing copied")
        return
    for name in missing:
        content = _read(UPath(source) / name)
        _write(folder / name, content)
        print(f"{folder / name}: {len(content)} bytes from {source}")


def load(seed: int) -> Dataset:
    """MNIST where it is seeded, otherwise scikit-learn's digits, split at random by ``seed``."""
    folder = location()
    present = [name for name in SHA256 if _is_there(folder / name)]
    if not present:
        return _bundled(seed)
    if len(present) < len(SHA256):
        raise MnistError(
            f"{folder} has {len(present)} of the {len(SHA256)} files of MNIST: "
            "seed it again (`mnist seed --from …`) or remove the folder"
        )
    files = {name: _read(folder / name) for name in SHA256}
    train_images, train_labels, test_images, test_labels = (_idx(files[name]) for name in SHA256)
    return Dataset(
        "mnist", _pixels(train_images), _digits(train_labels), _pixels(test_images), _digits(test_labels)
    )


def _bundled(seed: int) -> Dataset:
    digits = load_digits()
    train_pixels, test_pixels, train_digits, test_digits = train_test_split(
        (digits.data / 16).astype("float32"),
        digits.target,
        test_size=0.25,
        random_state=seed,
        stratify=digits.target,
    )
    return Dataset("scikit-learn-digits", train_pixels, train_digits, test_pixels, test_digits)


def _is_there(file: UPath) -> bool:
    try:
        return bool(file.is_file())
    except Exception as error:
        raise _unusable(file, "looked at", error) from None


def _read(file: UPath) -> bytes:
    """The file's content. Raises MnistError when it cannot be read or is not that of MNIST's file."""
    try:
        content = bytes(file.read_bytes())
    except Exception as error:
        raise _unusable(file, "read", error) from None
    found = hashlib.sha256(content).hexdigest()
    if found != SHA256[file.name]:
        raise MnistError(
            f"{file} has the checksum {found[:12]}…, but MNIST's file has {SHA256[file.name][:12]}…: "
            "delete it and seed again from another source"
        )
    return content


def _write(file: UPath, content: bytes) -> None:
    try:
        if file.protocol in ("", "file", "local"):
            file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(content)
    except Exception as error:
        raise _unusable(file, "written", error) from None


def _unusable(file: UPath, verb: str, error: Exception) -> MnistError:
    # Each store raises errors of its own: OSError, botocore's, gcsfs's.
    return MnistError(f"{file} cannot be {verb}: {type(error).__name__}: {' '.join(str(error).split())}")


def _idx(content: bytes) -> NDArray[np.uint8]:
    """An IDX file's array: two zero bytes, the type, the number of dimensions, their sizes, the values."""
    raw = gzip.decompress(content)
    dimensions = raw[3]
    shape = np.frombuffer(raw, dtype=">u4", count=dimensions, offset=4)
    return np.frombuffer(raw, dtype=np.uint8, offset=4 + 4 * dimensions).reshape(
        tuple(int(size) for size in shape)
    )


def _pixels(images: NDArray[np.uint8]) -> NDArray[np.float32]:
    return (images.reshape(len(images), -1) / np.float32(255)).astype(np.float32)


def _digits(labels: NDArray[np.uint8]) -> NDArray[np.int64]:
    return labels.astype("int64")
