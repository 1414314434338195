"""Code that the pageviews DAGs share: their projects, their articles, and the assets that start them."""

from dataclasses import dataclass

from airflow.sdk import Asset

from common.platform import platform

PROJECT = "pageviews"
VERIFY = "verify"
"""The project in which `make verify` tests the pipeline, on any stack that lists it."""

ARTICLES = ("Spain", "Amsterdam")

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
    ingested_days: int
    """Number of days before its own that an ingestion requests."""

    promote: tuple[str, ...]
    """Arguments of `pageviews promote`."""

    is_trial: bool
    """Whether only `make verify` starts the DAGs: they have no schedule, wait for no data and start no other DAG."""

    def dag_id(self, name: str) -> str:
        return f"{VERIFY}_{name}" if self.is_trial else name

    def tags(self, *tags: str) -> list[str]:
        return [VERIFY, *tags] if self.is_trial else [PROJECT, *tags]

    def assets(self, *assets: Asset) -> list[Asset]:
        """The assets that its tasks read and write."""
        return [] if self.is_trial else list(assets)


def pipelines() -> list[Pipeline]:
    """The pipelines of this platform's projects; `verify` only if the stack lists it."""
    # A day's views appear about 24 hours later: each run requests the last three days again.
    daily = Pipeline(PROJECT, ARTICLES, ingested_days=3, promote=(), is_trial=False)
    # One article, and few more days than the 389 that a training needs, so a check takes minutes. The quality of
    # the model does not matter for a check of the platform.
    trial = Pipeline(VERIFY, ARTICLES[:1], ingested_days=420, promote=("--even-if-worse",), is_trial=True)
    return [daily, trial] if VERIFY in platform().projects else [daily]
