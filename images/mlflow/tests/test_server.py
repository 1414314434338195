"""The server as this image installs it: who gets in, by which name, and what it does."""

from collections.abc import Iterator
from importlib.util import find_spec
from typing import Any

import pytest

from servers import API, HOST, ORIGIN, Server, running_server, start_run

ARTIFACTS = "/api/2.0/mlflow-artifacts/artifacts"


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    home = tmp_path_factory.mktemp("server")
    with running_server(home, str(home / "artifacts")) as started:
        yield started


def test_what_only_clients_use_is_not_installed() -> None:
    assert [name for name in ("matplotlib", "pyarrow", "scipy", "sklearn", "skops") if find_spec(name)] == []


def test_only_health_is_open(server: Server) -> None:
    assert server.call(None, "GET", "/health").status_code == 200
    for path in ("/", "/version", "/metrics", "/signup", "/docs", "/graphql", f"{API}/experiments/search"):
        assert server.call(None, "GET", path).status_code == 401, path
    assert server.call("admin", "GET", "/").status_code == 200


def test_metrics_name_the_version_behind_each_alias_and_what_its_run_measured(server: Server) -> None:
    run = start_run(server, "alice", "measured")
    for key, value in {"holdout_mae": 12.5, "broken": "NaN"}.items():
        metric = {"run_id": run["run_id"], "key": key, "value": value, "timestamp": 1}
        server.ask("alice", "POST", f"{API}/runs/log-metric", metric)
    server.ask("alice", "POST", f"{API}/registered-models/create", {"name": "measured"})
    source = f"{run['artifact_uri']}/model"
    for run_id in (None, run["run_id"]):
        own = source if run_id else "s3://elsewhere/model"
        version = {"name": "measured", "source": own, "run_id": run_id}
        server.ask("admin", "POST", f"{API}/model-versions/create", version)
    for alias, number in {"previous": "1", "champion": "2"}.items():
        named = {"name": "measured", "alias": alias, "version": number}
        server.ask("alice", "POST", f"{API}/registered-models/alias", named)
    expected = [
        'mlflow_model_version{alias="champion",model="measured"} 2.0',
        'mlflow_model_version{alias="previous",model="measured"} 1.0',
        'mlflow_model_metric{alias="champion",metric="broken",model="measured"} NaN',
        'mlflow_model_metric{alias="champion",metric="holdout_mae",model="measured"} 12.5',
    ]
    for accept in ("text/plain", "application/openmetrics-text; version=1.0.0"):
        text = server.call("admin", "GET", "/metrics", Accept=accept).text
        shown = [line for line in text.splitlines() if line.startswith("mlflow_model_")]
        assert sorted(shown) == sorted(expected), text
        assert "mlflow_http_request_total" in text
    # Only an administrator sees what belongs to others.
    assert server.call("alice", "GET", "/metrics").status_code == 403


def test_metrics_count_requests(server: Server) -> None:
    server.call("admin", "GET", f"{API}/experiments/get?experiment_id=0")
    text = server.call("admin", "GET", "/metrics").text
    assert 'mlflow_http_request_total{method="GET",status="200"}' in text


@pytest.mark.parametrize(
    ("host", "status"),
    [
        (HOST, 200),
        ("mlflow", 200),
        # A name without a wildcard is compared whole, its port included.
        ("mlflow:5000", 403),
        ("mlflow.mlops.svc", 403),
        ("10.244.0.17:5000", 200),
        ("localhost:5000", 403),
        ("attacker.example", 403),
    ],
)
def test_a_host_name_counts_only_as_it_is_listed(server: Server, host: str, status: int) -> None:
    path = f"{API}/experiments/get?experiment_id=0"
    assert server.call("admin", "GET", path, Host=host).status_code == status
    # Probes and load balancers ask by address.
    assert server.call(None, "GET", "/health", Host=host).status_code == 200


@pytest.mark.parametrize(
    ("origin", "status"),
    [
        (ORIGIN, 200),
        ("http://localhost:8080", 200),
        # A page of the server itself is a stranger, unless its address is listed.
        (f"http://{HOST}", 403),
    ],
)
def test_the_web_pages_work_only_from_a_listed_origin(server: Server, origin: str, status: int) -> None:
    search = "/ajax-api/2.0/mlflow/experiments/search"
    assert server.call("admin", "POST", search, {"max_results": 1}, Origin=origin).status_code == status


