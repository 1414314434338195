#!/opt/provision/bin/python
"""Stands in for Grafana: accounts and saved dashboards in the database of its settings.

It reads the settings as Grafana 13 does, and connects to Postgres with the string that Grafana makes of them,
without quotes.
"""

import base64
import hashlib
import json
import os
import sys
from collections.abc import Mapping
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import psycopg

TABLES = """
CREATE TABLE IF NOT EXISTS "user" (id serial PRIMARY KEY, login text UNIQUE NOT NULL, password text NOT NULL);
CREATE TABLE IF NOT EXISTS dashboard (uid text PRIMARY KEY, data text NOT NULL);
"""
PORT = 3000
RESET_COMMAND = ["admin", "reset-admin-password", "--password-from-stdin"]
# Without one, as in versions of the platform before it: the account of the settings, and nothing that is saved.
HAS_DATABASE = "GF_DATABASE_TYPE" in os.environ


def setting(name: str) -> str:
    """The setting GF_<name>."""
    return os.environ[f"GF_{name}"]


def connect() -> "psycopg.Connection[tuple[str, ...]]":
    """A connection to the database of the settings."""
    host, port = setting("DATABASE_HOST").rsplit(":", 1)
    return psycopg.connect(
        f"user={setting('DATABASE_USER')} host={host} port={port} dbname={setting('DATABASE_NAME')} "
        f"sslmode={setting('DATABASE_SSL_MODE')} sslrootcert={setting('DATABASE_CA_CERT_PATH')} "
        f"password={setting('DATABASE_PASSWORD')}",
        autocommit=True,
    )


def encoded(password: str) -> str:
    return hashlib.sha256(password.encode()).hexdigest()


def migrate() -> None:
    """Makes the tables; the setting for the administrator's password counts while there is no user."""
    with connect() as connection:
        connection.execute(TABLES)
        connection.execute(
            'INSERT INTO "user" (login, password) SELECT %s, %s WHERE NOT EXISTS (SELECT FROM "user")',
            (setting("SECURITY_ADMIN_USER"), encoded(setting("SECURITY_ADMIN_PASSWORD"))),
        )


def reset_admin_password() -> None:
    """`grafana cli admin reset-admin-password --password-from-stdin`."""
    migrate()
    password = sys.stdin.readline().rstrip("\n")
    with connect() as connection:
        changed = connection.execute('UPDATE "user" SET password = %s WHERE id = 1', (encoded(password),))
    if changed.rowcount != 1:
        sys.exit("could not read user (id: 1)")


class Handler(BaseHTTPRequestHandler):
    """The few paths of Grafana's API that the tests request."""

    def do_GET(self) -> None:
        if self.path == "/api/health":
            self._answer(200, {"database": "ok"})
        elif self.path == "/metrics":
            user, password = setting("METRICS_BASIC_AUTH_USERNAME"), setting("METRICS_BASIC_AUTH_PASSWORD")
            self._answer(200 if self._login() == (user, password) else 401, "grafana_build_info 1\n")
        elif self.path == "/api/org":
            self._answer(200 if self._is_known() else 401, {})
        elif self._is_known():
            uid = self.path.removeprefix("/api/dashboards/uid/")
            with connect() as connection:
                found = connection.execute("SELECT data FROM dashboard WHERE uid = %s", (uid,)).fetchone()
            self._answer(404 if found is None else 200, {} if found is None else {"dashboard": json.loads(found[0])})
        else:
            self._answer(401, {})

    def do_POST(self) -> None:
        body = json.loads(self.rfile.read(int(self.headers["content-length"])))
        if self.path != "/api/dashboards/db" or not self._is_known():
            self._answer(401, {})
            return
        with connect() as connection:
            connection.execute(
                "INSERT INTO dashboard VALUES (%s, %s)", (body["dashboard"]["uid"], json.dumps(body["dashboard"]))
            )
        self._answer(200, {"status": "success"})

    def _login(self) -> tuple[str, str]:
        kind, _, value = self.headers.get("authorization", "").partition(" ")
        user, _, password = base64.b64decode(value if kind == "Basic" else "").decode().partition(":")
        return user, password

    def _is_known(self) -> bool:
        user, password = self._login()
        if not HAS_DATABASE:
            return (user, password) == (setting("SECURITY_ADMIN_USER"), setting("SECURITY_ADMIN_PASSWORD"))
        with connect() as connection:
            query = 'SELECT FROM "user" WHERE login = %s AND password = %s'
            return connection.execute(query, (user, encoded(password))).fetchone() is not None

    def _answer(self, status: int, body: str | Mapping[str, object]) -> None:
        text = body if isinstance(body, str) else json.dumps(body)
        self.send_response(status)
        self.send_header("content-type", "text/plain" if isinstance(body, str) else "application/json")
        self.send_header("content-length", str(len(text)))
        self.end_headers()
        self.wfile.write(text.encode())


def main() -> None:
    if sys.argv[1:2] == ["cli"]:
        assert sys.argv[2:] == [
            "--homepath",
            setting("PATHS_HOME"),
            "admin",
            "reset-admin-password",
            "--password-from-stdin",
        ]
        reset_admin_password()
    else:
        if HAS_DATABASE:
            migrate()
        ThreadingHTTPServer(("", PORT), Handler).serve_forever()


if __name__ == "__main__":
    main()
