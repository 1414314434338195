"""Daily views as one table: a row for each day, a column for each article, NaN where a day is missing."""

import io
from collections.abc import Iterable, Sequence

import pandas as pd

from pageviews.database import DailyViews
from pageviews.errors import ConfigurationError, MissingDataError

COLUMNS = ["article", "day", "views"]


def from_rows(rows: Iterable[DailyViews], articles: Sequence[str]) -> pd.DataFrame:
    """The table from the first to the last day that is known of any of the articles.

    Raises:
        MissingDataError: nothing is known of an article.
    """
    long = pd.DataFrame([(row.article, row.day, row.views) for row in rows], columns=COLUMNS)
    absent = [article for article in articles if article not in set(long.dropna()["article"])]
    if absent:
        raise MissingDataError(f"No views of {', '.join(absent)} are stored: run pageviews ingest for them first.")
    return _wide(long, articles)


def to_csv(views: pd.DataFrame) -> bytes:
    """The table in long form (article, day, views); the same table gives the same bytes."""
    long = views.rename_axis(index="day").reset_index().melt("day", var_name="article", value_name="views")
    text = long[COLUMNS].to_csv(index=False, date_format="%Y-%m-%d", float_format="%.0f", lineterminator="\n")
    return text.encode()


def from_csv(content: bytes, source: str) -> pd.DataFrame:
    """The table from its long form; a day without views, or without a line, is missing.

    Raises:
        ConfigurationError: the columns are others, or hold something else than days and counts.
    """
    try:
        long = pd.read_csv(io.BytesIO(content), dtype={"article": str}, keep_default_na=False, na_values={"views": ""})
        if not set(COLUMNS) <= set(long.columns):
            raise ValueError(f"its columns are {', '.join(long.columns)}")
        if long.duplicated(["article", "day"]).any():
            raise ValueError("an article has a day twice")
        long["day"] = pd.to_datetime(long["day"], format="%Y-%m-%d")
        long["views"] = long["views"].astype(float)
        if long["views"].dropna().empty:
            raise ValueError("it has no views")
    except (ValueError, KeyError) as error:
        raise ConfigurationError(
            f"{source} is not a table of views ({error}): it must be CSV with the columns {', '.join(COLUMNS)}, "
            "days as YYYY-MM-DD and views as numbers, empty where a day is missing."
        ) from error
    return _wide(long, list(dict.fromkeys(long["article"])))


def _wide(long: pd.DataFrame, articles: Sequence[str]) -> pd.DataFrame:
    known = long.dropna(subset=["views"])
    wide = known.assign(day=pd.to_datetime(known["day"]), views=known["views"].astype(float)).pivot(
        index="day", columns="article", values="views"
    )
    days = pd.date_range(wide.index.min(), wide.index.max(), freq="D", unit="us")
    # Plain names: an axis called "article" or "day" would collide with the columns made from it.
    return pd.DataFrame(wide.reindex(days)[list(articles)].to_numpy(), index=days, columns=list(articles))
