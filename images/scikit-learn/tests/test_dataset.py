"""Seeding, and what is loaded afterwards. The files have MNIST's form and names, and few images."""

import gzip
import hashlib
import struct
from pathlib import Path

import numpy as np
import pytest

from mnist import dataset
from mnist.cli import main
from mnist.dataset import Dataset, load
from mnist.errors import MnistError


def idx(array: np.ndarray[tuple[int, ...], np.dtype[np.uint8]]) -> bytes:
    header = struct.pack(">HBB", 0, 8, array.ndim) + struct.pack(f">{array.ndim}I", *array.shape)
    return gzip.compress(header + array.tobytes())


@pytest.fixture
def source(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with four small files, whose checksums are the expected ones during the test."""
    random = np.random.default_rng(0)
    folder = tmp_path / "source"
    folder.mkdir()
    checksums = {}
    for name, count in (("train", 30), ("t10k", 10)):
        for kind, array in (
            ("images-idx3", random.integers(0, 256, (count, 28, 28), dtype=np.uint8)),
            ("labels-idx1", np.arange(count, dtype=np.uint8) % 10),
        ):
            file = folder / f"{name}-{kind}-ubyte.gz"
            file.write_bytes(idx(array))
            checksums[file.name] = hashlib.sha256(file.read_bytes()).hexdigest()
    assert list(checksums) == list(dataset.SHA256)
    monkeypatch.setattr(dataset, "SHA256", checksums)
    return folder


def assert_is_mnist(data: Dataset) -> None:
    assert data.name == "mnist"
    assert (data.train_pixels.shape, data.test_pixels.shape) == ((30, 784), (10, 784))
    assert (data.train_pixels.dtype, data.train_digits.dtype) == (np.dtype("float32"), np.dtype("int64"))
    assert (data.train_pixels.min(), data.train_pixels.max()) == (0, 1)
    assert data.test_digits.tolist() == list(range(10))


def test_without_a_seed_the_bundled_digits_are_loaded(
    environment: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    environment.setenv("DATA_URI", f"file://{tmp_path}")
    data = load(seed=0)
    assert data.name == "scikit-learn-digits"
    assert (data.train_pixels.shape, data.test_pixels.shape) == ((1347, 64), (450, 64))
    assert (data.train_pixels.min(), data.train_pixels.max()) == (0, 1)
    assert np.array_equal(load(seed=0).test_digits, data.test_digits)
    assert not np.array_equal(load(seed=1).test_digits, data.test_digits)


def test_seeding_a_local_folder(
    environment: pytest.MonkeyPatch, source: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    environment.setenv("DATA_URI", f"file://{tmp_path}/data")
    assert main(["seed", "--from", str(source)]) == 0
    assert len(capsys.readouterr().out.splitlines()) == 4
    assert_is_mnist(load(seed=0))


def test_seeding_a_bucket(environment: pytest.MonkeyPatch, source: Path, s3: dict[str, str]) -> None:
    for name, value in {**s3, "DATA_URI": "s3://projects/examples"}.items():
        environment.setenv(name, value)
    assert main(["seed", "--from", f"file://{source}"]) == 0
    assert_is_mnist(load(seed=0))


def test_a_second_seed_does_nothing_and_needs_no_source(
    environment: pytest.MonkeyPatch, source: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    environment.setenv("DATA_URI", f"file://{tmp_path}/data")
    main(["seed", "--from", str(source)])
    capsys.readouterr()
    assert main(["seed"]) == 0
    assert capsys.readouterr().out == f"file://{tmp_path}/data/mnist has all 4 files: nothing to do\n"


def test_an_interrupted_seed_is_completed_and_not_trained_with(
    environment: pytest.MonkeyPatch, source: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    environment.setenv("DATA_URI", f"file://{tmp_path}/data")
    main(["seed", "--from", str(source)])
    lost = tmp_path / "data" / "mnist" / "t10k-images-idx3-ubyte.gz"
    lost.unlink()
    with pytest.raises(MnistError, match="has 3 of the 4 files of MNIST: seed it again"):
        load(seed=0)
    capsys.readouterr()
    assert main(["seed", "--from", str(source)]) == 0
    assert capsys.readouterr().out.startswith(f"file://{lost}: ")
    assert_is_mnist(load(seed=0))


def test_without_a_source_nothing_is_copied(
    environment: pytest.MonkeyPatch, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    environment.setenv("DATA_URI", f"file://{tmp_path}")
    assert main(["seed"]) == 0
    assert capsys.readouterr().out == (
        f"file://{tmp_path}/mnist lacks 4 of 4 files and no source is given: nothing copied\n"
    )


def test_a_file_that_is_not_mnists_is_not_copied(
    environment: pytest.MonkeyPatch, source: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    environment.setenv("DATA_URI", f"file://{tmp_path}/data")
    (source / "train-images-idx3-ubyte.gz").write_bytes(b"an error page")
    assert main(["seed", "--from", str(source)]) == 1
    assert "train-images-idx3-ubyte.gz has the checksum " in capsys.readouterr().err
    assert not (tmp_path / "data").exists()


def test_a_source_that_is_not_there(
    environment: pytest.MonkeyPatch, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    environment.setenv("DATA_URI", f"file://{tmp_path}/data")
    assert main(["seed", "--from", str(tmp_path / "nowhere")]) == 1
    error = capsys.readouterr().err
    assert error.startswith(
        f"mnist seed: {tmp_path}/nowhere/train-images-idx3-ubyte.gz cannot be read: FileNotFound"
    )
    assert error.count("\n") == 1


def test_no_data_location_says_where_it_comes_from(
    environment: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["seed"]) == 1
    assert capsys.readouterr().err.startswith(
        "mnist seed: DATA_URI is not set: it is where the project's data is"
    )
