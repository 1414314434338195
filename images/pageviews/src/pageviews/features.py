"""Rows to learn from and to predict with: one for each article, day and number of days ahead.

Everything is in logarithms (articles differ by orders of magnitude, and weeks and seasons are factors), and
relative to the same day a week before, which is both the baseline and what the model corrects. A row's
features use nothing later than the day it looks ahead from; a test holds that.
"""

from collections.abc import Iterable
from datetime import date

import numpy as np
import pandas as pd

from pageviews.plan import MAX_HORIZON_DAYS, WEEKS_OF_PROFILE

_LEVELS = [
    "two_weeks_ago",
    "earlier_weeks",
    "week_and_profile",
    "month_and_profile",
    "month",
    "newest_day",
    "trend",
]
_SCALED = [f"{name}_by_horizon" for name in _LEVELS]
FEATURES = [*_LEVELS, *_SCALED, "last_year", "season_sine", "season_cosine"]


def rows(views: pd.DataFrame, horizons: Iterable[int] = range(1, MAX_HORIZON_DAYS + 1)) -> pd.DataFrame:
    """All rows whose features are known.

    Args:
        views: A column of daily views for each article, NaN where a day is missing, without a gap in the index.

    Returns:
        Columns `article`, `day` (the day ahead), `horizon`, FEATURES, `week_before` (logarithm) and `views`
        (NaN where they are not known).
    """
    frames = [_article_rows(article, views[article], list(horizons)) for article in views.columns]
    return pd.concat(frames, ignore_index=True).dropna(subset=[*FEATURES, "week_before"])


def rows_from(views: pd.DataFrame, first: date, days: int) -> pd.DataFrame:
    """The rows that predict `days` days from `first` on, with what is known before `first`."""
    start = pd.Timestamp(first)
    index = pd.date_range(views.index[0], start + pd.Timedelta(days=days - 1), freq="D")
    table = rows(views.reindex(index), range(1, days + 1))
    return table[table["day"] == start + pd.to_timedelta(table["horizon"] - 1, unit="D")]


def _article_rows(article: str, views: pd.Series, horizons: list[int]) -> pd.DataFrame:
    # A missing day is taken to be like the same day of the week before.
    log_views = pd.Series(np.log1p(views.astype(float)), index=views.index)
    log_views = log_views.fillna(log_views.shift(7)).ffill()
    week = log_views.rolling(7).mean()
    month = log_views.rolling(28).mean()
    typical = log_views.rolling(28).median()
    deviation = log_views - week.shift(-3)
    # The average deviation of this day of the week; the newest one used ends 11 days before the day itself.
    weeks = [deviation.shift(7 * k) for k in range(2, WEEKS_OF_PROFILE + 2)]
    profile = pd.concat(weeks, axis=1).mean(axis=1, skipna=False)
    before = log_views.shift(7)
    day_of_year = 2 * np.pi * pd.DatetimeIndex(views.index).day_of_year / 365.25
    frames = []
    for ahead in horizons:
        week_then = week.shift(ahead)
        frame = pd.DataFrame(
            {
                "article": article,
                "day": views.index,
                "horizon": ahead,
                "two_weeks_ago": log_views.shift(14) - before,
                "earlier_weeks": sum(log_views.shift(7 * k) for k in (2, 3, 4)) / 3 - before,
                "week_and_profile": week_then + profile - before,
                "month_and_profile": typical.shift(ahead) + profile - before,
                "month": month.shift(ahead) - week_then,
                "newest_day": log_views.shift(ahead) - profile.shift(ahead) - week_then,
                "trend": week_then - week.shift(ahead + 7),
                # How the season moved a year ago; without a year of history, not at all.
                "last_year": (week.shift(361) - week.shift(361 + ahead)).fillna(0.0),
                "season_sine": np.sin(day_of_year),
                "season_cosine": np.cos(day_of_year),
                "week_before": before,
                "views": views,
            }
        )
        # The nearer the day, the more the newest views say.
        frame[_SCALED] = frame[_LEVELS] * (MAX_HORIZON_DAYS - ahead) / MAX_HORIZON_DAYS
        frames.append(frame)
    return pd.concat(frames, ignore_index=True)
