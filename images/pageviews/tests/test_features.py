from datetime import date, timedelta

import numpy as np
import pandas as pd
import pytest

from pageviews import synthetic
from pageviews.features import FEATURES, rows, rows_from
from pageviews.plan import HISTORY_DAYS

VIEWS = synthetic.seasonal(1, days=500)


def test_a_row_uses_nothing_later_than_the_day_it_looks_ahead_from() -> None:
    origin = VIEWS.index[450]
    changed = VIEWS.copy()
    changed.loc[changed.index > origin] = 1.0
    before, after = rows(VIEWS), rows(changed)
    seen = (before["day"] - pd.to_timedelta(before["horizon"], unit="D")) <= origin
    pd.testing.assert_frame_equal(before[seen][[*FEATURES, "week_before"]], after[seen][[*FEATURES, "week_before"]])
    assert (before[seen]["day"] > origin).any(), "days after the origin are among the rows"


def test_the_first_days_with_all_rows_are_after_as_many_as_said() -> None:
    table = rows(VIEWS)
    every_horizon = table.groupby("day")["horizon"].nunique() == 7
    assert (every_horizon.idxmax() - VIEWS.index[0]).days == HISTORY_DAYS


def test_the_week_before_is_the_same_day_last_week() -> None:
    table = rows(VIEWS)
    row = table[(table["article"] == "Spain") & (table["day"] == VIEWS.index[300])].iloc[0]
    assert np.expm1(row["week_before"]) == pytest.approx(VIEWS["Spain"].iloc[293])


def test_rows_to_predict_are_the_days_ahead_in_order() -> None:
    first = date(2025, 2, 1)
    table = rows_from(VIEWS, first, 3)
    expected = [(article, n) for article in VIEWS.columns for n in (1, 2, 3)]
    assert list(zip(table["article"], table["horizon"], strict=True)) == expected
    assert list(table["day"].dt.date) == [first + timedelta(days=n - 1) for _, n in expected]


def test_rows_to_predict_ignore_views_from_the_forecast_date_on() -> None:
    first = date(2025, 2, 1)
    cut = VIEWS[VIEWS.index < pd.Timestamp(first)]
    pd.testing.assert_frame_equal(rows_from(VIEWS, first, 7)[FEATURES], rows_from(cut, first, 7)[FEATURES])


def test_missing_days_leave_no_hole_in_the_features() -> None:
    gaps = VIEWS.copy()
    gaps.iloc[440:450, 0] = np.nan
    gaps.iloc[499, 1] = np.nan
    table = rows_from(gaps, date(2025, 5, 15), 7)
    assert len(table) == 14
    assert np.isfinite(table[FEATURES].to_numpy()).all()
