"""The loop's servers, one set for all tests, and for each test its own database."""

import itertools
import os
import signal
from collections.abc import Iterator
from contextlib import ExitStack
from datetime import date, timedelta

import numpy as np
import pytest
import services
from project import ARTICLES, FIRST, GAPS, LAST, Platform, Project
from wikimedia_server import WikimediaServer

from pageviews import synthetic


@pytest.fixture(scope="session")
def platform() -> Iterator[Platform]:
    # A cancelled run must not leave servers behind.
    signal.signal(signal.SIGTERM, lambda *_: pytest.exit("terminated"))
    with ExitStack() as stopping:
        # What the developer's shell holds decides no test.
        shell = stopping.enter_context(pytest.MonkeyPatch.context())
        for name in list(os.environ):
            if name.startswith(("AWS_", "MLFLOW_", "PG")) or name.upper().endswith("_PROXY"):
                shell.delenv(name)
        try:
            postgres = services.Postgres()
        except services.NotInstalled as reason:
            pytest.skip(str(reason))
        stopping.callback(postgres.close)
        s3, s3_url = services.s3_server()
        stopping.callback(s3.stop)
        postgres.create_database("mlflow")
        # It takes longest to start: the tests of ingestion run meanwhile.
        mlflow, mlflow_url = services.mlflow_server(postgres, s3_url)
        stopping.callback(mlflow.stop)
        s3.wait()
        services.create_buckets(s3_url, "mlflow", "projects")
        yield Platform(postgres, s3_url, mlflow_url, mlflow.wait)


@pytest.fixture(scope="session")
def views() -> dict[str, dict[date, int]]:
    """Two years of plausible views, with gaps."""
    table = synthetic.seasonal(1, articles=ARTICLES, first=FIRST, days=(LAST - FIRST).days + 1)
    days = [FIRST + timedelta(days=position) for position in range(len(table))]
    generator = np.random.default_rng(1)
    found = {}
    for article in ARTICLES:
        known = dict(zip(days, table[article].astype(int), strict=True))
        for position in generator.choice(len(days) - 60, GAPS, replace=False):
            del known[days[position]]
        found[article] = known
    return found


_numbers = itertools.count(1)


@pytest.fixture
def project(platform: Platform, views: dict[str, dict[date, int]]) -> Iterator[Project]:
    database = f"project_{next(_numbers)}"
    platform.postgres.create_database(database)
    with WikimediaServer(views).running() as wikimedia:
        environment = {
            **platform.postgres.environment(database),
            **services.S3_ENVIRONMENT,
            "AWS_ENDPOINT_URL_S3": platform.s3_url,
            "DATA_URI": f"s3://projects/{database}",
            "MLFLOW_TRACKING_URI": platform.mlflow_url,
            # A server that is down is told from a slow one sooner than in production.
            "MLFLOW_HTTP_REQUEST_MAX_RETRIES": "1",
            "WIKIMEDIA_CONTACT": "ops@example.org",
            "WIKIMEDIA_BASE_URL": wikimedia.base_url,
        }
        yield Project(platform.postgres, database, environment, wikimedia)
