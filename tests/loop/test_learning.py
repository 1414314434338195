"""Training, promotion, prediction and rollback against MLflow's own server, Postgres and an S3 server."""

import json
from collections.abc import Mapping
from datetime import date, timedelta
from pathlib import Path

import mlflow
import numpy as np
import pytest
import services
from project import ARTICLES, FIRST, LAST, Platform, Project
from relay import Relay
from sklearn.dummy import DummyRegressor
from sklearn.ensemble import VotingRegressor
from sklearn.linear_model import HuberRegressor
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

from pageviews import database, model, registry, storage, synthetic, training
from pageviews.cli import main
from pageviews.errors import StorageError

TRAIN = ["train", "--articles", *ARTICLES]
PREDICT = ["predict", "--articles", *ARTICLES, "--date", "2026-01-01"]
EVERY_DAY = [FIRST + timedelta(days=n) for n in range((LAST - FIRST).days + 1)]
PREDICTED = """
    SELECT model_version, count(*), count(DISTINCT (article, day)), min(day), max(day)
    FROM predictions GROUP BY model_version ORDER BY model_version
"""
A_WEEK_OF_BOTH = (14, 14, date(2026, 1, 1), date(2026, 1, 7))


@pytest.fixture
def task(project: Project, platform: Platform, monkeypatch: pytest.MonkeyPatch) -> Project:
    """The project with an empty registry; this process sees what its task pods see."""
    platform.wait_for_mlflow()
    for name, value in project.environment.items():
        monkeypatch.setenv(name, value)
    client = mlflow.MlflowClient()
    for registered in client.search_registered_models():
        client.delete_registered_model(registered.name)
    for run in runs():
        client.delete_run(run.info.run_id)
    return project


def store(views: Mapping[str, Mapping[date, int]]) -> None:
    with database.connect() as connection:
        for article, known in views.items():
            database.store_views(connection, article, {day: known.get(day) for day in EVERY_DAY})


def predicted(article: str) -> None:
    """Makes the project one that has predictions."""
    with database.connect() as connection:
        database.store_predictions(connection, [database.Prediction(article, LAST, LAST, 1.0, 1, "run")])


def runs() -> list[mlflow.entities.Run]:
    experiments = [found.experiment_id for found in mlflow.MlflowClient().search_experiments()]
    return list(mlflow.MlflowClient().search_runs(experiments))


def versions() -> list[int]:
    return sorted(int(found.version) for found in mlflow.MlflowClient().search_model_versions())


def snapshots(platform: Platform, project: Project) -> list[str]:
    found = services.s3_client(platform.s3_url).list_objects_v2(Bucket="projects", Prefix=f"{project.database}/")
    return [item["Key"] for item in found.get("Contents", [])]


def half_as_good(seed: int) -> model.Estimator:
    """Corrects the week before by half of what it should: better than nothing, and worse than the real model."""
    linear = make_pipeline(StandardScaler(), HuberRegressor(alpha=1.0 + seed, max_iter=300))
    nothing = DummyRegressor(strategy="constant", constant=0.0)
    estimator: model.Estimator = VotingRegressor([("linear", linear), ("nothing", nothing)])
    return estimator


