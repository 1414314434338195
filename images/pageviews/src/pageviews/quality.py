"""What the views must satisfy before a model may learn from them."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from statistics import median

from pageviews import titles
from pageviews.database import DailyViews
from pageviews.days import days_between
from pageviews.errors import DataQualityError, MissingDataError


@dataclass(frozen=True)
class Limits:
    """What is still good enough.

    `spike_factor`: how many times the median of the 28 days before it a day may be; real news stays below.
    """

    min_days: int
    max_age_days: int = 7
    max_missing_percent: float = 5.0
    spike_factor: float = 100.0


@dataclass(frozen=True)
class Problem:
    """`is_missing`: views that were not ingested, or not yet; others are wrong at the source."""

    text: str
    is_missing: bool = False


def check(rows: Iterable[DailyViews], articles: Sequence[str], today: date, limits: Limits) -> None:
    """Passes, or names every problem at once.

    Raises:
        MissingDataError: with one line for each problem, where ingesting solves all.
        DataQualityError: else, also with one line for each.
    """
    of_article: dict[str, list[DailyViews]] = {article: [] for article in articles}
    for row in rows:
        if row.day < today:
            of_article[row.article].append(row)
    problems = [
        (article, problem) for article in articles for problem in _problems(article, of_article[article], today, limits)
    ]
    if problems:
        kind = MissingDataError if all(problem.is_missing for _, problem in problems) else DataQualityError
        lines = [f"{article}: {problem.text}" for article, problem in problems]
        raise kind("the stored views are not fit for training:\n  " + "\n  ".join(lines))


def _problems(article: str, rows: list[DailyViews], today: date, limits: Limits) -> list[Problem]:
    known = [row for row in rows if row.views is not None]
    missing = [Problem(text, is_missing=True) for text in _not_ingested(article, rows, known, today, limits)]
    return missing + [Problem(text) for text in _wrong_at_source(rows, known, limits)]


def _not_ingested(
    article: str, rows: list[DailyViews], known: list[DailyViews], today: date, limits: Limits
) -> list[str]:
    if not known:
        return [f"no views are stored: run pageviews ingest {titles.as_argument(article)} …"]
    first, newest = known[0].day, known[-1].day
    found = []
    age = (today - newest).days
    if age > limits.max_age_days:
        found.append(
            f"the newest views are from {newest}, {age} days before {today}; at most {limits.max_age_days} are "
            f"allowed: run pageviews ingest {titles.as_argument(article)} --start {newest + timedelta(days=1)} --end …"
        )
    length = (newest - first).days + 1
    if length < limits.min_days:
        found.append(
            f"{length} days of history ({first}..{newest}); at least {limits.min_days} are needed: ingest earlier days"
        )
    never_asked = sorted(set(days_between(first, newest)) - {row.day for row in rows})
    if never_asked:
        found.append(
            f"{len(never_asked)} days were never ingested, from {never_asked[0]} to {never_asked[-1]}: "
            f"run pageviews ingest {titles.as_argument(article)} --start {never_asked[0]} --end {never_asked[-1]}"
        )
    return found


def _wrong_at_source(rows: list[DailyViews], known: list[DailyViews], limits: Limits) -> list[str]:
    if not known:
        return []
    days = set(days_between(known[0].day, known[-1].day))
    missing = sum(row.views is None for row in rows if row.day in days)
    if missing <= len(days) * limits.max_missing_percent / 100:
        return _odd_counts(known, limits)
    return [
        f"{missing} of {len(days)} days have no views at the source, more than {limits.max_missing_percent:g} %: "
        "check that the article has not been renamed",
        *_odd_counts(known, limits),
    ]


def _odd_counts(known: list[DailyViews], limits: Limits) -> list[str]:
    counts = [row.views or 0 for row in known]
    usual = median(counts)
    found = []
    # One view a day on an unpopular article is normal; none on a popular one is a fault.
    zeros = [row.day for row in known if row.views == 0]
    if zeros and usual >= 100:
        found.append(
            f"{len(zeros)} days have 0 views, the first {zeros[0]}, where {usual:.0f} are usual: "
            "a fault at the source; ingest these days again"
        )
    for position in range(28, len(known)):
        before = median(counts[position - 28 : position])
        if before >= 100 and counts[position] > limits.spike_factor * before:
            found.append(
                f"{known[position].day} has {counts[position]} views, more than {limits.spike_factor:g} times "
                f"the {before:.0f} of the four weeks before: ingest the day again, or allow it with --spike-factor"
            )
    stuck = _longest_repeat(known)
    if len(stuck) >= 7 and usual >= 100:
        found.append(
            f"{len(stuck)} days in a row, from {stuck[0].day}, have exactly {stuck[0].views} views: ingest them again"
        )
    return found


def _longest_repeat(known: list[DailyViews]) -> list[DailyViews]:
    longest: list[DailyViews] = []
    current: list[DailyViews] = []
    for row in known:
        current = [*current, row] if current and current[-1].views == row.views else [row]
        longest = max(longest, current, key=len)
    return longest
