"""The champion's forecast into Postgres."""

from collections.abc import Sequence
from datetime import date, timedelta

import pandas as pd

from pageviews import beginning, database, frame, model, registry
from pageviews.errors import MissingDataError, MissingModelError, RegistryError
from pageviews.features import rows_from
from pageviews.plan import HISTORY_DAYS, MAX_HORIZON_DAYS
from pageviews.training import FEATURE_SET


def predict(articles: Sequence[str], forecast_date: date, horizon_days: int = MAX_HORIZON_DAYS) -> None:
    """Predicts `horizon_days` days from `forecast_date` on, from the views before it, and stores them."""
    with database.connect() as connection, beginning.forgiving(connection):
        views = frame.from_rows(database.load_views(connection, articles), articles)
        _check(views, forecast_date)
        champion, estimator = _champion()
        table = rows_from(views, forecast_date, horizon_days)
        predictions = [
            database.Prediction(article, forecast_date, day.date(), float(value), champion.number, champion.run_id)
            for article, day, value in zip(
                table["article"], pd.DatetimeIndex(table["day"]), model.predict(estimator, table), strict=True
            )
        ]
        database.store_predictions(connection, predictions)
    last = forecast_date + timedelta(days=horizon_days - 1)
    print(
        f"{', '.join(articles)}: {len(predictions)} predictions for {forecast_date}..{last} "
        f"by version {champion.number} of {registry.model_name()}"
    )


def _check(views: pd.DataFrame, forecast_date: date) -> None:
    known = views[views.index < pd.Timestamp(forecast_date)]
    for article in views.columns:
        counts = known[article].dropna()
        if counts.empty or counts.index[-1] < pd.Timestamp(forecast_date) - pd.Timedelta(days=MAX_HORIZON_DAYS):
            newest = f"the newest are from {counts.index[-1]:%Y-%m-%d}" if len(counts) else "there are none before it"
            raise MissingDataError(
                f"{article} has no views in the {MAX_HORIZON_DAYS} days before {forecast_date} ({newest}): "
                "run pageviews ingest for them."
            )
        history = pd.Timestamp(forecast_date) - counts.index[0]
        if history < pd.Timedelta(days=HISTORY_DAYS):
            raise MissingDataError(
                f"{article} has {history.days} days of views before {forecast_date}; at least {HISTORY_DAYS} are "
                "needed: ingest earlier days."
            )


def _champion() -> tuple[registry.Version, model.Estimator]:
    with registry.reached():
        number = registry.aliases().get(registry.CHAMPION)
        if number is None:
            raise MissingModelError(
                f"No version of {registry.model_name()} is the champion: run pageviews train and pageviews promote."
            )
        champion = registry.version(number)
        if champion.tags["feature_set"] != FEATURE_SET:
            raise RegistryError(
                f"Version {number} of {registry.model_name()} was made by version {champion.tags['package_version']} "
                "of this package, with other features: run pageviews train and pageviews promote, or use that image."
            )
        return champion, registry.load(champion)
