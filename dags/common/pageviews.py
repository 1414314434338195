"""Code that the pageviews DAGs share: their projects, their articles, and the assets that start them."""

from dataclasses import dataclass

from airflow.sdk import Asset

from common.platform import platform
from common.tasks import NOT_YET

PROJECT = "pageviews"
VERIFY = "verify"
"""The project in which `make verify` tests the pipeline, on any stack that lists it."""

ARTICLES = ("Spain", "Amsterdam")
"""Titles in the English Wikipedia, as people write them, or addresses of their pages."""

DAYS_AGAIN = 3
"""Days that each run of the ingestion asks for once more: a day's views appear about 24 hours later."""

VIEWS = Asset("pageviews_daily_views")
"""Daily views in Postgres; updated by every ingestion."""

CHAMPION = Asset("pageviews_champion")
"""The model with MLflow's alias `champion`; updated when a promotion moves the alias."""

PREDICTIONS = Asset("pageviews_predictions")
"""Predictions in Postgres, each with the version of the model that made it."""


@dataclass(frozen=True)
class Pipeline:
    """The pageviews DAGs of one project."""

    project: str
    articles: tuple[str, ...]
    history_days: int
    """Of the last so many days, the ingestion asks for those that are missing: a first run brings the whole history."""

    wait_minutes: int
    """How long the first training waits for the first ingestion."""

    promote: tuple[str, ...]
    """Arguments of `pageviews promote`."""

    is_trial: bool
    """Whether only `make verify` starts the DAGs: they have no schedule, wait for no data and start no other DAG."""

    def dag_id(self, name: str) -> str:
        return f"{VERIFY}_{name}" if self.is_trial else name

    @property
    def article_arguments(self) -> list[str]:
        """An argument for each title: none is split, and one may begin with a hyphen."""
        return [f"--articles={title}" for title in self.articles]

    @property
    def starts_by_itself(self) -> bool:
        """It then asks Wikimedia in the operator's name, so its DAGs are paused until someone switches them on."""
        return not self.is_trial

    @property
    def skip_on_exit_code(self) -> int | None:
        """Before the first predictions, a task whose data is missing is skipped; `make verify` wants a failure."""
        return None if self.is_trial else NOT_YET

    def tags(self, *tags: str) -> list[str]:
        return [VERIFY, *tags] if self.is_trial else [PROJECT, *tags]

    def assets(self, *assets: Asset) -> list[Asset]:
        """The assets that its tasks read and write."""
        return [] if self.is_trial else list(assets)


def pipelines() -> list[Pipeline]:
    """The pipelines of this platform's projects; `verify` only if the stack lists it."""
    # Two years: two requests an article, and every fold of the backtest.
    daily = Pipeline(PROJECT, ARTICLES, history_days=732, wait_minutes=30, promote=(), is_trial=False)
    # One article, and few more days than the 389 that a training needs, so a check takes minutes. The quality of
    # the model does not matter for a check of the platform.
    trial = Pipeline(
        VERIFY, ARTICLES[:1], history_days=420, wait_minutes=0, promote=("--even-if-worse",), is_trial=True
    )
    return [daily, trial] if VERIFY in platform().projects else [daily]
