"""From the views in Postgres to a new version of the registered model, under the alias `challenger`."""

import hashlib
import json
from collections.abc import Sequence

from pageviews import __version__, database, frame, model, registry, storage
from pageviews.environment import require
from pageviews.features import FEATURES, rows
from pageviews.plan import HOLDOUT_DAYS

FEATURE_SET = hashlib.sha256(" ".join(FEATURES).encode()).hexdigest()[:12]
"""Tag of a version: a model reads only the features that it was made with."""


def train(articles: Sequence[str], seed: int, builder: model.Builder = model.build) -> registry.Version:
    """Trains on all stored views and registers the model.

    The same views, seed and code make the same model: where that is registered already, it only becomes the
    challenger again.
    """
    for name in ("DATA_URI", "MLFLOW_TRACKING_URI"):
        require(name)
    with database.connect() as connection:
        views = frame.from_rows(database.load_views(connection, articles), articles)
    trained = model.train(views, seed, builder)
    snapshot = storage.store(frame.to_csv(views))
    print(f"training data: {snapshot.path} in DATA_URI, {len(views)} days up to {trained.holdout_last}")
    parts = [snapshot.sha256, seed, __version__, FEATURE_SET, repr(trained.estimator)]
    training_key = hashlib.sha256(json.dumps(parts).encode()).hexdigest()
    with registry.reached():
        version = registry.find(training_key)
        if version is None:
            version = registry.register(
                trained.estimator,
                rows(views).head(5)[FEATURES],
                training_key=training_key,
                name=f"train to {trained.holdout_last}",
                parameters={
                    "articles": " ".join(articles),
                    "seed": seed,
                    "estimator": repr(trained.estimator),
                },
                metrics={
                    "holdout_mae": trained.holdout.mae,
                    "holdout_baseline_mae": trained.holdout.baseline_mae,
                    "backtest_gain": trained.backtest.gain,
                    "backtest_standard_error": trained.backtest.standard_error,
                },
                tags={
                    "snapshot_path": snapshot.path,
                    "snapshot_sha256": snapshot.sha256,
                    "holdout_first": trained.holdout_first.isoformat(),
                    "holdout_last": trained.holdout_last.isoformat(),
                    "feature_set": FEATURE_SET,
                    "package_version": __version__,
                },
            )
            print(f"registered version {version.number} of {registry.model_name()}")
        else:
            print(f"version {version.number} of {registry.model_name()} is from the same data, seed and code: kept")
        registry.set_alias(registry.CHALLENGER, version.number)
    print(
        f"version {version.number} is the challenger: error {trained.holdout.mae:.1f} views a day on the last "
        f"{HOLDOUT_DAYS} days, 'same day last week' {trained.holdout.baseline_mae:.1f} "
        f"({trained.holdout.gain:+.1%}); backtest {trained.backtest.gain:+.1%}"
    )
    return version
