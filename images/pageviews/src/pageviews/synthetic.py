"""Generated daily views for `baseline`, the bench and the tests: plausible ones, and unpredictable ones."""

from datetime import date

import numpy as np
import pandas as pd

FIRST_DAY = date(2024, 1, 1)
DAYS = 731
"""Two years, 2024 being a leap year."""

ARTICLES = ("Spain", "Amsterdam")


def seasonal(
    seed: int, *, articles: tuple[str, ...] = ARTICLES, first: date = FIRST_DAY, days: int = DAYS
) -> pd.DataFrame:
    """Views with a week, a year, a slow trend, noise that lasts for days, and a few bursts of news."""
    generator = np.random.default_rng(seed)
    index = pd.date_range(first, periods=days, freq="D", unit="us")
    return pd.DataFrame(
        {
            article: _seasonal_article(generator, index, level)
            for article, level in zip(articles, _levels(len(articles)), strict=True)
        },
        index=index,
    )


def random_walk(
    seed: int, *, articles: tuple[str, ...] = ARTICLES, first: date = FIRST_DAY, days: int = DAYS
) -> pd.DataFrame:
    """Views that change by about 5 % a day without memory: no forecast is better than the newest value."""
    generator = np.random.default_rng(seed)
    steps = generator.normal(0, 0.05, (days, len(articles)))
    views = np.exp(np.log(_levels(len(articles))) + steps.cumsum(axis=0))
    index = pd.date_range(first, periods=days, freq="D", unit="us")
    return pd.DataFrame(np.round(views), index=index, columns=list(articles))


def _levels(count: int) -> list[float]:
    return [9000.0 / (1 + position) for position in range(count)]


def _seasonal_article(
    generator: np.random.Generator, index: pd.DatetimeIndex, level: float
) -> "np.ndarray[tuple[int], np.dtype[np.float64]]":
    days = len(index)
    time = np.arange(days)
    year = 2 * np.pi * time / 365.25
    week = generator.normal(0, 0.12, 7)[index.day_of_week]
    seasons = 0.15 * np.sin(year + generator.uniform(0, 6)) + 0.05 * np.sin(2 * year + generator.uniform(0, 6))
    trend = generator.normal(0, 0.1) * time / days
    log_views = np.log(level) + week + seasons + trend + _lasting_noise(generator, days) + _news(generator, days)
    return np.asarray(np.round(np.exp(log_views)), dtype=np.float64)


def _lasting_noise(generator: np.random.Generator, days: int) -> "np.ndarray[tuple[int], np.dtype[np.float64]]":
    noise = generator.normal(0, 0.07, days)
    for day in range(1, days):
        noise[day] += 0.6 * noise[day - 1]
    return noise


def _news(generator: np.random.Generator, days: int) -> "np.ndarray[tuple[int], np.dtype[np.float64]]":
    bursts = np.zeros(days)
    for start in generator.choice(days, days // 120, replace=False):
        length = min(8, days - start)
        bursts[start : start + length] += generator.uniform(0.3, 1.2) * np.exp(-np.arange(length) / 2)
    return bursts
