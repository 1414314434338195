"""Wikimedia pageviews to Postgres, a forecast model in MLflow's registry, its predictions to Postgres."""

__version__ = "0.1.0"
