from datetime import date

import numpy as np
import pandas as pd
import pytest

from pageviews import frame, synthetic
from pageviews.database import DailyViews
from pageviews.errors import ConfigurationError, DataQualityError


def test_rows_become_a_column_for_each_article_and_missing_days_nan() -> None:
    rows = [
        DailyViews("Amsterdam", date(2025, 1, 1), 5),
        DailyViews("Spain", date(2025, 1, 1), 10),
        DailyViews("Spain", date(2025, 1, 2), None),
        DailyViews("Spain", date(2025, 1, 4), 40),
    ]
    table = frame.from_rows(rows, ["Spain", "Amsterdam"])
    assert list(table.columns) == ["Spain", "Amsterdam"]
    assert list(table.index) == list(pd.date_range("2025-01-01", "2025-01-04"))
    np.testing.assert_array_equal(table.to_numpy(), [[10, 5], [np.nan, np.nan], [np.nan, np.nan], [40, np.nan]])


def test_an_article_of_which_nothing_is_known_is_named() -> None:
    rows = [DailyViews("Spain", date(2025, 1, 1), 10), DailyViews("Atlantis", date(2025, 1, 1), None)]
    with pytest.raises(DataQualityError, match="No views of Atlantis are stored"):
        frame.from_rows(rows, ["Spain", "Atlantis"])


def test_csv_keeps_everything_and_is_the_same_each_time() -> None:
    views = synthetic.seasonal(0, days=10, articles=("AC/DC", 'The "x", y', "NA"))
    views.iloc[3, 0] = np.nan
    content = frame.to_csv(views)
    pd.testing.assert_frame_equal(frame.from_csv(content, "x"), views, check_freq=False)
    assert frame.to_csv(frame.from_csv(content, "x")) == content


@pytest.mark.parametrize(
    ("content", "problem"),
    [
        (b"", "No columns"),
        (b"title,day,views\nSpain,2025-01-01,1\n", "its columns are title, day, views"),
        (b"article,day,views\nSpain,1 Jan,1\n", "1 Jan"),
        (b"article,day,views\nSpain,2025-01-01,many\n", "many"),
        (b"article,day,views\nSpain,2025-01-01,1\nSpain,2025-01-01,2\n", "twice"),
        (b"article,day,views\nSpain,2025-01-01,\n", "no views"),
    ],
)
def test_csv_of_something_else_is_refused(content: bytes, problem: str) -> None:
    with pytest.raises(ConfigurationError, match=r"^views.csv is not a table of views") as caught:
        frame.from_csv(content, "views.csv")
    assert problem in str(caught.value)
