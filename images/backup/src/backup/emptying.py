"""SQL that removes the contents of a database before a restore."""

from typing import LiteralString

from psycopg import sql

from backup.catalog import of_users
from backup.server import Connection

# Schemas stay: without CREATE on the database, nothing could make them again, and others' objects may be in them.
OWN_OBJECTS: LiteralString = of_users(""",
    found AS (
      SELECT CASE relkind WHEN 'S' THEN 2 WHEN 'c' THEN 4 ELSE 1 END AS step,
        CASE relkind WHEN 'v' THEN 'VIEW' WHEN 'm' THEN 'MATERIALIZED VIEW' WHEN 'S' THEN 'SEQUENCE'
          WHEN 'f' THEN 'FOREIGN TABLE' WHEN 'c' THEN 'TYPE' ELSE 'TABLE' END AS kind,
        format('%I.%I', nspname, relname) AS name, 'pg_class'::regclass AS class, c.oid
      FROM pg_class c JOIN schemas s ON s.oid = relnamespace
      WHERE relkind IN ('r', 'p', 'v', 'm', 'S', 'f', 'c') AND pg_has_role(relowner, 'USAGE')
      UNION ALL
      SELECT 3, 'ROUTINE', p.oid::regprocedure::text, 'pg_proc'::regclass, p.oid
      FROM pg_proc p JOIN schemas s ON s.oid = pronamespace
      WHERE pg_has_role(proowner, 'USAGE')
      UNION ALL
      SELECT 4, 'TYPE', format('%I.%I', nspname, typname), 'pg_type'::regclass, t.oid
      FROM pg_type t JOIN schemas s ON s.oid = typnamespace
      WHERE typtype IN ('e', 'd', 'r') AND pg_has_role(typowner, 'USAGE'))
    SELECT kind, name FROM found WHERE (class::oid, oid) NOT IN (TABLE extended)
    ORDER BY step, name""")


def user_schemas(connection: Connection) -> list[str]:
    return [str(name) for (name,) in connection.execute(of_users(" SELECT nspname FROM schemas"))]


def emptying_of(connection: Connection, *, own: bool) -> str:
    """SQL that empties the database of a connection.

    Args:
        own: remove what the connection's login owns, and leave what others made
    """
    return _of_own(connection) if own else _of_all(connection)


def _of_own(connection: Connection) -> str:
    """What goes with the object of an earlier statement does not exist for a later one.

    CASCADE reaches others' objects, too: `backup.others` finds them before.
    """
    large_objects = "FROM pg_catalog.pg_largeobject_metadata WHERE pg_has_role(lomowner, 'USAGE')"
    return "".join(
        [
            "SET client_min_messages = warning;\n",
            f"SELECT lo_unlink(oid) {large_objects};\n",
            *(f"DROP {kind} IF EXISTS {name} CASCADE;\n" for kind, name in connection.execute(OWN_OBJECTS)),
        ]
    )


def _of_all(connection: Connection) -> str:
    """Leaves a database as CREATE DATABASE makes it; the owner of `public` is as initdb has it.

    Who may make tables in `public` is the platform's to say, not the backup's: its rights stay.
    """
    schemas = [sql.Identifier(name) for name in user_schemas(connection)]
    statements = [
        sql.SQL("SET client_min_messages = warning;\n"),
        sql.SQL("SELECT lo_unlink(oid) FROM pg_catalog.pg_largeobject_metadata;\n"),
        *(sql.SQL("DROP SCHEMA {} CASCADE;\n").format(schema) for schema in schemas),
        sql.SQL("CREATE SCHEMA public AUTHORIZATION pg_database_owner;\n"),
        sql.SQL("GRANT USAGE ON SCHEMA public TO PUBLIC;\n"),
        *(
            sql.SQL("GRANT {} ON SCHEMA public TO {};\n").format(sql.SQL(right), sql.Identifier(role))
            for right, role in _rights_on_public(connection)
        ),
    ]
    return sql.Composed(statements).as_string(connection)


def _rights_on_public(connection: Connection) -> list[tuple[LiteralString, str]]:
    rights: dict[object, LiteralString] = {"CREATE": "CREATE", "USAGE": "USAGE"}
    rows = connection.execute(
        "SELECT privilege_type, rolname FROM pg_namespace, aclexplode(nspacl) JOIN pg_roles r ON r.oid = grantee"
        " WHERE nspname = 'public' AND rolname !~ '^pg_' ORDER BY 2, 1"
    )
    return [(rights[right], str(role)) for right, role in rows if right in rights]
