"""Databases as a DBA makes them for the platform's logins."""

from conftest import Server

CLIENTS = ("airflow", "mlflow")


def made_by_a_dba(server: Server, *, owned: bool) -> None:
    """Databases with an extension, which belong to their logins or to the administrator."""
    server.provision(*CLIENTS)
    for name in CLIENTS:
        server.execute(name, "CREATE EXTENSION hstore", "COMMENT ON SCHEMA public IS 'the DBA''s'")
        if owned:
            server.execute("postgres", f"ALTER DATABASE {name} OWNER TO {name}")
