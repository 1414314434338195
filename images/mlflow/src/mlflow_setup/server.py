"""`mlflow server --app-name platform`: basic authentication, restrictions, registered models as metrics.

MLflow's own metrics count requests. Which version an alias such as `champion` names, and what
that version's run has measured, are in its database alone; here they are read from there whenever
`/metrics` is asked for, by an administrator as before. The exact pin of MLflow's version and the
tests make its internal functions safe to use.
"""

import logging
import math
from collections.abc import Iterator
from typing import Any

from flask import Response, request
from mlflow.server import app as flask_app
from mlflow.server import handlers
from mlflow.server.auth import create_app as with_authentication
from mlflow.store.model_registry.dbmodels.models import SqlModelVersion, SqlRegisteredModelAlias
from mlflow.store.tracking.dbmodels.models import SqlLatestMetric
from prometheus_client import CollectorRegistry
from prometheus_client.core import GaugeMetricFamily
from prometheus_client.exposition import choose_encoder
from prometheus_client.multiprocess import MultiProcessCollector
from prometheus_client.registry import Collector
from sqlalchemy import Select, and_, select
from sqlalchemy.exc import SQLAlchemyError

from mlflow_setup.restrictions import restrict

_log = logging.getLogger(__name__)


class ModelCollector(Collector):
    """A series for each alias, and one for each metric of the run behind it."""

    def collect(self) -> Iterator[GaugeMetricFamily]:
        labels = ["model", "alias"]
        versions = GaugeMetricFamily("mlflow_model_version", "Version that an alias names.", labels=labels)
        measured = GaugeMetricFamily(
            "mlflow_model_metric", "What the run of that version has measured.", labels=[*labels, "metric"]
        )
        seen = set()
        for name, alias, version, metric, value, is_nan in _rows():
            if (name, alias) not in seen:
                seen.add((name, alias))
                versions.add_metric([name, alias], version)
            if metric is not None:
                measured.add_metric([name, alias, metric], math.nan if is_nan else value)
        yield versions
        yield measured


def create_app() -> Any:
    """The application that MLflow's server runs, found by its entry point `mlflow.app`."""
    registry = CollectorRegistry()
    MultiProcessCollector(registry)
    registry.register(ModelCollector())

    @flask_app.after_request
    def add_models(response: Response) -> Response:
        if request.path != "/metrics" or response.status_code != 200:
            return response
        encode, _ = choose_encoder(request.headers.get("Accept", ""))
        try:
            response.set_data(encode(registry))
        except SQLAlchemyError:
            # The server's own metrics say more when the database is down.
            _log.warning("the registered models are left out of the metrics: the database does not answer")
        return response

    restrict()
    return with_authentication(flask_app)


def _rows() -> Any:
    store: Any = handlers._get_model_registry_store()
    with store.ManagedSessionMaker() as session:
        return session.execute(_query()).all()


def _query() -> Select[Any]:
    """Aliases with the metrics of their versions' runs; a version without a run has no metric."""
    alias, version, metric = SqlRegisteredModelAlias, SqlModelVersion, SqlLatestMetric
    is_version = and_(
        version.workspace == alias.workspace, version.name == alias.name, version.version == alias.version
    )
    return (
        select(alias.name, alias.alias, alias.version, metric.key, metric.value, metric.is_nan)
        .join(version, is_version)
        .outerjoin(metric, metric.run_uuid == version.run_id)
        .order_by(alias.name, alias.alias, metric.key)
    )
