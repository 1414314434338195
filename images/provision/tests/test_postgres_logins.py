"""Databases and logins by the SQL that docs/site.md gives to a DBA, and a sentence for each missing piece."""

import os
import re
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from conftest import Outcome, Workspace, postgres_binaries
from postgres_cases import Postgres, as_superuser, wipe

PAGE = Path(__file__).parents[3] / "docs/site.md"
SECTION = PAGE.read_text().partition("\n## A Postgres that a DBA runs\n")[2].partition("\n## ")[0]
OWNED, GRANTED = re.findall(r"^```sql[^\n]*\n(.*?)^```", SECTION, re.DOTALL | re.MULTILINE)
CLIENTS: dict[str, tuple[str, str]] = {
    client: (name, user)
    for client, name, user in re.findall(
        r"^ +([\w-]+): \{ name: (\w+), user: (\w+) \}", SECTION, re.MULTILINE
    )
}
PASSWORDS: dict[str, str] = dict(re.findall(r"CREATE ROLE (\w+) LOGIN PASSWORD '([^']+)'", OWNED))
PLATFORM = ("airflow", "mlflow", "mlflow-auth", "grafana")
NEEDS = {**dict.fromkeys(PLATFORM, "schema"), "exporter": "statistics"}
AIRFLOW, AIRFLOW_USER = CLIENTS["airflow"]
METRICS_USER = CLIENTS["exporter"][1]
NOT_OWNED = (
    f"ALTER DATABASE {AIRFLOW} OWNER TO postgres; GRANT CONNECT ON DATABASE {AIRFLOW} TO {AIRFLOW_USER};"
)

Check = Callable[..., Outcome]


@pytest.fixture
def server(postgres: Postgres, monkeypatch: pytest.MonkeyPatch) -> Iterator[Postgres]:
    monkeypatch.setenv("PGHOST", "127.0.0.1")
    monkeypatch.setenv("PGPORT", str(postgres.port))
    for name in ("PGUSER", "PGPASSWORD", "PGDATABASE"):
        monkeypatch.delenv(name, raising=False)
    yield postgres
    wipe(postgres)


@pytest.fixture
def dba(server: Postgres) -> Callable[[str], None]:
    """Runs SQL as psql does."""

    def run(script: str) -> None:
        command = [str(postgres_binaries() / "psql"), "--no-psqlrc", "--quiet", "--set=ON_ERROR_STOP=1"]
        environment = {**os.environ, **server.environment, "PGOPTIONS": "-c client_min_messages=warning"}
        done = subprocess.run(command, input=script, env=environment, text=True, capture_output=True)
        assert (done.returncode, done.stderr) == (0, "")

    return run


@pytest.fixture
def check(server: Postgres, workspace: Workspace) -> Check:
    def run(**changes: dict[str, Any]) -> Outcome:
        logins = []
        for client, (database, user) in CLIENTS.items():
            change = dict(changes.get(client, {}))
            password = workspace.secret(client, change.pop("password", PASSWORDS[user]))
            needs = NEEDS.get(client, "tables")
            limits = {"connections": 5, "needs": needs}
            logins.append(
                {
                    **{"client": client, "database": database, "login": user, "passwordFile": password},
                    **limits,
                    **change,
                }
            )
        return workspace.run("logins", {"logins": logins}, "--timeout-seconds", "5")

    return run


def test_the_page_has_a_login_for_each_client_of_the_platform() -> None:
    assert set(CLIENTS) == {*PLATFORM, "exporter", "forecast"}
    assert set(PASSWORDS) == {user for _, user in CLIENTS.values()}


def test_what_the_page_gives_to_a_dba_fits(
    server: Postgres, dba: Callable[[str], None], check: Check
) -> None:
    dba(OWNED)
    outcome = check()
    assert (outcome.error, outcome.code) == ("", 0)
    assert outcome.lines == [
        f"{client}: login {user} fits, database {database}" for client, (database, user) in CLIENTS.items()
    ]
    made = "SELECT count(*) FROM pg_class WHERE relname ~ 'mlops'"
    assert as_superuser(server, made, database=CLIENTS["airflow"][0]) == [(0,)]


def test_what_the_page_gives_for_databases_of_another_owner_fits(
    server: Postgres, dba: Callable[[str], None], check: Check
) -> None:
    dba(OWNED)
    as_superuser(server, f"ALTER DATABASE {AIRFLOW} OWNER TO postgres")
    as_superuser(server, "REVOKE CREATE ON SCHEMA public FROM PUBLIC", database=AIRFLOW)
    assert "may not connect to the database" in check().error
    dba(GRANTED)
    assert check().error == ""


