"""The DAGs, loaded by Airflow itself: each is wiring only, says what it is for, and can be retried."""

import json
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from types import SimpleNamespace
from typing import Any

import pytest
from airflow.dag_processing.dagbag import DagBag
from airflow.sdk.execution_time import macros
from airflow.serialization.serialized_objects import DagSerialization

from conftest import task_of, tasks_of
from sample import POSTGRES_CA, platform_json

SCHEDULES = {
    "about_this_platform": "NullTimetable",
    "hello_kubernetes": "NullTimetable",
    "platform_check": "NullTimetable",
    "database_roundtrip": "NullTimetable",
    "mnist": "NullTimetable",
    "pageviews_ingest": "CronTriggerTimetable",
    "pageviews_train": "CronTriggerTimetable",
    "pageviews_predict": "AssetTriggeredTimetable",
    "pageviews_rollback": "NullTimetable",
    "papermill_report": "AssetTriggeredTimetable",
    "verify_pageviews_ingest": "NullTimetable",
    "verify_pageviews_train": "NullTimetable",
    "verify_pageviews_predict": "NullTimetable",
}


def test_every_dag_is_imported(dag_bag: DagBag) -> None:
    assert dag_bag.import_errors == {}
    assert {name: type(dag.timetable).__name__ for name, dag in dag_bag.dags.items()} == SCHEDULES


def test_the_welcome_is_the_first_in_airflows_list(dag_bag: DagBag) -> None:
    assert min(dag_bag.dags) == "about_this_platform"


def test_what_only_a_person_starts_is_on_and_what_asks_wikimedia_by_itself_is_off(dag_bag: DagBag) -> None:
    on = {dag_id: dag.is_paused_upon_creation is False for dag_id, dag in dag_bag.dags.items()}
    assert {dag_id for dag_id, is_on in on.items() if not is_on} == {
        *("pageviews_ingest", "pageviews_train", "pageviews_predict", "papermill_report")
    }
    assert all(SCHEDULES[dag_id] == "NullTimetable" for dag_id, is_on in on.items() if is_on)


def test_nothing_but_pods_runs_in_airflow(dag_bag: DagBag) -> None:
    assert all(dag.tasks for dag in dag_bag.dags.values())
    for name, task in tasks_of(dag_bag).items():
        assert (task.do_xcom_push, task.deferrable, task.get_logs) == (False, False, True), name


def test_every_dag_has_tags_and_a_description(dag_bag: DagBag) -> None:
    for dag in dag_bag.dags.values():
        assert dag.tags, dag.dag_id
        assert "###" in (dag.doc_md or ""), dag.dag_id
        assert not dag.catchup, dag.dag_id


def test_every_task_has_an_owner_retries_and_an_end(dag_bag: DagBag) -> None:
    for name, task in tasks_of(dag_bag).items():
        assert task.owner in ("examples", "pageviews", "verify"), name
        assert (task.retries or 0) >= 1, name
        assert task.retry_delay == timedelta(minutes=1), name
        assert task.retry_exponential_backoff == 2.0, name
        assert task.max_retry_delay == timedelta(minutes=15), name
        assert task.execution_timeout is not None, name
        assert task.active_deadline_seconds == task.execution_timeout.total_seconds(), name


def test_tasks_wait_for_each_other(dag_bag: DagBag) -> None:
    def order(dag_id: str) -> dict[str, set[str]]:
        return {task.task_id: set(task.upstream_task_ids) for task in dag_bag.dags[dag_id].tasks}

    assert order("pageviews_train") == {"validate": set(), "train": {"validate"}, "promote": {"train"}}
    assert order("verify_pageviews_train") == order("pageviews_train")
    assert order("mnist") == {"seed": set(), "train": {"seed"}}
    assert order("database_roundtrip") == {"write": set(), "read": {"write"}}


def test_before_the_first_predictions_a_task_without_data_is_skipped(dag_bag: DagBag) -> None:
    skipping = {name for name, task in tasks_of(dag_bag).items() if task.skip_on_exit_code == [8]}
    assert skipping == {"pageviews_train.validate", "pageviews_predict.predict", "papermill_report.report"}
    assert all(not task.skip_on_exit_code for name, task in tasks_of(dag_bag).items() if name not in skipping)


