"""Every wrong spec ends with a message that names each wrong key, and with no secret in it."""

from pathlib import Path
from typing import Any

import pytest

from conftest import Workspace
from provision import minio_spec, mlflow
from provision.cli import main
from provision.errors import ProvisionError
from provision.postgres.settings import Settings
from provision.spec import Entry, load

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
    (
        {"roles": [ROLE], "rolls": []},
        "rolls is not a known key; known are extensions, platform, removedRoles, roles, server",
    ),
    ({"platform": "5b2d"}, 'platform is "5b2d"; it should be an object'),
    ({"platform": {"id": "", "stack": "a/b/c"}}, 'platform.id is ""; it should have at least 1 character'),
    (
        {"platform": {"id": "5b2d", "stack": "a/b/c", "name": "a"}},
        "platform.name is not a known key; known are id, stack",
    ),
    ({"server": "mine"}, "server is \"mine\"; it should be 'own' or 'shared'"),
    ({"extensions": "pg_trgm"}, 'extensions is "pg_trgm"; it should be a valid array'),
    ({"roles": {}}, "roles is an object; it should be a valid array"),
    ({"roles": ["airflow"]}, 'roles[0] is "airflow"; it should be an object'),
    (
        {"roles": [{**ROLE, "passwordFile": "/nowhere"}]},
        "roles[0].passwordFile: /nowhere cannot be read: No such file",
    ),
    ({"roles": [{"name": "airflow"}]}, "roles[0].passwordFile is missing"),
    ({"roles": [{**ROLE, "name": ""}]}, 'roles[0].name is ""; it should have at least 1 character'),
    ({"roles": [{**ROLE, "name": "x" * 64}]}, "it should be a name of at most 63 bytes"),
    (
        {"roles": [{**ROLE, "connectionLimit": 0}]},
        "connectionLimit is 0; it should be greater than or equal to 1",
    ),
    ({"roles": [{**ROLE, "connectionLimit": True}]}, "connectionLimit is true; it should be a valid integer"),
    ({"roles": [{**ROLE, "memberOf": "pg_monitor"}]}, 'memberOf is "pg_monitor"; it should be a valid array'),
    (
        {"roles": [{**ROLE, "superuser": True}]},
        "roles[0].superuser is not a known key; known are connectionLimit, database, login",
    ),
    ({"roles": [ROLE, ROLE]}, "contains the role airflow, the database airflow twice"),
    ({"roles": [ROLE, {**ROLE, "name": "other"}]}, "contains the database airflow twice"),
]


@pytest.mark.parametrize(("content", "message"), POSTGRES)
def test_postgres_spec_is_refused(workspace: Workspace, secret: str, content: Any, message: str) -> None:
    assert message in refusal(Settings, workspace, fill({**PLATFORM, **content}, secret))


