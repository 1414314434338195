"""Every wrong spec ends with one sentence that names the key, and with no secret in it."""

from pathlib import Path
from typing import Any

import pytest

from conftest import Workspace
from provision import minio_spec, mlflow, postgres
from provision.cli import main
from provision.errors import ProvisionError
from provision.spec import Table

SECRET = "a-secret-of-24-characters"


@pytest.fixture
def secret(workspace: Workspace) -> str:
    workspace.secret("secret-key", "an-access-key")
    return workspace.secret("secret", SECRET)


def fill(value: Any, secret: str) -> Any:
    """The same spec with SECRET_FILE replaced by a file that exists."""
    if isinstance(value, dict):
        return {key: fill(one, secret) for key, one in value.items()}
    if isinstance(value, list):
        return [fill(one, secret) for one in value]
    return (
        {"SECRET_FILE": secret, "KEY_FILE": f"{secret}-key"}.get(value, value)
        if isinstance(value, str)
        else value
    )


ROLE = {"name": "airflow", "passwordFile": "SECRET_FILE", "database": "airflow"}
PLATFORM = {"platform": {"id": "5b2d", "stack": "organization/mlops/dev"}, "server": "own"}
POSTGRES = [
    ({"roles": [ROLE], "rolls": []}, "unknown key rolls; known are extensions, platform, roles, server"),
    ({"platform": "5b2d"}, "platform is a text, where an object is needed"),
    ({"platform": {"id": "", "stack": "a/b/c"}}, 'platform: id is "", where a text that is not empty'),
    ({"platform": {"id": "5b2d", "stack": "a/b/c", "name": "a"}}, "platform has the unknown key name"),
    ({"server": "mine"}, 'server is "mine", where "own" or "shared" is needed'),
    ({"extensions": "pg_trgm"}, 'extensions is "pg_trgm", where a list of texts is needed'),
    ({"roles": {}}, "roles is {}, where a list of objects is needed"),
    ({"roles": ["airflow"]}, "roles[0] is a text, where an object is needed"),
    ({"roles": [{**ROLE, "passwordFile": "/nowhere"}]}, "/nowhere, which cannot be read: No such file"),
    ({"roles": [{"name": "airflow"}]}, "roles[0] lacks the key passwordFile"),
    ({"roles": [{**ROLE, "name": ""}]}, 'name is "", where a text that is not empty is needed'),
    ({"roles": [{**ROLE, "name": "x" * 64}]}, "where a name of at most 63 bytes is needed"),
    ({"roles": [{**ROLE, "connectionLimit": 0}]}, "connectionLimit is 0, where a whole number from 1 up"),
    ({"roles": [{**ROLE, "connectionLimit": True}]}, "connectionLimit is true"),
    ({"roles": [{**ROLE, "memberOf": "pg_monitor"}]}, 'memberOf is "pg_monitor", where a list of texts'),
    ({"roles": [{**ROLE, "superuser": True}]}, "roles[0] has the unknown key superuser"),
    ({"roles": [ROLE, ROLE]}, "names the role airflow twice"),
    ({"roles": [ROLE, {**ROLE, "name": "other"}]}, "names the database airflow twice"),
]


@pytest.mark.parametrize(("content", "message"), POSTGRES)
def test_postgres_spec_is_refused(workspace: Workspace, secret: str, content: Any, message: str) -> None:
    assert message in refusal(postgres.read, workspace, fill({**PLATFORM, **content}, secret))