def test_dags_wait_for_each_others_data(dag_bag: DagBag) -> None:
    produced = {
        dag_id: [asset.name for task in dag.tasks for asset in task.outlets] for dag_id, dag in dag_bag.dags.items()
    }
    assert {dag_id: assets for dag_id, assets in produced.items() if assets} == {
        "pageviews_ingest": ["pageviews_daily_views"],
        "pageviews_train": ["pageviews_champion"],
        "pageviews_predict": ["pageviews_predictions"],
        "pageviews_rollback": ["pageviews_champion"],
    }

    def condition(dag_id: str) -> tuple[str, set[str]]:
        condition: Any = dag_bag.dags[dag_id].timetable.asset_condition
        return type(condition).__name__, {asset.name for asset in condition.objects}

    assert condition("pageviews_predict") == ("AssetAny", {"pageviews_daily_views", "pageviews_champion"})
    assert condition("papermill_report") == ("AssetAll", {"pageviews_predictions"})


def test_one_pod_at_a_time_asks_wikimedia_and_one_run_at_a_time_trains(dag_bag: DagBag) -> None:
    assert dag_bag.dags["pageviews_ingest"].get_task("ingest").max_active_tis_per_dag == 1
    assert dag_bag.dags["pageviews_train"].max_active_runs == 1
    assert dag_bag.dags["pageviews_predict"].max_active_runs == 1
    # Two roll-backs at once would both read the same aliases.
    assert dag_bag.dags["pageviews_rollback"].max_active_runs == 1


TODAY = datetime(2026, 11, 21, 6, tzinfo=UTC)


def rendered(dag_bag: DagBag, dag_id: str, task_id: str, *, run_after: datetime = TODAY, **context: Any) -> list[str]:
    """A task's arguments in a run without logical date, as those that an asset starts are."""
    task = task_of(dag_bag, dag_id, task_id)
    run = SimpleNamespace(run_after=run_after)
    environment = dag_bag.dags[dag_id].get_template_env()
    everything: Any = {"dag_run": run, "macros": macros, **context}
    return [str(argument) for argument in task.render_template(task.arguments, everything, environment)]


ARTICLES = ["--articles=Spain", "--articles=Amsterdam"]
HISTORY = ["--history-days", "732"]


def test_ingest_asks_for_the_three_days_before_its_own(dag_bag: DagBag) -> None:
    params = {"start": None, "end": None}
    assert rendered(dag_bag, "pageviews_ingest", "ingest", params=params) == [
        *("ingest", *ARTICLES, "--start", "2026-11-18", "--end", "2026-11-20", *HISTORY)
    ]


def test_the_trial_asks_for_a_trainings_days_and_is_found_by_its_tag(dag_bag: DagBag) -> None:
    params = {"start": None, "end": None}
    assert rendered(dag_bag, "verify_pageviews_ingest", "ingest", params=params) == [
        *("ingest", "--articles=Spain", "--start", "2026-11-18", "--end", "2026-11-20", "--history-days", "420")
    ]
    tagged = sorted(dag_id for dag_id, dag in dag_bag.dags.items() if "verify" in dag.tags)
    assert tagged == ["verify_pageviews_ingest", "verify_pageviews_predict", "verify_pageviews_train"]
    assert "pageviews" not in dag_bag.dags["verify_pageviews_train"].tags


def test_the_first_run_of_a_backfill_begins_with_the_first_day_that_wikimedia_has(dag_bag: DagBag) -> None:
    start = dag_bag.dags["pageviews_ingest"].start_date
    assert start is not None
    params = {"start": None, "end": None}
    assert rendered(dag_bag, "pageviews_ingest", "ingest", run_after=start, params=params) == [
        *("ingest", *ARTICLES, "--start", "2015-07-01", "--end", "2015-07-03", *HISTORY)
    ]


def test_ingest_takes_the_days_of_its_parameters(dag_bag: DagBag) -> None:
    params = {"start": "2024-01-01", "end": "2026-11-20"}
    assert rendered(dag_bag, "pageviews_ingest", "ingest", params=params) == [
        *("ingest", *ARTICLES, "--start", "2024-01-01", "--end", "2026-11-20", *HISTORY)
    ]


