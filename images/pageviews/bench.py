"""How fast the pipeline's two longer steps are here: a table, then the same as JSON. `make bench` runs it.

Rows are ingested from a local stand-in of the API, so the figure is what this package and Postgres take, not
what Wikimedia does. Without PostgreSQL's server the figure is null and the reason is given.
"""

import contextlib
import io
import json
import os
import sys
import time
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

FOLDER = Path(__file__).resolve().parent
sys.path[:0] = [str(FOLDER / "tests"), str(FOLDER.parent.parent / "tests" / "loop")]

import services  # noqa: E402
from wikimedia_server import WikimediaServer  # noqa: E402

from pageviews import model, synthetic  # noqa: E402
from pageviews.ingest import ingest  # noqa: E402

ARTICLES = tuple(f"Article_{number}" for number in range(20))
RUNS = 3


def main() -> None:
    figures = {**ingested_rows_per_second(), "train_seconds": round(train_seconds(), 2)}
    rows_per_second = figures["ingest_rows_per_second"]
    print(f"{f'Pageviews, best of {RUNS}':<28}  measured")
    print(f"{'rows ingested per second':<28}  {'skipped' if rows_per_second is None else rows_per_second:>8}")
    print(f"{'seconds to train':<28}  {figures['train_seconds']:>8}\n")
    print(json.dumps(figures, indent=2))


def ingested_rows_per_second() -> dict[str, object]:
    """The best of three runs into an empty database: twenty articles, two years."""
    days = [synthetic.FIRST_DAY + timedelta(days=n) for n in range(synthetic.DAYS)]
    table = synthetic.seasonal(0, articles=ARTICLES)
    views = {article: dict(zip(days, table[article].astype(int), strict=True)) for article in ARTICLES}
    try:
        postgres = services.Postgres()
    except services.NotInstalled as reason:
        return {"ingest_rows_per_second": None, "ingest_skipped": str(reason)}
    seconds: list[float] = []
    with contextlib.closing(postgres), WikimediaServer(views).running() as wikimedia:
        os.environ.update({"WIKIMEDIA_CONTACT": "bench@example.org", "WIKIMEDIA_BASE_URL": wikimedia.base_url})
        for run in range(RUNS):
            postgres.create_database(f"bench_{run}")
            os.environ.update(postgres.environment(f"bench_{run}"))
            with timed(seconds), contextlib.redirect_stdout(io.StringIO()):
                ingest(ARTICLES, days[0], days[-1])
    rows = len(ARTICLES) * len(days)
    return {"ingest_rows_per_second": round(rows / min(seconds)), "ingest_rows": rows}


def train_seconds() -> float:
    """The best of three trainings of two articles over two years, backtest included."""
    views = synthetic.seasonal(0)
    seconds: list[float] = []
    for _ in range(RUNS):
        with timed(seconds):
            model.train(views, seed=0)
    return min(seconds)


@contextlib.contextmanager
def timed(seconds: list[float]) -> Iterator[None]:
    start = time.perf_counter()
    yield
    seconds.append(time.perf_counter() - start)


if __name__ == "__main__":
    main()
