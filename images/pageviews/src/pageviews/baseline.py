"""The model against "same day last week": the figures that say whether it is worth having."""

import json
from collections.abc import Iterable
from dataclasses import asdict, dataclass

import pandas as pd

from pageviews import frame, model, storage, synthetic
from pageviews.plan import EVALUATED_HORIZON_DAYS, HOLDOUT_DAYS


@dataclass(frozen=True)
class Row:
    """One comparison; errors in views a day, gains in percent below the baseline's error."""

    data: str
    seed: int
    mae: float
    baseline_mae: float
    gain_percent: float
    backtest_gain_percent: float
    backtest_standard_error_percent: float
    promoted: bool
    reason: str


def compare(data: str | None, seeds: int) -> list[Row]:
    """One row for each seed: of the given views, else of seasonal ones and of random walks."""
    if data is not None:
        views = frame.from_csv(storage.read(data), data)
        return [_row(data, seed, views) for seed in range(seeds)]
    return [
        _row(name, seed, generate(seed))
        for name, generate in (("seasonal", synthetic.seasonal), ("random walk", synthetic.random_walk))
        for seed in range(seeds)
    ]


def as_json(rows: Iterable[Row]) -> str:
    content = {
        "holdout_days": HOLDOUT_DAYS,
        "horizon_days": EVALUATED_HORIZON_DAYS,
        "comparisons": [asdict(row) for row in rows],
    }
    return json.dumps(content, indent=2)


def as_table(rows: Iterable[Row]) -> str:
    lines = [
        f"Mean absolute error in views a day, {EVALUATED_HORIZON_DAYS} days ahead, on the last {HOLDOUT_DAYS} days",
        "",
        f"{'data':<20} {'seed':>4} {'model':>9} {'last week':>9} {'gain':>8} {'backtest':>16}  gate",
    ]
    for row in rows:
        backtest = f"{row.backtest_gain_percent:+.1f} % ± {row.backtest_standard_error_percent:.1f}"
        lines.append(
            f"{row.data[-20:]:<20} {row.seed:>4} {row.mae:>9.1f} {row.baseline_mae:>9.1f} "
            f"{row.gain_percent:>+6.1f} % {backtest:>16}  {'promoted' if row.promoted else 'refused'}"
        )
    return "\n".join(lines)


def _row(data: str, seed: int, views: pd.DataFrame) -> Row:
    trained = model.train(views, seed)
    decision = model.decide(trained.holdout, trained.backtest, champion=None)
    return Row(
        data=data,
        seed=seed,
        mae=trained.holdout.mae,
        baseline_mae=trained.holdout.baseline_mae,
        gain_percent=100 * trained.holdout.gain,
        backtest_gain_percent=100 * trained.backtest.gain,
        backtest_standard_error_percent=100 * trained.backtest.standard_error,
        promoted=decision.promote,
        reason=decision.reason,
    )
