"""What the tests of the loop share: the platform's servers, and a project with its task pods' environment."""

import os
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

import psycopg
import services
from wikimedia_server import WikimediaServer

ARTICLES = ("Spain", "Amsterdam")
FIRST, LAST = date(2024, 1, 1), date(2025, 12, 31)
GAPS = 15
"""Days of each article that the API has no data for."""


@dataclass(frozen=True)
class Platform:
    """The servers' addresses."""

    postgres: services.Postgres
    s3_url: str
    mlflow_url: str
    wait_for_mlflow: Callable[[], None]


@dataclass(frozen=True)
class Project:
    """A project of the platform, seen from a task pod: its environment, and the command that runs in it."""

    postgres: services.Postgres
    database: str
    environment: dict[str, str]
    wikimedia: WikimediaServer

    def run(self, *arguments: str, code: int = 0, **environment: str) -> str:
        """Runs `pageviews` as a process; returns what it printed, and on failure what it said."""
        done = subprocess.run(
            [sys.executable, "-m", "pageviews", *arguments],
            env={"PATH": os.environ["PATH"], "HOME": os.environ.get("HOME", "/"), **self.environment, **environment},
            capture_output=True,
            text=True,
        )
        printed = f"pageviews {' '.join(arguments)} ended with {done.returncode}:\n{done.stdout}{done.stderr}"
        assert done.returncode == code, printed
        assert "Traceback" not in done.stderr, printed
        assert "loop-secret" not in printed
        if code == 0:
            return done.stdout
        _, prefix, said = done.stderr.partition(f"pageviews {arguments[0]}: ")
        assert prefix, printed
        return said

    def start(self, *arguments: str) -> "subprocess.Popen[str]":
        """Starts `pageviews` as a process that the test goes on beside."""
        return subprocess.Popen(
            [sys.executable, "-m", "pageviews", *arguments],
            env={"PATH": os.environ["PATH"], **self.environment},
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )

    def rows(self, query: str) -> list[tuple[object, ...]]:
        with psycopg.connect(self.postgres.conninfo(self.database)) as connection:
            return connection.execute(query.encode()).fetchall()