UTF8 = "ENCODING 'UTF8' TEMPLATE template0"
PUBLIC = f'The DBA runs in that database: GRANT USAGE, CREATE ON SCHEMA "public" TO "{AIRFLOW_USER}"'
IN_AIRFLOW = f"\\connect {AIRFLOW}\n"


@pytest.mark.parametrize(
    ("script", "sentence"),
    [
        (
            f"ALTER ROLE {AIRFLOW_USER} PASSWORD 'another'",
            f"airflow: Postgres refuses the login {AIRFLOW_USER}: it does not exist, has expired, or has "
            "another password than secrets.postgres.logins.airflow",
        ),
        (
            f"ALTER ROLE {AIRFLOW_USER} NOLOGIN",
            f"airflow: the role {AIRFLOW_USER} may not log in. "
            f'The DBA runs: ALTER ROLE "{AIRFLOW_USER}" LOGIN',
        ),
        (
            f"DROP DATABASE {AIRFLOW}",
            f"airflow: the server has no database {AIRFLOW}. "
            "The DBA creates it, or postgres.databases.airflow.name has another name",
        ),
        (
            f"ALTER DATABASE {AIRFLOW} OWNER TO postgres",
            f"airflow: the login {AIRFLOW_USER} may not connect to the database {AIRFLOW}. "
            f'The DBA runs: GRANT CONNECT ON DATABASE "{AIRFLOW}" TO "{AIRFLOW_USER}"',
        ),
        (
            f"{NOT_OWNED}\n{IN_AIRFLOW}REVOKE CREATE ON SCHEMA public FROM PUBLIC",
            f"airflow: the login {AIRFLOW_USER} may not create tables in the schema public, "
            f"database {AIRFLOW}. {PUBLIC}",
        ),
        (
            f"{NOT_OWNED}\n{IN_AIRFLOW}REVOKE ALL ON SCHEMA public FROM PUBLIC",
            f'airflow: the login {AIRFLOW_USER} may use no schema of "$user", public, '
            f"database {AIRFLOW}. {PUBLIC}",
        ),
        (
            f"ALTER DATABASE {AIRFLOW} SET default_transaction_read_only = on",
            f"airflow: the database {AIRFLOW} is read-only for the login {AIRFLOW_USER}: "
            "postgres.host is a standby, or default_transaction_read_only is on",
        ),
        (
            f"DROP DATABASE {AIRFLOW};\n"
            f"CREATE DATABASE {AIRFLOW} OWNER {AIRFLOW_USER} {UTF8.replace('UTF8', 'LATIN1')}",
            f"airflow: the database {AIRFLOW} has the encoding LATIN1; allowed: UTF8. "
            f"The DBA creates it with {UTF8}",
        ),
        (
            f"{IN_AIRFLOW}CREATE TABLE dag (id int); CREATE TABLE job (id int)",
            f"airflow: in the database {AIRFLOW}, the table dag and 1 more belong to postgres, and "
            f"{AIRFLOW_USER} cannot migrate them. "
            f'The DBA changes the owner of each: ALTER TABLE … OWNER TO "{AIRFLOW_USER}"',
        ),
        (
            f"REVOKE pg_monitor FROM {METRICS_USER}",
            f"exporter: the login {METRICS_USER} may not read statistics. "
            f'The DBA runs: GRANT pg_monitor TO "{METRICS_USER}"',
        ),
    ],
)
def test_each_missing_piece_is_one_sentence(
    dba: Callable[[str], None], check: Check, script: str, sentence: str
) -> None:
    dba(OWNED)
    dba(script)
    outcome = check()
    assert outcome.code == 1
    assert outcome.error == f"provision logins: databases or logins do not fit the platform:\n  {sentence}"
    assert outcome.lines == []


def test_a_second_login_acts_as_the_first(server: Postgres, dba: Callable[[str], None], check: Check) -> None:
    """As the page says of new passwords."""
    dba(OWNED)
    as_superuser(server, f"SET ROLE {AIRFLOW_USER}", "CREATE TABLE dag (id int)", database=AIRFLOW)
    dba(
        f"CREATE ROLE {AIRFLOW_USER}_2 LOGIN PASSWORD 'second' CONNECTION LIMIT 82 IN ROLE {AIRFLOW_USER};"
        f"ALTER ROLE {AIRFLOW_USER}_2 SET role = {AIRFLOW_USER}"
    )
    assert check(airflow={"login": f"{AIRFLOW_USER}_2", "password": "second"}).error == ""


def test_everything_that_is_wrong_is_said_at_once(dba: Callable[[str], None], check: Check) -> None:
    dba(OWNED)
    outcome = check(**{"mlflow": {"password": "wrong"}, "mlflow-auth": {"database": "nowhere"}})
    assert [line.split(":")[0].strip() for line in outcome.error.splitlines()[1:]] == [
        "mlflow",
        "mlflow-auth",
    ]
    assert "wrong" not in outcome.error


