from collections.abc import Callable
from datetime import date, timedelta

import pytest

from pageviews.database import DailyViews
from pageviews.errors import DataQualityError, MissingDataError
from pageviews.quality import Limits, check

FIRST = date(2025, 1, 1)
TODAY = FIRST + timedelta(days=100)
LIMITS = Limits(min_days=90)

Rows = list[DailyViews]


def stored() -> Rows:
    """A hundred days up to yesterday."""
    return [DailyViews("Spain", FIRST + timedelta(days=n), 1000 + n % 7) for n in range(100)]


def replaced(rows: Rows, position: int, views: int | None) -> Rows:
    return [DailyViews(row.article, row.day, views) if number == position else row for number, row in enumerate(rows)]


def test_good_views_pass() -> None:
    check(stored(), ["Spain"], TODAY, LIMITS)


def test_the_newest_days_may_still_be_missing() -> None:
    rows = stored()
    for position in (97, 98, 99):
        rows = replaced(rows, position, None)
    check(rows, ["Spain"], TODAY, LIMITS)


def test_a_big_burst_of_news_passes() -> None:
    check(replaced(stored(), 60, 60_000), ["Spain"], TODAY, LIMITS)


def every_tenth_missing(rows: Rows) -> Rows:
    return [DailyViews(row.article, row.day, None if n % 10 == 5 else row.views) for n, row in enumerate(rows)]


@pytest.mark.parametrize(
    ("spoil", "problem"),
    [
        (lambda rows: [], "Spain: no views are stored: run pageviews ingest --articles=Spain"),
        (lambda rows: rows[:90], "the newest views are from 2025-03-31, 11 days before 2025-04-11; at most 7"),
        (lambda rows: rows[20:], "80 days of history (2025-01-21..2025-04-10); at least 90 are needed"),
        (
            lambda rows: rows[:40] + rows[42:],
            "2 days were never ingested, from 2025-02-10 to 2025-02-11: "
            "run pageviews ingest --articles=Spain --start 2025-02-10 --end 2025-02-11",
        ),
    ],
)
def test_missing_views_are_named(spoil: Callable[[Rows], Rows], problem: str) -> None:
    with pytest.raises(MissingDataError) as caught:
        check(spoil(stored()), ["Spain"], TODAY, LIMITS)
    assert problem in str(caught.value)


@pytest.mark.parametrize(
    ("spoil", "problem"),
    [
        (every_tenth_missing, "10 of 100 days have no views at the source, more than 5 %"),
        (lambda rows: replaced(rows, 50, 0), "1 days have 0 views, the first 2025-02-20, where 1003 are usual"),
        (lambda rows: replaced(rows, 50, 200_000), "2025-02-20 has 200000 views, more than 100 times the 1003"),
        (
            lambda rows: rows[:50] + [DailyViews("Spain", row.day, 777) for row in rows[50:57]] + rows[57:],
            "7 days in a row, from 2025-02-20, have exactly 777 views",
        ),
    ],
)
def test_bad_views_are_named(spoil: Callable[[Rows], Rows], problem: str) -> None:
    with pytest.raises(DataQualityError) as caught:
        check(spoil(stored()), ["Spain"], TODAY, LIMITS)
    assert problem in str(caught.value)
    assert not isinstance(caught.value, MissingDataError)


def test_all_problems_of_all_articles_are_named_at_once() -> None:
    with pytest.raises(DataQualityError) as caught:
        check(replaced(stored()[20:], 50, 0), ["Spain", "Amsterdam"], TODAY, LIMITS)
    assert not isinstance(caught.value, MissingDataError), "ingesting does not solve all of it"
    lines = str(caught.value).splitlines()
    assert [line.split(":")[0].strip() for line in lines[1:]] == ["Spain", "Spain", "Amsterdam"]


def test_views_from_the_judged_day_on_are_not_looked_at() -> None:
    later = [DailyViews("Spain", TODAY + timedelta(days=n), 0) for n in range(5)]
    check(stored() + later, ["Spain"], TODAY, LIMITS)


def test_an_article_that_nobody_reads_is_not_odd() -> None:
    rows = [DailyViews("Hamlet_(hamlet)", FIRST + timedelta(days=n), n % 2) for n in range(100)]
    check(rows, ["Hamlet_(hamlet)"], TODAY, LIMITS)
