"""Databases as the platform's clients fill them, with what is easy to lose on the way."""

from cryptography.fernet import Fernet

from conftest import FERNET_KEY, Server

SECRET = "a connection's password"


def fill(server: Server) -> None:
    fill_airflow(server)
    fill_mlflow(server)


def fill_airflow(server: Server) -> None:
    """A connection that is encrypted as Airflow does it, and types whose text depends on settings."""
    encrypted = Fernet(FERNET_KEY).encrypt(SECRET.encode()).decode()
    server.execute(
        "airflow",
        "CREATE TYPE state AS ENUM ('queued', 'success')",
        "CREATE TABLE dag (id serial PRIMARY KEY, dag_id text UNIQUE, last_state state, at timestamptz, share float8)",
        "CREATE TABLE connection (id int REFERENCES dag, conn_id text, password text, is_encrypted bool)",
        "CREATE TABLE log (id bigint, at timestamptz, extra jsonb, payload bytea) PARTITION BY RANGE (id)",
        "CREATE TABLE log_1 PARTITION OF log FOR VALUES FROM (0) TO (1000)",
        "INSERT INTO dag (dag_id, last_state, at, share) SELECT 'dag ' || n || ' ü\t\\N', 'success',"
        " timestamptz '2026-11-01 00:00+01' + n * interval '1 day', n / 3.0 FROM generate_series(1, 200) n",
        "INSERT INTO log SELECT n, '2026-11-01', '{\"a\": [1, null]}', decode('00ff', 'hex')"
        " FROM generate_series(1, 500) n",
        f"INSERT INTO connection VALUES (1, 'warehouse', '{encrypted}', true)",
        "CREATE VIEW latest AS SELECT * FROM dag WHERE last_state = 'success'",
        user="airflow",
    )


def fill_mlflow(server: Server) -> None:
    # Its client may make none.
    server.execute("mlflow", 'CREATE SCHEMA "Own Schema" AUTHORIZATION mlflow')
    server.execute(
        "mlflow",
        'CREATE TABLE "Own Schema"."Runs" (id int, twice int GENERATED ALWAYS AS (id * 2) STORED)',
        'INSERT INTO "Own Schema"."Runs" SELECT n FROM generate_series(1, 50) n',
        "CREATE TABLE empty (id int)",
        user="mlflow",
    )


def connection_password(server: Server, fernet_key: str) -> str:
    """As Airflow reads it."""
    [(encrypted,)] = server.execute("airflow", "SELECT password FROM connection")
    return Fernet(fernet_key).decrypt(encrypted.encode()).decode()