MINIO = {"endpoint": "http://minio:9000", "accessKeyFile": "SECRET_FILE", "secretKeyFile": "SECRET_FILE"}
USER = {"name": "mlops-airflow", "accessKeyFile": "KEY_FILE", "secretKeyFile": "SECRET_FILE"}
ACCESS = {"bucket": "logs", "prefix": "", "mode": "readWrite"}
MINIOS = [
    ({**MINIO, "endpoint": "minio:9000"}, "where an http:// or https:// URL without a path is needed"),
    ({**MINIO, "endpoint": "http://minio:9000/s3"}, "URL without a path is needed"),
    ({**MINIO, "buckets": [{"name": "Logs"}]}, 'name is "Logs", where a bucket name'),
    ({**MINIO, "buckets": [{"name": "logs", "versioned": "yes"}]}, 'versioned is "yes", where true or false'),
    ({**MINIO, "buckets": [{"name": "logs", "expireDays": -1}]}, "expireDays is -1"),
    ({**MINIO, "buckets": [{"name": "logs"}, {"name": "logs"}]}, "names the bucket logs twice"),
    ({**MINIO, "platform": {"id": "a1"}}, "platform lacks the key stack"),
    (
        {**MINIO, "users": [{**USER, "access": []}]},
        "access is [], where at least one bucket, or none together",
    ),
    (
        {**MINIO, "users": [{**USER, "access": [ACCESS], "metrics": True}]},
        "or none together with metrics: true",
    ),
    ({**MINIO, "users": [{**USER, "access": [{**ACCESS, "mode": "all"}]}]}, '"readWrite" or "readOnly"'),
    ({**MINIO, "users": [{**USER, "access": [{**ACCESS, "prefix": "a*"}]}]}, "a folder without * ?"),
    ({**MINIO, "users": [{**USER, "access": [{**ACCESS, "bucket": "*"}]}]}, 'bucket is "*"'),
    ({**MINIO, "users": [{**USER, "name": "readwrite", "access": [ACCESS]}]}, "other than consoleAdmin"),
    (
        {**MINIO, "users": [{**USER, "metrics": True}, {**USER, "metrics": True}]},
        "the user mlops-airflow twice",
    ),
    (
        {**MINIO, "users": [{**USER, "accessKeyFile": "SECRET_FILE", "metrics": True}]},
        "two users one key",
    ),
]


@pytest.mark.parametrize(("content", "message"), MINIOS)
def test_minio_spec_is_refused(workspace: Workspace, secret: str, content: Any, message: str) -> None:
    assert message in refusal(minio_spec.read, workspace, fill(content, secret))


MLFLOW = {"url": "http://mlflow:5000", "adminUsername": "admin", "adminPasswordFile": "SECRET_FILE"}
MLFLOWS = [
    ({**MLFLOW, "url": "ftp://mlflow"}, "where an http:// or https:// URL is needed"),
    ({**MLFLOW, "users": [{"name": "a:b", "passwordFile": "SECRET_FILE"}]}, "a name without a colon"),
    ({**MLFLOW, "users": [{"name": "admin", "passwordFile": "SECRET_FILE"}]}, "names the user admin twice"),
]


@pytest.mark.parametrize(("content", "message"), MLFLOWS)
def test_mlflow_spec_is_refused(workspace: Workspace, secret: str, content: Any, message: str) -> None:
    assert message in refusal(mlflow.read, workspace, fill(content, secret))


def refusal(read: Any, workspace: Workspace, content: Any) -> str:
    with pytest.raises(ProvisionError) as caught:
        read(Table.load(Path(workspace.spec(content))))
    assert SECRET not in str(caught.value)
    return str(caught.value)


@pytest.mark.parametrize("content", ["", "\n", "first\nsecond"])
def test_a_secret_file_holds_one_line(workspace: Workspace, content: str) -> None:
    path = workspace.secret("secret", content)
    error = refusal(postgres.read, workspace, {**PLATFORM, "roles": [{**ROLE, "passwordFile": path}]})
    assert "is empty or has several lines" in error
    assert "second" not in error


def test_a_newline_at_the_end_of_a_secret_file_is_no_part_of_it(workspace: Workspace) -> None:
    path = workspace.secret("secret", "by-hand\n")
    table = Table({"file": path}, "spec")
    assert table.secret("file") == "by-hand"


def test_short_passwords_are_refused_without_showing_them(workspace: Workspace) -> None:
    path = workspace.secret("short", "hunter2")
    users = {**MLFLOW, "adminPasswordFile": path, "users": [{"name": "pageviews", "passwordFile": path}]}
    with pytest.raises(ProvisionError) as caught:
        mlflow.read(Table(users, "spec"))
    assert str(caught.value) == (
        "spec: users[0]: passwordFile holds 7 characters, where MLflow needs at least 12"
    )


@pytest.mark.parametrize(
    ("content", "message"),
    [("{", "is not JSON: Expecting property name"), ("[]", "is a list, where an object is needed")],
)
def test_a_spec_that_is_no_json_object_is_one_sentence(
    workspace: Workspace, content: str, message: str
) -> None:
    outcome = workspace.run("postgres", content)
    assert outcome.code == 1
    assert message in outcome.error
    assert "\n" not in outcome.error


def test_a_missing_spec_is_one_sentence(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["minio", "--spec", "/nowhere/spec.json"]) == 1
    expected = "provision minio: the spec /nowhere/spec.json cannot be read: No such file or directory\n"
    assert capsys.readouterr().err == expected


@pytest.mark.parametrize("arguments", [["--help"], ["postgres", "--help"], ["minio", "--help"]])
def test_help_is_printed(arguments: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as caught:
        main(arguments)
    assert caught.value.code == 0
    assert "usage: provision" in capsys.readouterr().out
