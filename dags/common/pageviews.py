"""What the pageviews DAGs have in common: whose they are, their articles, and the data that they wait for."""

from dataclasses import dataclass

from airflow.sdk import Asset

from common.platform import platform

PROJECT = "pageviews"
VERIFY = "verify"
"""The project in which `make verify` tries the pipeline out, on any stack that lists it."""

ARTICLES = ("Spain", "Amsterdam")

VIEWS = Asset("pageviews_daily_views")
"""Daily views in Postgres; new with every ingestion."""

CHAMPION = Asset("pageviews_champion")
"""The model that MLflow's alias `champion` names; new when a promotion moved the alias."""

PREDICTIONS = Asset("pageviews_predictions")
"""Predictions in Postgres, each with the version of the model that made it."""


@dataclass(frozen=True)
class Pipeline:
    """The pageviews DAGs of one project."""

    project: str
    articles: tuple[str, ...]
    ingested_days: int
    """Days before its own that a run of the ingestion asks for."""

    promote: tuple[str, ...]
    """Arguments of `pageviews promote`."""

    is_trial: bool
    """Started by `make verify` alone: it waits for no clock and no data, and starts no other DAG."""

    def dag_id(self, name: str) -> str:
        return f"{VERIFY}_{name}" if self.is_trial else name

    def tags(self, *tags: str) -> list[str]:
        return [VERIFY, *tags] if self.is_trial else [PROJECT, *tags]

    def assets(self, *assets: Asset) -> list[Asset]:
        """The assets that its tasks read and write."""
        return [] if self.is_trial else list(assets)


def pipelines() -> list[Pipeline]:
    """Those of this platform's projects; that of `verify` where the stack lists it."""
    # A day's views appear about 24 hours later: each run looks at the last three days again.
    daily = Pipeline(PROJECT, ARTICLES, ingested_days=3, promote=(), is_trial=False)
    # One article, and little more than the 389 days that a training needs: a verdict in minutes. Whether there is
    # something to learn in them says nothing about the platform.
    trial = Pipeline(VERIFY, ARTICLES[:1], ingested_days=420, promote=("--even-if-worse",), is_trial=True)
    return [daily, trial] if VERIFY in platform().projects else [daily]