MINIO = {"endpoint": "http://minio:9000", "accessKeyFile": "SECRET_FILE", "secretKeyFile": "SECRET_FILE"}
USER = {"name": "mlops-airflow", "accessKeyFile": "KEY_FILE", "secretKeyFile": "SECRET_FILE"}
ACCESS = {"bucket": "logs", "prefix": "", "mode": "readWrite"}
MINIOS = [
    ({**MINIO, "endpoint": "minio:9000"}, "it should be an http:// or https:// URL"),
    ({**MINIO, "endpoint": "http://minio:9000/s3"}, "it should be an http:// or https:// URL without a path"),
    ({**MINIO, "buckets": [{"name": "Logs"}]}, 'name is "Logs"; it should be a bucket name'),
    (
        {**MINIO, "buckets": [{"name": "logs", "versioned": "yes"}]},
        'versioned is "yes"; it should be a valid boolean',
    ),
    ({**MINIO, "buckets": [{"name": "logs", "expireDays": -1}]}, "expireDays is -1"),
    ({**MINIO, "buckets": [{"name": "logs"}, {"name": "logs"}]}, "contains the bucket logs twice"),
    ({**MINIO, "platform": {"id": "a1"}}, "platform.stack is missing"),
    (
        {**MINIO, "users": [{**USER, "access": []}]},
        "users[0]: access should name at least one bucket, or none together",
    ),
    (
        {**MINIO, "users": [{**USER, "access": [ACCESS], "metrics": True}]},
        "or none together with metrics: true",
    ),
    (
        {**MINIO, "users": [{**USER, "access": [{**ACCESS, "mode": "all"}]}]},
        "users[0].access[0].mode is \"all\"; it should be 'readWrite' or 'readOnly'",
    ),
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
    assert message in refusal(minio_spec.Spec, workspace, fill(content, secret))


MLFLOW = {"url": "http://mlflow:5000", "adminUsername": "admin", "adminPasswordFile": "SECRET_FILE"}
MLFLOWS = [
    ({**MLFLOW, "url": "ftp://mlflow"}, "it should be an http:// or https:// URL"),
    ({**MLFLOW, "users": [{"name": "a:b", "passwordFile": "SECRET_FILE"}]}, "a name without a colon"),
    (
        {**MLFLOW, "users": [{"name": "admin", "passwordFile": "SECRET_FILE"}]},
        "contains the user admin twice",
    ),
]


@pytest.mark.parametrize(("content", "message"), MLFLOWS)
def test_mlflow_spec_is_refused(workspace: Workspace, secret: str, content: Any, message: str) -> None:
    assert message in refusal(mlflow.Spec, workspace, fill(content, secret))


def refusal(model: type[Entry], workspace: Workspace, content: Any) -> str:
    with pytest.raises(ProvisionError) as caught:
        load(Path(workspace.spec(content)), model)
    assert SECRET not in str(caught.value)
    return str(caught.value)


@pytest.mark.parametrize("content", ["", "\n", "first\nsecond"])
def test_a_secret_file_holds_one_line(workspace: Workspace, content: str) -> None:
    path = workspace.secret("secret", content)
    error = refusal(Settings, workspace, {**PLATFORM, "roles": [{**ROLE, "passwordFile": path}]})
    assert "is empty or has several lines" in error
    assert "second" not in error


def test_a_newline_at_the_end_of_a_secret_file_is_no_part_of_it(workspace: Workspace) -> None:
    path = workspace.secret("secret", "by-hand\n")
    spec = load(Path(workspace.spec({**MLFLOW, "adminPasswordFile": path})), mlflow.Spec)
    assert spec.admin_password == "by-hand"
    assert "by-hand" not in repr(spec)


def test_short_passwords_are_refused_without_showing_them(workspace: Workspace) -> None:
    path = workspace.secret("short", "hunter2")
    users = {**MLFLOW, "adminPasswordFile": path, "users": [{"name": "pageviews", "passwordFile": path}]}
    assert refusal(mlflow.Spec, workspace, users) == (
        f"{workspace.directory}/spec.json: users[0].passwordFile: "
        "the file has 7 characters, but MLflow requires at least 12"
    )


def test_all_errors_come_at_once_and_an_unknown_keys_value_in_none(workspace: Workspace, secret: str) -> None:
    roles = [{**ROLE, "name": 1, "password": SECRET}, {**ROLE, "passwordFile": "/nowhere"}]
    assert refusal(Settings, workspace, fill({**PLATFORM, "server": None, "roles": roles}, secret)) == (
        f"{workspace.directory}/spec.json has 4 errors:\n"
        "  server is null; it should be 'own' or 'shared'\n"
        "  roles[0].name is 1; it should be a valid string\n"
        "  roles[0].password is not a known key; known are connectionLimit, database, login, memberOf, name, "
        "passwordFile\n"
        "  roles[1].passwordFile: /nowhere cannot be read: No such file or directory"
    )


@pytest.mark.parametrize(
    ("content", "message"),
    [("{", "Invalid JSON: EOF while parsing"), ("[]", "the file is a list; it should be an object")],
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
