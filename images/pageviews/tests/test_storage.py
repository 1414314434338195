from pathlib import Path

import pytest

from pageviews import storage
from pageviews.errors import ConfigurationError, StorageError


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("DATA_URI", f"file://{tmp_path}/data")
    return tmp_path / "data"


def test_a_snapshot_is_named_by_its_content_and_read_back(folder: Path) -> None:
    snapshot = storage.store(b"article,day,views\n")
    assert snapshot == storage.store(b"article,day,views\n")
    assert [path.relative_to(folder).as_posix() for path in folder.rglob("*.csv")] == [snapshot.path]
    assert storage.load(snapshot) == b"article,day,views\n"


def test_a_snapshot_that_was_changed_is_refused(folder: Path) -> None:
    snapshot = storage.store(b"article,day,views\n")
    (folder / snapshot.path).write_bytes(b"something else")
    with pytest.raises(StorageError, match="is not the data that the model was trained on"):
        storage.load(snapshot)


def test_a_snapshot_that_is_gone_is_one_sentence(folder: Path) -> None:
    snapshot = storage.store(b"article,day,views\n")
    (folder / snapshot.path).unlink()
    with pytest.raises(StorageError, match=r"Cannot read file://.*: FileNotFoundError: .*; check DATA_URI"):
        storage.load(snapshot)


def test_a_store_that_refuses_writes_is_one_sentence(folder: Path) -> None:
    folder.write_text("a file where the folder should be")
    with pytest.raises(StorageError, match=r"Cannot write .*; check DATA_URI"):
        storage.store(b"x")


def test_no_data_uri_says_what_it_is_for() -> None:
    with pytest.raises(ConfigurationError, match="DATA_URI is not set: it says where training snapshots are kept"):
        storage.store(b"x")


def test_a_data_uri_of_an_unknown_kind_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DATA_URI", "minio://projects/pageviews")
    with pytest.raises(ConfigurationError, match="DATA_URI is 'minio://projects/pageviews'"):
        storage.store(b"x")