def test_the_loop(
    task: Project,
    platform: Platform,
    views: dict[str, dict[date, int]],
    capsys: pytest.CaptureFixture[str],
) -> None:
    # From the API into Postgres, the second year first and then what is before it.
    ingest = ["ingest", "--articles", *ARTICLES]
    for start, end in ((date(2025, 1, 1), LAST), (FIRST, LAST)):
        task.run(*ingest, "--start", str(start), "--end", str(end))
    assert "1462 stored days are fit for training" in task.run(
        "validate", "--articles", *ARTICLES, "--date", "2026-01-01"
    )

    # The first model must only beat "same day last week".
    training.train(ARTICLES, 0, half_as_good)
    assert "promoted: version 1: its error is " in task.run("promote")
    assert registry.aliases() == {"challenger": 1, "champion": 1}

    # A better one takes its place.
    assert "registered version 2 of pageviews" in task.run(*TRAIN)
    assert main(["promote"]) == 0
    assert "promoted: version 2: its error (" in capsys.readouterr().out
    assert registry.aliases() == {"challenger": 2, "champion": 2, "previous": 1}
    assert main(["promote"]) == 0, "a repeated task changes nothing"
    assert registry.aliases() == {"challenger": 2, "champion": 2, "previous": 1}

    # A worse one does not.
    training.train(ARTICLES, 1, half_as_good)
    assert main(["promote"]) == 0
    printed = capsys.readouterr().out
    assert "refused: version 3: its error (" in printed
    assert "is not below the champion's" in printed
    assert "the champion is still version 2" in printed
    assert registry.aliases() == {"challenger": 3, "champion": 2, "previous": 1}
    assert registry.version(3).tags["gate"] == "refused"

    # All three learned from the same views.
    assert snapshots(platform, task) == [f"{task.database}/{registry.version(3).tags['snapshot_path']}"]

    # Predictions carry the version, and are the same when made again.
    assert "14 predictions for 2026-01-01..2026-01-07 by version 2" in task.run(*PREDICT)
    assert task.rows(PREDICTED) == [(2, *A_WEEK_OF_BOTH)]
    values = "SELECT article, day, predicted_views, run_id FROM predictions ORDER BY article, day"
    first = task.rows(values)
    assert main(PREDICT) == 0
    assert task.rows(values) == first
    assert {row[3] for row in first} == {registry.version(2).run_id}
    assert all(0.3 < float(str(row[2])) / np.median(list(views[str(row[0])].values())) < 3 for row in first)

    # Back to the version before, for good.
    assert "version 1 is the champion again; the version that it replaces will never" in task.run("rollback")
    assert registry.aliases() == {"challenger": 3, "champion": 1}
    assert main(["rollback"]) == 5
    assert "there is nothing to roll back to" in capsys.readouterr().err
    assert main([*PREDICT, "--horizon-days", "7"]) == 0
    assert task.rows(PREDICTED) == [(1, *A_WEEK_OF_BOTH), (2, *A_WEEK_OF_BOTH)]
    assert task.rows("SELECT DISTINCT model_version FROM current_predictions") == [(1,)]
    assert main(TRAIN) == 0
    assert "version 2 of pageviews is from the same data, seed and code: kept" in capsys.readouterr().out
    assert main(["promote"]) == 0
    assert "refused: version 2: it was rolled back" in capsys.readouterr().out
    assert registry.aliases() == {"challenger": 2, "champion": 1}


def test_training_survives_a_store_that_refuses_and_an_mlflow_that_goes_away(
    task: Project, platform: Platform, views: dict[str, dict[date, int]]
) -> None:
    store(views)
    with Relay(platform.s3_url).running() as s3:
        s3.refuse("PUT", 403)
        said = task.run(*TRAIN, code=6, AWS_ENDPOINT_URL_S3=s3.url)
        assert f"Cannot write s3://projects/{task.database}/snapshots/" in said
        assert "check DATA_URI and that this service account may use it" in said
    assert snapshots(platform, task) == []
    assert runs() == []

    with Relay(platform.mlflow_url).running() as tracking:
        tracking.down_from("/model-versions/create")
        said = task.run(*TRAIN, code=5, MLFLOW_TRACKING_URI=tracking.url)
        assert f"MLflow at {tracking.url} failed: " in said
        assert versions() == []
        [begun] = runs()

        tracking.restore()
        assert "registered version 1 of pageviews" in task.run(*TRAIN, MLFLOW_TRACKING_URI=tracking.url)
    [completed] = runs()
    assert completed.info.run_id == begun.info.run_id == registry.version(1).run_id
    assert completed.info.status == "FINISHED"
    models = mlflow.MlflowClient().search_logged_models([completed.info.experiment_id])
    assert len([found for found in models if found.source_run_id == completed.info.run_id]) == 1
    assert versions() == [1]
    assert registry.aliases() == {"challenger": 1}
    assert len(snapshots(platform, task)) == 1


