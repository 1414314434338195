"""The rules of promotion and rollback with a registry in memory; tests/loop has them with MLflow's own server."""

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np
import pandas as pd
import pytest

from pageviews import frame, promotion, registry, storage, synthetic
from pageviews.errors import RegistryError
from pageviews.training import FEATURE_SET

VIEWS = synthetic.seasonal(0, days=200)
BEST, WORSE = 0.5, 0.25
HOLDOUT = {"holdout_first": "2024-06-21", "holdout_last": "2024-07-18"}


@dataclass
class Corrects:
    """Moves the week before towards the usual week: by half is best on these views, by less is worse."""

    by: float

    def fit(self, x: pd.DataFrame, y: pd.Series) -> None: ...

    def predict(self, x: pd.DataFrame) -> "np.ndarray[tuple[int], np.dtype[np.float64]]":
        return np.asarray(x["week_and_profile"] * self.by, dtype=np.float64)


@dataclass
class Memory:
    """Versions and aliases as in MLflow."""

    versions: dict[int, registry.Version] = field(default_factory=dict)
    models: dict[int, Corrects] = field(default_factory=dict)
    aliases: dict[str, int] = field(default_factory=dict)
    fails_at_alias: str | None = None

    def add(self, by: float, backtest_gain: float = 0.2, **tags: str) -> int:
        number = len(self.versions) + 1
        all_tags = {"snapshot_path": "x", "snapshot_sha256": "x", "feature_set": FEATURE_SET, **HOLDOUT, **tags}
        metrics = {"backtest_gain": backtest_gain, "backtest_standard_error": 0.02}
        self.versions[number] = registry.Version(number, f"run-{number}", all_tags, metrics)
        self.models[number] = Corrects(by)
        self.aliases["challenger"] = number
        return number

    def set_alias(self, alias: str, number: int) -> None:
        if alias == self.fails_at_alias:
            raise RegistryError("MLflow is down")
        self.aliases[alias] = number

    def tag(self, number: int, tags: Mapping[str, str]) -> None:
        found = self.versions[number]
        self.versions[number] = registry.Version(number, found.run_id, {**found.tags, **tags}, found.metrics)


@pytest.fixture
def memory(monkeypatch: pytest.MonkeyPatch) -> Memory:
    kept = Memory()
    monkeypatch.setenv("MLFLOW_TRACKING_URI", "http://127.0.0.1:9")
    monkeypatch.setattr(registry, "aliases", lambda: dict(kept.aliases))
    monkeypatch.setattr(registry, "version", lambda number: kept.versions[number])
    monkeypatch.setattr(registry, "load", lambda version: kept.models[version.number])
    monkeypatch.setattr(registry, "set_alias", kept.set_alias)
    monkeypatch.setattr(registry, "delete_alias", lambda alias: kept.aliases.pop(alias))
    monkeypatch.setattr(registry, "tag", kept.tag)
    monkeypatch.setattr(storage, "load", lambda snapshot: frame.to_csv(VIEWS))
    return kept


def test_the_first_that_beats_the_baseline_becomes_the_champion(memory: Memory) -> None:
    memory.add(by=WORSE)
    assert promotion.promote()
    assert memory.aliases == {"challenger": 1, "champion": 1}
    assert memory.versions[1].tags["gate"] == "promoted"


def test_a_better_one_replaces_it_and_a_worse_one_does_not(memory: Memory) -> None:
    memory.add(by=WORSE)
    promotion.promote()
    memory.add(by=BEST)
    assert promotion.promote()
    memory.add(by=WORSE)
    assert not promotion.promote()
    assert memory.aliases == {"challenger": 3, "champion": 2, "previous": 1}


def test_luck_on_the_holdout_is_not_enough(memory: Memory, capsys: pytest.CaptureFixture[str]) -> None:
    memory.add(by=BEST, backtest_gain=0.03)
    assert not promotion.promote()
    assert memory.aliases == {"challenger": 1}
    assert "in the backtest" in capsys.readouterr().out


def test_a_worse_one_is_promoted_where_that_is_asked(memory: Memory, capsys: pytest.CaptureFixture[str]) -> None:
    memory.add(by=BEST, backtest_gain=0.03)
    assert promotion.promote(even_if_worse=True)
    assert memory.aliases == {"challenger": 1, "champion": 1}
    assert "promoted: version 1: although in the backtest its error is" in capsys.readouterr().out


def test_a_promotion_that_was_cut_short_can_be_repeated(memory: Memory) -> None:
    memory.add(by=WORSE)
    promotion.promote()
    memory.add(by=BEST)
    memory.fails_at_alias = "champion"
    with pytest.raises(RegistryError):
        promotion.promote()
    memory.fails_at_alias = None
    assert promotion.promote()
    assert memory.aliases == {"challenger": 2, "champion": 2, "previous": 1}


def test_only_days_that_neither_model_has_seen_are_compared(memory: Memory, capsys: pytest.CaptureFixture[str]) -> None:
    memory.add(by=WORSE, holdout_first="2024-07-19")
    memory.aliases["champion"] = 1
    memory.add(by=BEST)
    assert not promotion.promote()
    assert "the champion was trained on views up to 2024-07-18, so no day is new to both" in capsys.readouterr().out


def test_a_champion_of_other_features_is_replaced_by_one_that_beats_the_baseline(memory: Memory) -> None:
    memory.add(by=BEST, feature_set="of an older image")
    memory.aliases["champion"] = 1
    memory.add(by=WORSE)
    assert promotion.promote()
    assert memory.aliases == {"challenger": 2, "champion": 2, "previous": 1}


def test_a_challenger_of_other_features_is_refused(memory: Memory) -> None:
    memory.add(by=BEST, feature_set="of a newer image")
    assert not promotion.promote()


def test_a_rollback_that_was_cut_short_can_be_repeated(memory: Memory, monkeypatch: pytest.MonkeyPatch) -> None:
    memory.add(by=WORSE)
    promotion.promote()
    memory.add(by=BEST)
    promotion.promote()

    def down(alias: str) -> None:
        raise RegistryError("MLflow is down")

    with monkeypatch.context() as patched:
        patched.setattr(registry, "delete_alias", down)
        with pytest.raises(RegistryError):
            promotion.roll_back()
    assert memory.aliases == {"challenger": 2, "champion": 1, "previous": 1}
    promotion.roll_back()
    assert memory.aliases == {"challenger": 2, "champion": 1}
    assert memory.versions[2].tags["rolled_back"] == "true"
    assert "rolled_back" not in memory.versions[1].tags
    assert not promotion.promote(), "what was rolled back stays so"


@pytest.mark.parametrize(
    ("user", "name"), [(None, "pageviews"), ("pageviews", "pageviews"), ("verify", "verify-pageviews")]
)
def test_each_project_has_a_model_of_its_own(user: str | None, name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    if user:
        monkeypatch.setenv("MLFLOW_TRACKING_USERNAME", user)
    assert registry.model_name() == name