def test_a_table_of_others_is_a_projects_own_business(
    server: Postgres, dba: Callable[[str], None], check: Check
) -> None:
    dba(OWNED)
    as_superuser(server, "CREATE TABLE warehouse (id int)", database=CLIENTS["forecast"][0])
    assert check().error == ""


@pytest.mark.parametrize("schema", ["ML", "svc.airflow", 'a "b'])
def test_a_schema_of_any_name_fits(
    server: Postgres, dba: Callable[[str], None], check: Check, schema: str
) -> None:
    dba(OWNED)
    quoted = '"{}"'.format(schema.replace('"', '""'))
    create = f"CREATE SCHEMA {quoted} AUTHORIZATION {AIRFLOW_USER}"
    as_superuser(server, create, f"ALTER ROLE {AIRFLOW_USER} SET search_path = {quoted}", database=AIRFLOW)
    assert check().error == ""
    as_superuser(server, f"CREATE TABLE {quoted}.dag (id int)", database=AIRFLOW)
    assert "the table dag belongs to postgres" in check().error


@pytest.fixture
def certificate(server: Postgres, tmp_path: Path) -> Iterator[Path]:
    """The server speaks TLS, with this certificate for 127.0.0.1, signed by itself."""
    [(data,)] = as_superuser(server, "SHOW data_directory")
    key, public, copy = Path(data, "server.key"), Path(data, "server.crt"), tmp_path / "server.crt"
    command = ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-subj", "/CN=db.example"]
    command += ["-addext", "subjectAltName=IP:127.0.0.1", "-keyout", str(key), "-out", str(public)]
    subprocess.run(command, check=True, capture_output=True)
    owner = Path(data).stat()
    for path in (key, public):
        os.chown(path, owner.st_uid, owner.st_gid)
    key.chmod(0o600)
    copy.write_bytes(public.read_bytes())
    as_superuser(server, "ALTER SYSTEM SET ssl = on", "SELECT pg_reload_conf()")
    yield copy
    as_superuser(server, "ALTER SYSTEM RESET ssl", "SELECT pg_reload_conf()")


def test_a_failure_of_tls_is_not_one_of_each_login(
    certificate: Path,
    dba: Callable[[str], None],
    check: Check,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    dba(OWNED)
    monkeypatch.setenv("PGSSLMODE", "verify-full")
    monkeypatch.setenv("PGSSLROOTCERT", str(certificate))
    assert check().error == ""
    for host, reason in (
        ("localhost", "does not match host name"),
        ("127.0.0.1", "certificate verify failed"),
    ):
        if host == "127.0.0.1":
            other = tmp_path / "other.crt"
            command = ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-subj", "/CN=other"]
            command += ["-keyout", str(tmp_path / "other.key"), "-out", str(other)]
            subprocess.run(command, check=True, capture_output=True)
            monkeypatch.setenv("PGSSLROOTCERT", str(other))
        monkeypatch.setenv("PGHOST", host)
        error = check().error
        assert error.startswith("provision logins: TLS to Postgres fails: ")
        assert error.count(reason) == 1
        assert "postgres.caCertificate" in error and "postgres.host" in error


def test_a_limit_below_what_a_client_opens_is_said(dba: Callable[[str], None], check: Check) -> None:
    dba(OWNED)
    outcome = check(airflow={"connections": 1000})
    assert outcome.code == 0
    [line] = [line for line in outcome.lines if "CONNECTION LIMIT" in line]
    assert line.startswith(f"airflow: the login {AIRFLOW_USER} may hold 82 connections")
    assert line.endswith(f'The DBA runs: ALTER ROLE "{AIRFLOW_USER}" CONNECTION LIMIT 1000')


def test_a_server_that_does_not_answer_is_waited_for(
    check: Check, workspace: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PGPORT", "1")
    password = workspace.secret("airflow", "any")
    entry = {"client": "airflow", "database": "a", "login": "a", "passwordFile": password}
    spec = {"logins": [{**entry, "connections": 5, "needs": "schema"}]}
    outcome = workspace.run("logins", spec, "--timeout-seconds", "0")
    assert outcome.code == 1
    assert "Postgres did not answer within 0 s" in outcome.error


def test_a_second_login_of_one_client_is_refused(workspace: Workspace) -> None:
    entry = {"client": "airflow", "database": "a", "login": "a", "connections": 5, "needs": "schema"}
    entry["passwordFile"] = workspace.secret("airflow", "any")
    outcome = workspace.run("logins", {"logins": [entry, entry]})
    assert "the client airflow twice" in outcome.error