def test_a_user_works_with_what_is_its_own(server: Server) -> None:
    run = start_run(server, "alice", "own")
    metric = {"run_id": run["run_id"], "key": "mae", "value": 0.5, "timestamp": 1}
    server.ask("alice", "POST", f"{API}/runs/log-metric", metric)
    path = f"{ARTIFACTS}/{run['artifact_uri'].removeprefix('mlflow-artifacts:/')}/model/data"
    assert server.call("alice", "PUT", path, b"weights").status_code == 200
    assert server.call("alice", "GET", path).content == b"weights"
    server.ask("alice", "POST", f"{API}/registered-models/create", {"name": "own"})
    version = {"name": "own", "source": f"{run['artifact_uri']}/model", "run_id": run["run_id"]}
    server.ask("alice", "POST", f"{API}/model-versions/create", version)
    file = {"name": "own", "version": "1", "path": "data"}
    assert server.call("alice", "GET", "/model-versions/get-artifact", params=file).content == b"weights"
    alias = {"name": "own", "alias": "champion", "version": "1"}
    server.ask("alice", "POST", f"{API}/registered-models/alias", alias)
    found = server.ask("alice", "GET", f"{API}/registered-models/alias?name=own&alias=champion")
    assert found["model_version"]["version"] == "1"
    runs = {"experiment_ids": [run["experiment_id"]], "filter": "metrics.mae < 1"}
    assert len(server.ask("alice", "POST", f"{API}/runs/search", runs)["runs"]) == 1


def test_a_user_reads_its_own_traces(server: Server) -> None:
    run = start_run(server, "alice", "traces")
    begun = {"experiment_id": run["experiment_id"], "timestamp_ms": 1}
    trace = server.ask("alice", "POST", f"{API}/traces", begun)["trace_info"]["request_id"]
    path = f"{ARTIFACTS}/{run['experiment_id']}/traces/{trace}/artifacts/traces.json"
    assert server.call("alice", "PUT", path, b'{"spans": []}').status_code == 200
    answer = server.call(
        "alice", "GET", "/ajax-api/2.0/mlflow/get-trace-artifact", params={"request_id": trace}
    )
    assert answer.json() == {"spans": []}


def test_a_user_sees_and_changes_nothing_of_another(server: Server) -> None:
    run = start_run(server, "alice", "private")
    server.ask("alice", "POST", f"{API}/registered-models/create", {"name": "private"})
    folder = f"{ARTIFACTS}/{run['artifact_uri'].removeprefix('mlflow-artifacts:/')}"
    assert server.call("alice", "PUT", f"{folder}/secret", b"data").status_code == 200
    refused: list[tuple[str, str, Any]] = [
        ("GET", f"{API}/experiments/get?experiment_id={run['experiment_id']}", None),
        ("GET", f"{API}/runs/get?run_id={run['run_id']}", None),
        ("POST", f"{API}/runs/create", {"experiment_id": run["experiment_id"]}),
        ("POST", f"{API}/runs/delete", {"run_id": run["run_id"]}),
        ("GET", f"{folder}/secret", None),
        ("PUT", f"{folder}/secret", b"changed"),
        ("GET", f"{API}/registered-models/get?name=private", None),
        ("DELETE", f"{API}/registered-models/delete", {"name": "private"}),
        ("POST", f"{API}/registered-models/alias", {"name": "private", "alias": "champion", "version": "1"}),
        ("POST", f"{API}/users/create", {"username": "mallory", "password": "mallory-password"}),
        ("PATCH", f"{API}/users/update-password", {"username": "alice", "password": "bob-knows-it"}),
    ]
    for method, path, body in refused:
        assert server.call("bob", method, path, body).status_code == 403, path
    found = server.ask("bob", "POST", f"{API}/experiments/search", {"max_results": 100})
    assert "private" not in [one["name"] for one in found.get("experiments", [])]
    assert server.ask("bob", "GET", f"{API}/registered-models/search").get("registered_models", []) == []
