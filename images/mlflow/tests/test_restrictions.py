"""What MLflow opens to every user and the platform does not."""

from collections.abc import Iterator
from typing import Any

import pytest
from mlflow.server import app
from mlflow.server.auth import routes

from conftest import free_port
from servers import API, Server, running_server, start_run

PROXY = "/api/2.0/mlflow-artifacts"
STORE = "s3://mlops/mlflow/artifacts"


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """Its artifacts are in an S3 store, for which MLflow would sign URLs; nothing answers there."""
    store = {
        "AWS_ENDPOINT_URL_S3": f"http://127.0.0.1:{free_port()}",
        "AWS_REGION": "us-east-1",
        "AWS_ACCESS_KEY_ID": "key",
        "AWS_SECRET_ACCESS_KEY": "secret-key",
        "AWS_MAX_ATTEMPTS": "1",
    }
    with running_server(tmp_path_factory.mktemp("restricted"), STORE, **store) as started:
        yield started


def test_users_are_listed_to_administrators_alone(server: Server) -> None:
    for path in (routes.LIST_USERS, routes.AJAX_LIST_USERS):
        listed = server.ask("admin", "GET", path)["users"]
        assert [user["username"] for user in listed] == ["admin", "alice", "bob"], path
        assert server.call("bob", "GET", path).status_code == 403, path


def test_no_route_names_another_user(server: Server) -> None:
    run = start_run(server, "alice", "roster")
    known = {
        **run,
        "experiment_ids": run["experiment_id"],
        "workspace": "default",
        "resource_type": "experiment",
    }
    known |= {"resource_id": run["experiment_id"], "role_id": "1", "name": "roster", "job_id": "1"}
    own = [getattr(routes, name) for name in dir(routes) if name.isupper()]
    paths = {rule.rule for rule in app.url_map.iter_rules() if "GET" in (rule.methods or ())} | set(own)
    # The gateway's own ask the internet which models there are, for minutes.
    other = ("/static", "/ajax-api/3.0/mlflow/gateway/")
    asked = sorted(path for path in paths if "<" not in path and not path.startswith(other))
    assert len(asked) > 100
    named = []
    for path in asked:
        # Only what the request itself does not say counts.
        text = server.call("bob", "GET", path, params=known).text
        named += [path for name in ("alice", "admin-password") if name in text]
    assert named == []


@pytest.mark.parametrize("route", ["users/get", "users/permissions/list", "users/roles/list"])
def test_a_user_asks_for_no_other(server: Server, route: str) -> None:
    version = "3.0" if route.count("/") == 2 else "2.0"
    for prefix in ("api", "ajax-api"):
        path = f"/{prefix}/{version}/mlflow/{route}"
        assert server.call("bob", "GET", path, params={"username": "alice"}).status_code == 403
        assert server.call("bob", "GET", path, params={"username": "nobody"}).status_code == 403
        assert server.call("bob", "GET", path, params={"username": "bob"}).status_code == 200


def test_no_url_of_the_store_is_signed(server: Server) -> None:
    run = start_run(server, "alice", "presigned")
    folder = run["artifact_uri"].removeprefix("mlflow-artifacts:/").lstrip("/")
    upload = {"path": "mine.txt", "num_parts": 1, "upload_id": "1", "parts": []}
    file = {"run_id": run["run_id"], "path": "mine.txt"}
    asked: list[tuple[str, str, Any]] = [
        ("POST", f"mlflow-artifacts/mpu/{step}/{folder}", upload) for step in ("create", "complete", "abort")
    ]
    asked += [("GET", f"mlflow-artifacts/presigned/{folder}/mine.txt", None)]
    asked += [("POST", f"mlflow/artifacts/presigned-{way}-url", file) for way in ("upload", "download")]
    # Of a run whose artifacts go through the server MLflow itself signs none.
    statuses = {"mpu": 501, "presigned": 501, "artifacts": 400}
    for prefix in ("api", "ajax-api"):
        for user in ("alice", "admin"):
            for method, path, body in asked:
                answer = server.call(user, method, f"/{prefix}/2.0/{path}", body)
                expected = statuses[path.split("/")[1]]
                assert answer.status_code == expected, (user, method, path, answer.text)
    # Each route that signs one is in the list above.
    signing = {
        rule.rule for rule in app.url_map.iter_rules() if "presigned" in rule.rule or "/mpu/" in rule.rule
    }
    assert len(signing) == len(asked) * 2


def test_no_version_is_read_by_an_address_of_the_store(server: Server) -> None:
    run = start_run(server, "alice", "kept")
    server.ask("bob", "POST", f"{API}/registered-models/create", {"name": "over"})
    source = f"{STORE}/{run['artifact_uri'].removeprefix('mlflow-artifacts:/').lstrip('/')}"
    version = server.ask("bob", "POST", f"{API}/model-versions/create", {"name": "over", "source": source})
    named = {"name": "over", "version": version["model_version"]["version"], "path": "secret"}
    assert server.call("bob", "GET", "/model-versions/get-artifact", params=named).status_code == 403


def test_no_trace_is_read_from_where_a_tag_says(server: Server) -> None:
    run = start_run(server, "alice", "traced")
    own = start_run(server, "bob", "traces")
    begun: dict[str, Any] = {"experiment_id": own["experiment_id"], "timestamp_ms": 1}
    moved = server.ask("bob", "POST", f"{API}/traces", begun)["trace_info"]["request_id"]
    location = {"key": "mlflow.artifactLocation", "value": run["artifact_uri"]}
    server.ask("bob", "PATCH", f"{API}/traces/{moved}/tags", location)
    # MLflow lets nobody set these later.
    tags = {"mlflow.trace.archiveLocation": run["artifact_uri"], "mlflow.trace.spansLocation": "ARCHIVE_REPO"}
    begun["tags"] = [{"key": key, "value": value} for key, value in tags.items()]
    archived = server.ask("bob", "POST", f"{API}/traces", begun)["trace_info"]["request_id"]
    for trace in (moved, archived):
        for version in ("2.0", "3.0"):
            path = f"/ajax-api/{version}/mlflow/get-trace-artifact"
            answer = server.call("bob", "GET", path, params={"request_id": trace})
            assert answer.status_code == 403, answer.text


def test_clients_are_told_to_send_artifacts_through_the_server(server: Server) -> None:
    info = server.call(None, "GET", "/api/3.0/mlflow/server-info").json()
    assert [value for name, value in info.items() if "multipart" in name] == [False, False]


def test_a_route_without_a_rule_is_refused(server: Server) -> None:
    assert server.call("bob", "GET", f"{API}/no-such-route").status_code == 403
