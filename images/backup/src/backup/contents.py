"""What the tables of a database hold, so that a restored one can be compared."""

from typing import LiteralString

from psycopg import sql

from backup.catalog import of_users
from backup.manifest import Contents
from backup.server import Connection, has_logins

# An extension recreates its own objects, and its creator owns them.
TABLES: LiteralString = of_users("""
    SELECT nspname, relname FROM pg_class c JOIN schemas s ON s.oid = relnamespace
    WHERE relkind = 'r' AND relpersistence <> 't' AND (NOT %s OR pg_has_role(relowner, 'USAGE'))
      AND ('pg_class'::regclass::oid, c.oid) NOT IN (TABLE extended)
    ORDER BY 1, 2""")


def tables(connection: Connection) -> dict[str, Contents]:
    """The contents of each table: rows, and the sum of their hashes, since rows have no order."""
    names = table_names(connection)
    return {f"{schema}.{table}": _contents(connection, schema, table) for schema, table in names}


def table_names(connection: Connection) -> list[tuple[str, str]]:
    """Schema and name of each table; for a login those that it owns."""
    rows = connection.execute(TABLES, [has_logins()]).fetchall()
    return [(str(schema), str(table)) for schema, table in rows]


def _contents(connection: Connection, schema: str, table: str) -> Contents:
    # The first 64 bits of SHA-256: unlike hashtext() the same on every version, unlike md5() never forbidden.
    # format() and not t::text, for which a client may have made a cast of its own.
    query = sql.SQL(
        "SELECT count(*), coalesce(sum(('x' || encode(substr(sha256(convert_to(format('%s', t), 'UTF8')), 1, 8), "
        "'hex'))::bit(64)::bigint), 0)::text FROM ONLY {} t"
    ).format(sql.Identifier(schema, table))
    row = connection.execute(query).fetchone()
    assert row is not None  # noqa: S101
    return Contents(int(str(row[0])), str(row[1]))
