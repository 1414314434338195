"""What others own in the databases of the platform's logins: a backup leaves it out, a restore leaves it alone."""

import json

import pytest

from conftest import Run, Server
from content import fill, fill_airflow
from dba import made_by_a_dba

OF_THE_DBA = (
    "CREATE TABLE team (id serial PRIMARY KEY, name text)",
    "CREATE TABLE readable (id int GENERATED ALWAYS AS IDENTITY)",
    "CREATE VIEW names AS SELECT name FROM team",
    "CREATE SEQUENCE tickets",
    "CREATE TYPE mood AS ENUM ('good')",
    "CREATE TYPE pair AS (a int, b int)",
    "CREATE FUNCTION twice(int) RETURNS int LANGUAGE sql AS 'SELECT $1 * 2'",
    "CREATE OPERATOR #+# (RIGHTARG = int, FUNCTION = twice)",
    "CREATE FUNCTION watch() RETURNS event_trigger LANGUAGE plpgsql AS 'BEGIN END'",
    "CREATE EVENT TRIGGER watched ON ddl_command_end EXECUTE FUNCTION watch()",
    "CREATE PUBLICATION everything FOR ALL TABLES",
    "CREATE EXTENSION postgres_fdw",
    "CREATE SERVER elsewhere FOREIGN DATA WRAPPER postgres_fdw",
    "CREATE USER MAPPING FOR PUBLIC SERVER elsewhere",
    "GRANT SELECT ON readable TO airflow",
    "GRANT REFERENCES ON team TO airflow",
)


def test_what_a_dba_owns_in_public_is_left_out_and_named(source: Server, target: Server, of_logins: Run) -> None:
    for server in (source, target):
        made_by_a_dba(server, owned=False)
        server.execute("airflow", *OF_THE_DBA)
        server.execute("mlflow", "CREATE TABLE empty (id int)", user="mlflow")
    fill_airflow(source)
    source.execute("airflow", "INSERT INTO team (name) VALUES ('a')")
    source.execute("airflow", "CREATE TABLE member (team int REFERENCES team, mood mood)", user="airflow")
    made = of_logins("run", server=source)
    assert (made.code, made.error) == (0, "")
    assert (
        "left out: what others own in database airflow: event trigger watched, function public.twice(integer), "
        "function public.watch(), operator public.#+#(NONE,integer), sequence public.readable_id_seq, sequence "
        "public.team_id_seq, sequence public.tickets, server elsewhere, table public.readable, table public.team, type "
        "public.mood, type public.pair, view public.names"
    ) in made.lines
    [entry] = json.loads(of_logins("list", "--json", server=source).lines[0])
    assert "table public.team" in entry["manifest"]["databases"]["airflow"]["of_others"]

    target.execute("airflow", "INSERT INTO team (name) VALUES ('b')")
    for arguments in ([], ["--force"]):
        restored = of_logins("restore", "--database", "airflow", *arguments, server=target)
        assert (restored.code, restored.error) == (0, "")
        assert restored.lines[-1] == "database airflow: 4 tables, 701 rows, as in the manifest"
    assert target.execute("airflow", "SELECT name FROM names") == [("b",)]
    owners = "SELECT relname, pg_get_userbyid(relowner) FROM pg_class WHERE relname IN ('member', 'team') ORDER BY 1"
    assert target.execute("airflow", owners) == [("member", "airflow"), ("team", "postgres")]


@pytest.mark.parametrize(
    "statements",
    [
        ["GRANT INSERT ON measured TO airflow"],
        ["SET ROLE airflow", "CREATE TABLE late PARTITION OF measured FOR VALUES FROM (0) TO (9)"],
    ],
    ids=["written", "partition"],
)
def test_a_backup_that_would_lack_rows_of_the_platform_is_refused(
    source: Server, of_logins: Run, statements: list[str]
) -> None:
    made_by_a_dba(source, owned=True)
    source.execute("airflow", "CREATE TABLE measured (id int) PARTITION BY RANGE (id)")
    if len(statements) > 1:
        # Only an owner adds a partition; the DBA takes the table back afterwards.
        source.execute("airflow", "ALTER TABLE measured OWNER TO airflow", *statements)
        source.execute("airflow", "ALTER TABLE measured OWNER TO postgres")
    else:
        source.execute("airflow", *statements)
    made = of_logins("run", server=source)
    assert (made.code, made.lines) == (3, [])
    assert made.error == (
        "backup run: a restore could not replace tables that a login of the platform writes or has partitions of, and "
        "does not own: airflow: table public.measured. The DBA makes the login the owner of each (ALTER TABLE … OWNER "
        "TO …), or takes its rights to write"
    )


OF_OTHERS = (
    "CREATE SCHEMA bi",
    "CREATE TABLE report (dag int REFERENCES dag, name text, last state)",
    "CREATE VIEW bi.latest AS SELECT dag_id FROM dag",
    "CREATE TABLE bi.kept (id int)",
)


def test_objects_of_others_are_named_and_not_deleted(source: Server, target: Server, of_logins: Run) -> None:
    for server in (source, target):
        made_by_a_dba(server, owned=True)
        fill(server)
    assert of_logins("run", server=source).code == 0
    target.execute("airflow", *OF_OTHERS)
    refused = of_logins("restore", "--force", server=target)
    assert refused.code == 6
    assert refused.error == (
        "backup restore: objects of others depend on contents that the restore replaces: airflow: column last of "
        "table public.report, constraint report_dag_fkey on table public.report, view bi.latest. Their owners drop "
        "them first"
    )
    assert target.execute("airflow", "SELECT count(*) FROM bi.latest") == [(200,)]
    target.execute("airflow", "DROP TABLE report", "DROP VIEW bi.latest")
    restored = of_logins("restore", "--force", server=target)
    assert (restored.code, restored.error) == (0, "")
    assert target.execute("airflow", "SELECT id FROM bi.kept") == []
