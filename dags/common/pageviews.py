"""What the pageviews DAGs have in common: the project, its articles, and the data that they wait for."""

from airflow.sdk import Asset

PROJECT = "pageviews"
ARTICLES = ("Spain", "Amsterdam")

VIEWS = Asset("pageviews_daily_views")
"""Daily views in Postgres; new with every ingestion."""

CHAMPION = Asset("pageviews_champion")
"""The model that MLflow's alias `champion` names; new when a promotion moved the alias."""

PREDICTIONS = Asset("pageviews_predictions")
"""Predictions in Postgres, each with the version of the model that made it."""
