from datetime import timedelta

import numpy as np
import pandas as pd
import pytest

from pageviews import model, synthetic
from pageviews.errors import DataQualityError
from pageviews.features import rows
from pageviews.model import Backtest, Score, decide
from pageviews.plan import MIN_DAYS

GOOD = Score(mae=80.0, baseline_mae=100.0)
SURE = Backtest(gain=0.2, standard_error=0.03)


@pytest.mark.parametrize(
    ("challenger", "backtest", "champion", "promoted", "reason"),
    [
        (GOOD, SURE, None, True, "20.0% below that of 'same day last week'"),
        (GOOD, SURE, Score(81.0, 100.0), True, "(80.0) is below the champion's (81.0)"),
        (GOOD, SURE, Score(80.0, 100.0), False, "(80.0) is not below the champion's (80.0)"),
        (GOOD, SURE, Score(79.0, 100.0), False, "not below the champion's (79.0)"),
        (Score(96.0, 100.0), SURE, None, False, "at least 5% is asked"),
        (Score(96.0, 100.0), SURE, Score(120.0, 100.0), False, "at least 5% is asked"),
        (GOOD, Backtest(0.04, 0.001), None, False, "in the backtest"),
        (GOOD, Backtest(0.07, 0.04), None, False, "2 standard errors are asked"),
    ],
)
def test_the_gate(challenger: Score, backtest: Backtest, champion: Score | None, promoted: bool, reason: str) -> None:
    decision = decide(challenger, backtest, champion)
    assert decision.promote is promoted
    assert reason in decision.reason


def test_too_little_history_is_refused() -> None:
    with pytest.raises(DataQualityError, match=f"{MIN_DAYS - 1} days of views are too few: at least {MIN_DAYS}"):
        model.train(synthetic.seasonal(0, days=MIN_DAYS - 1), seed=0)


def test_the_least_history_is_enough() -> None:
    trained = model.train(synthetic.seasonal(0, days=MIN_DAYS), seed=0)
    assert trained.holdout_last - trained.holdout_first == timedelta(days=27)
    assert np.isfinite([trained.holdout.gain, trained.backtest.gain, trained.backtest.standard_error]).all()


def test_the_registered_model_has_not_seen_the_holdout() -> None:
    views = synthetic.seasonal(0, days=MIN_DAYS)
    changed = views.copy()
    changed.iloc[-28:] = 1.0
    table = rows(views)
    first = model.train(views, seed=3).estimator
    second = model.train(changed, seed=3).estimator
    assert (model.predict(first, table) == model.predict(second, table)).all()


def test_the_same_seed_makes_the_same_model() -> None:
    views = synthetic.seasonal(0, days=MIN_DAYS)
    assert model.train(views, seed=3).holdout == model.train(views, seed=3).holdout
    assert model.train(views, seed=3).holdout != model.train(views, seed=4).holdout


def test_days_without_views_count_neither_for_nor_against() -> None:
    class LikeLastWeek:
        def fit(self, x: pd.DataFrame, y: pd.Series) -> None: ...

        def predict(self, x: pd.DataFrame) -> "np.ndarray[tuple[int], np.dtype[np.float64]]":
            return np.zeros(len(x))

    views = synthetic.seasonal(0, days=120, articles=("Spain",))
    first, last = views.index[-28].date(), views.index[-1].date()
    errors = (views["Spain"] - views["Spain"].shift(7)).abs().iloc[-28:]
    whole = model.score(LikeLastWeek(), rows(views), first, last)
    assert whole.mae == pytest.approx(errors.mean())
    assert whole.gain == pytest.approx(0)
    views.iloc[-1] = np.nan
    assert model.score(LikeLastWeek(), rows(views), first, last).mae == pytest.approx(errors.iloc[:-1].mean())