@pytest.mark.parametrize(
    ("dag_id", "task_id", "arguments"),
    [
        ("pageviews_train", "validate", ["validate", *ARTICLES, "--wait-minutes", "30"]),
        ("pageviews_train", "train", ["train", *ARTICLES]),
        ("pageviews_train", "promote", ["promote"]),
        ("pageviews_predict", "predict", ["predict", *ARTICLES, "--date", "2026-11-21"]),
        ("pageviews_rollback", "rollback", ["rollback"]),
        ("verify_pageviews_train", "validate", ["validate", "--articles=Spain", "--wait-minutes", "0"]),
        ("verify_pageviews_train", "train", ["train", "--articles=Spain"]),
        ("verify_pageviews_train", "promote", ["promote", "--even-if-worse"]),
        ("verify_pageviews_predict", "predict", ["predict", "--articles=Spain", "--date", "2026-11-21"]),
        ("about_this_platform", "first_pod", ["check"]),
        ("hello_kubernetes", "hello", ["hello"]),
        ("platform_check", "check_examples", ["check"]),
        ("platform_check", "check_pageviews", ["check"]),
        ("platform_check", "check_verify", ["check"]),
        (
            "database_roundtrip",
            "write",
            ["database-roundtrip", "write", "--run-id", "run-1", "--rows", "1000"],
        ),
        ("database_roundtrip", "read", ["database-roundtrip", "read", "--run-id", "run-1", "--rows", "1000"]),
        ("mnist", "seed", ["seed", "--from", "https://example.org/mnist"]),
        ("mnist", "train", ["train", "--run-name", "run-1"]),
    ],
)
def test_arguments(dag_bag: DagBag, dag_id: str, task_id: str, arguments: list[str]) -> None:
    params = {"seed_from": "https://example.org/mnist"}
    assert rendered(dag_bag, dag_id, task_id, run_id="run-1", params=params) == arguments


def test_the_report_is_named_after_the_day_and_ends_the_day_before(dag_bag: DagBag) -> None:
    arguments = rendered(dag_bag, "papermill_report", "report")
    assert arguments[:4] == ["run", "pageviews.ipynb", "--name", "pageviews/2026-11-21"]
    assert arguments[4:] == ["--parameter", "end=2026-11-20"]


def test_titles_of_several_words_and_with_a_hyphen_first_stay_whole(
    load_dags: Callable[[dict[str, Any]], DagBag], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("common.pageviews.ARTICLES", ("New York City", "-30-"))
    bag = load_dags(platform_json())
    assert bag.import_errors == {}
    titles = ["--articles=New York City", "--articles=-30-"]
    for dag_id, task_id in (("train", "validate"), ("train", "train"), ("predict", "predict"), ("ingest", "ingest")):
        params = {"start": None, "end": None}
        assert rendered(bag, f"pageviews_{dag_id}", task_id, params=params)[1:3] == titles
    # The report shows what is predicted: no title passes through it.
    assert "30" not in " ".join(rendered(bag, "papermill_report", "report"))


def test_two_loads_serialize_to_the_same(load_dags: Callable[[dict[str, Any]], DagBag]) -> None:
    """A difference would be a new version of the DAG in Airflow's database with every parse."""

    def serialized() -> dict[str, str]:
        bag = load_dags(platform_json(POSTGRES_CA))
        return {name: json.dumps(DagSerialization.to_dict(dag), sort_keys=True) for name, dag in bag.dags.items()}

    first = serialized()
    assert first.keys() == SCHEDULES.keys()
    assert serialized() == first


def test_a_stack_without_a_dags_project_is_an_import_error_that_says_so(
    load_dags: Callable[[dict[str, Any]], DagBag],
) -> None:
    content = platform_json()
    del content["projects"]["examples"]
    bag = load_dags(content)
    assert set(bag.dags) == {
        *(
            "about_this_platform",
            "platform_check",
            "pageviews_ingest",
            "pageviews_train",
            "pageviews_predict",
            "pageviews_rollback",
        ),
        *("verify_pageviews_ingest", "verify_pageviews_train", "verify_pageviews_predict", "papermill_report"),
    }
    assert len(bag.import_errors) == 3
    for error in bag.import_errors.values():
        assert (
            "this platform has no project 'examples' (its projects are pageviews, verify): correct the DAG, or add"
            in error
        )


def test_a_stack_without_the_project_verify_has_all_other_dags(load_dags: Callable[[dict[str, Any]], DagBag]) -> None:
    content = platform_json()
    del content["projects"]["verify"]
    bag = load_dags(content)
    assert bag.import_errors == {}
    assert set(bag.dags) == {name for name in SCHEDULES if not name.startswith("verify_")}