def test_on_a_random_walk_no_model_becomes_the_champion(
    task: Project, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("DATA_URI", f"file://{tmp_path}/data")
    walk = synthetic.random_walk(0, articles=ARTICLES, first=FIRST, days=len(EVERY_DAY))
    store({article: dict(zip(EVERY_DAY, walk[article].astype(int), strict=True)) for article in ARTICLES})
    assert main(["promote"]) == 5
    assert "No version of pageviews is the challenger: run pageviews train first." in capsys.readouterr().err
    assert main(TRAIN) == 0
    assert [path.suffix for path in (tmp_path / "data/snapshots").iterdir()] == [".csv"]
    assert main(["promote"]) == 0
    printed = capsys.readouterr().out
    assert "refused: version 1: " in printed
    assert "there is still no champion" in printed
    assert registry.aliases() == {"challenger": 1}
    assert main(PREDICT) == 8
    said = capsys.readouterr().err
    assert said.startswith("pageviews predict: not yet, as this project has no predictions so far: No version of ")
    predicted(walk.columns[0])
    assert main(PREDICT) == 5, "later it is a failure"
    assert "No version of pageviews is the champion: run pageviews train" in capsys.readouterr().err


def test_what_a_project_has_made_is_counted_and_removed_and_nothing_else(
    task: Project,
    platform: Platform,
    views: dict[str, dict[date, int]],
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    def inventory(command: str) -> dict[str, object]:
        capsys.readouterr()
        assert main([command]) == 0
        counted: dict[str, object] = json.loads(capsys.readouterr().out)
        return counted

    # A project beside it, with a model of the same pipeline in the same registry.
    store(views)
    assert main(TRAIN) == 0
    beside = inventory("status")
    assert (beside["model"], beside["versions"], beside["runs"]) == ("pageviews", 1, 1)

    monkeypatch.setenv("MLFLOW_TRACKING_USERNAME", "verify")
    monkeypatch.setenv("MLFLOW_TRACKING_PASSWORD", "loop-secret")
    monkeypatch.setenv("DATA_URI", f"s3://projects/{task.database}/verify")
    nothing = {"snapshots": 0, "model": "verify-pageviews", "versions": 0, "champion": None, "runs": 0}
    # Twice: what was removed can be made again under the same names.
    for _ in range(2):
        store(views)
        training.train(ARTICLES, 1, half_as_good)
        assert main(["promote", "--even-if-worse"]) == 0
        assert main(PREDICT) == 0
        everything = {"snapshots": 1, "model": "verify-pageviews", "versions": 1, "champion": 1, "runs": 1}
        assert inventory("status") == {"daily_views": 1462, "predictions": 14, **everything}
        assert inventory("clean") == {"daily_views": 0, "predictions": 0, **nothing}
    assert inventory("clean") == {"daily_views": 0, "predictions": 0, **nothing}, "there is nothing to remove"
    assert task.rows("SELECT relname FROM pg_class WHERE relnamespace = 'public'::regnamespace") == []
    assert [key for key in snapshots(platform, task) if "/verify/" in key] == []
    stored = services.s3_client(platform.s3_url).list_objects_v2(Bucket="mlflow", Prefix="artifacts/")
    assert {item["Key"].split("/")[1] for item in stored["Contents"]} == {experiment_of("pageviews")}
    monkeypatch.delenv("MLFLOW_TRACKING_USERNAME")
    assert registry.registered() == registry.Registered(versions=1, champion=None, runs=1)


def experiment_of(name: str) -> str:
    found = mlflow.MlflowClient().get_experiment_by_name(name)
    assert found is not None
    return str(found.experiment_id)


def test_without_mlflow_or_fresh_views_predicting_says_so(
    project: Project,
    views: dict[str, dict[date, int]],
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    for name, value in project.environment.items():
        monkeypatch.setenv(name, value)
    monkeypatch.setenv("MLFLOW_TRACKING_URI", "http://someone:hidden-word@127.0.0.1:9")
    assert main(PREDICT) == 8
    assert "not yet, as this project has no predictions so far: No views of Spain, Amst" in capsys.readouterr().err
    store(views)
    too_late = ["predict", "--articles", *ARTICLES, "--date", "2026-01-09"]
    assert main(too_late) == 8
    predicted("Spain")
    capsys.readouterr()
    assert main(too_late) == 7
    assert (
        "Spain has no views in the 7 days before 2026-01-09 (the newest are from 2025-12-31)" in capsys.readouterr().err
    )
    assert main(["predict", "--articles", *ARTICLES, "--date", "2024-02-01"]) == 7
    assert "at least 73 are needed" in capsys.readouterr().err
    assert main(PREDICT) == 5
    printed = capsys.readouterr().err
    assert printed.startswith("pageviews predict: MLflow at http://127.0.0.1:9 failed: ")
    assert "hidden-word" not in printed
    assert len(printed.splitlines()) == 1
    assert project.rows("SELECT count(*) FROM predictions") == [(1,)], "that of the test"


@pytest.mark.parametrize("scheme", ["file", "s3"])
def test_the_same_code_reads_and_writes_folders_and_buckets(
    scheme: str, project: Project, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, value in project.environment.items():
        monkeypatch.setenv(name, value)
    monkeypatch.setenv("DATA_URI", f"file://{tmp_path}" if scheme == "file" else f"s3://projects/{project.database}")
    content = b"article,day,views\nSpain,2025-01-01,10\n"
    snapshot = storage.store(content)
    assert storage.store(content) == snapshot
    assert storage.load(snapshot) == content
    with pytest.raises(StorageError, match=f"Cannot read {scheme}://.*FileNotFoundError"):
        storage.load(storage.Snapshot("snapshots/none.csv", snapshot.sha256))


def test_a_version_that_someone_else_registered_is_named(task: Project, capsys: pytest.CaptureFixture[str]) -> None:
    client = mlflow.MlflowClient()
    run = client.create_run("0")
    client.create_registered_model("pageviews")
    client.create_model_version("pageviews", f"{run.info.artifact_uri}/model", run.info.run_id)
    registry.set_alias("challenger", 1)
    assert main(["promote"]) == 5
    assert "Version 1 of pageviews was not made by pageviews train" in capsys.readouterr().err
