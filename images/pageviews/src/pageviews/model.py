"""The forecast model: fitting it, measuring it against "same day last week", and the gate to production.

The model that is measured is the one that is registered: it never sees the holdout. It is not stale for
that, because the newest views reach it as features.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Protocol

import numpy as np
import pandas as pd
from sklearn.ensemble import HistGradientBoostingRegressor, VotingRegressor
from sklearn.linear_model import HuberRegressor
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler
from threadpoolctl import threadpool_limits

from pageviews.errors import DataQualityError
from pageviews.features import FEATURES, rows
from pageviews.plan import (
    BACKTEST_FOLDS,
    EVALUATED_HORIZON_DAYS,
    HOLDOUT_DAYS,
    MIN_BACKTEST_FOLDS,
    MIN_DAYS,
    MIN_TRAINING_DAYS,
)

MIN_GAIN = 0.05
"""Share by which a model's error must be below the baseline's, on the holdout and in the backtest."""

MIN_STANDARD_ERRORS = 2.0
"""How far the backtest's gain must be from none, so that it is not luck."""


class Estimator(Protocol):
    def fit(self, x: pd.DataFrame, y: pd.Series) -> object: ...

    def predict(self, x: pd.DataFrame) -> "np.ndarray[tuple[int], np.dtype[np.float64]]": ...


Builder = Callable[[int], Estimator]


@dataclass(frozen=True)
class Score:
    """Mean absolute errors in views a day, over the same days."""

    mae: float
    baseline_mae: float

    @property
    def gain(self) -> float:
        """Share by which the error is below the baseline's; negative when it is above."""
        return 1 - self.mae / self.baseline_mae if self.baseline_mae else 0.0


@dataclass(frozen=True)
class Backtest:
    """The mean gain over earlier windows of 28 days, each with a model that knew only what was before it."""

    gain: float
    standard_error: float


@dataclass(frozen=True)
class Trained:
    """A fitted model with what it was measured on."""

    estimator: Estimator
    holdout_first: date
    holdout_last: date
    holdout: Score
    backtest: Backtest


@dataclass(frozen=True)
class Decision:
    promote: bool
    reason: str


def build(seed: int) -> Estimator:
    """The average of a linear model, which news bursts do not pull away, and of boosted trees for the rest."""
    linear = make_pipeline(StandardScaler(), HuberRegressor(alpha=1.0, max_iter=300))
    trees = HistGradientBoostingRegressor(
        loss="absolute_error",
        learning_rate=0.1,
        max_iter=40,
        max_leaf_nodes=8,
        min_samples_leaf=300,
        max_features=0.5,
        random_state=seed,
    )
    estimator: Estimator = VotingRegressor([("linear", linear), ("trees", trees)])
    return estimator


def fit(table: pd.DataFrame, seed: int, builder: Builder = build) -> Estimator:
    """Learns how much the views differ from the same day a week before, as a logarithm."""
    known = table.dropna(subset=["views"])
    estimator = builder(seed)
    # On a busy or limited CPU, more threads wait for each other: one is twenty times as fast there.
    with threadpool_limits(limits=1):
        estimator.fit(known[FEATURES], np.log1p(known["views"]) - known["week_before"])
    return estimator


def predict(estimator: Estimator, table: pd.DataFrame) -> "np.ndarray[tuple[int], np.dtype[np.float64]]":
    """Views for each row, never negative."""
    with threadpool_limits(limits=1):
        log_views = table["week_before"].to_numpy() + estimator.predict(table[FEATURES])
    return np.maximum(np.expm1(log_views), 0.0)


def score(estimator: Estimator, table: pd.DataFrame, first: date, last: date) -> Score:
    """The errors over the known days from `first` to `last`, a week ahead."""
    held = _between(table, first, last)
    held = held[held["horizon"] == EVALUATED_HORIZON_DAYS].dropna(subset=["views"])
    if held.empty:
        raise DataQualityError(f"No views are known from {first} to {last}: a model cannot be evaluated without views.")
    return Score(
        mae=float(np.abs(predict(estimator, held) - held["views"]).mean()),
        baseline_mae=float(np.abs(np.expm1(held["week_before"]) - held["views"]).mean()),
    )


def train(views: pd.DataFrame, seed: int, builder: Builder = build) -> Trained:
    """Fits on all but the last 28 days, and measures on these and in a backtest over the windows before.

    Raises:
        DataQualityError: there is too little history.
    """
    if len(views) < MIN_DAYS:
        raise DataQualityError(
            f"{len(views)} days of views are too few: at least {MIN_DAYS} are needed; ingest earlier days."
        )
    table = rows(views)
    last = pd.Timestamp(views.index[-1]).date()
    first = last - timedelta(days=HOLDOUT_DAYS - 1)
    estimator = fit(_before(table, first), seed, builder)
    return Trained(
        estimator=estimator,
        holdout_first=first,
        holdout_last=last,
        holdout=score(estimator, table, first, last),
        backtest=_backtest(table, first, seed, builder),
    )


def decide(challenger: Score, backtest: Backtest, champion: Score | None) -> Decision:
    """Whether the challenger replaces the champion.

    28 days, each forecast a week ahead, hold about four independent errors: on a random walk one model in
    eight is 5 % ahead of the baseline there by luck. A year of backtest is what tells the two apart.
    """
    if challenger.gain < MIN_GAIN:
        return Decision(
            False,
            f"its error on the holdout ({challenger.mae:.1f} views a day) is {challenger.gain:.1%} below that of "
            f"'same day last week' ({challenger.baseline_mae:.1f}); at least {MIN_GAIN:.0%} is asked",
        )
    if backtest.gain < max(MIN_GAIN, MIN_STANDARD_ERRORS * backtest.standard_error):
        return Decision(
            False,
            f"in the backtest its error is {backtest.gain:.1%} below that of 'same day last week', with a standard "
            f"error of {backtest.standard_error:.1%}; at least {MIN_GAIN:.0%} and {MIN_STANDARD_ERRORS:g} standard "
            "errors are asked",
        )
    if champion is None:
        return Decision(True, f"its error is {challenger.gain:.1%} below that of 'same day last week'")
    if challenger.mae < champion.mae:
        return Decision(True, f"its error ({challenger.mae:.1f}) is below the champion's ({champion.mae:.1f})")
    return Decision(False, f"its error ({challenger.mae:.1f}) is not below the champion's ({champion.mae:.1f})")


def _backtest(table: pd.DataFrame, before: date, seed: int, builder: Builder) -> Backtest:
    gains: list[float] = []
    for fold in range(1, BACKTEST_FOLDS + 1):
        first = before - timedelta(days=fold * HOLDOUT_DAYS)
        earlier = _before(table, first)
        if len(gains) >= MIN_BACKTEST_FOLDS and earlier["day"].nunique() < MIN_TRAINING_DAYS:
            break
        estimator = fit(earlier, seed, builder)
        gains.append(score(estimator, table, first, first + timedelta(days=HOLDOUT_DAYS - 1)).gain)
    return Backtest(gain=float(np.mean(gains)), standard_error=float(np.std(gains, ddof=1) / np.sqrt(len(gains))))


def _before(table: pd.DataFrame, day: date) -> pd.DataFrame:
    return table[table["day"] < pd.Timestamp(day)]


def _between(table: pd.DataFrame, first: date, last: date) -> pd.DataFrame:
    return table[(table["day"] >= pd.Timestamp(first)) & (table["day"] <= pd.Timestamp(last))]
