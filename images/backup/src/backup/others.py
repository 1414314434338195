"""What belongs to others in the database of a login, and what a backup by the login leaves out."""

from dataclasses import dataclass
from typing import LiteralString

from psycopg import sql

from backup.catalog import of_users
from backup.server import Connection

# Without CREATE, a restore could not fill them. What the login owns is never left out unseen.
SCHEMAS: LiteralString = of_users("""
    SELECT nspname FROM schemas s
    WHERE NOT has_schema_privilege(s.oid, 'CREATE')
      AND NOT EXISTS (SELECT FROM pg_class WHERE relnamespace = s.oid AND pg_has_role(relowner, 'USAGE'))
      AND NOT EXISTS (SELECT FROM pg_proc WHERE pronamespace = s.oid AND pg_has_role(proowner, 'USAGE'))
    ORDER BY 1""")
# By catalog: schema and owner of what an archive has entries for, and which rows have one.
IN_SCHEMAS: dict[str, tuple[str, str, LiteralString]] = {
    "pg_class": ("relnamespace", "relowner", "relkind IN ('r', 'p', 'v', 'm', 'S', 'f')"),
    "pg_proc": ("pronamespace", "proowner", "true"),
    "pg_type": (
        "typnamespace",
        "typowner",
        "typtype IN ('e', 'd', 'r') OR typtype = 'b' AND typelem = 0"
        " OR EXISTS (SELECT FROM pg_class c WHERE c.oid = typrelid AND relkind = 'c')",
    ),
    "pg_operator": ("oprnamespace", "oprowner", "true"),
    "pg_opclass": ("opcnamespace", "opcowner", "true"),
    "pg_opfamily": ("opfnamespace", "opfowner", "true"),
    "pg_collation": ("collnamespace", "collowner", "true"),
    "pg_conversion": ("connamespace", "conowner", "true"),
    "pg_statistic_ext": ("stxnamespace", "stxowner", "true"),
    "pg_ts_config": ("cfgnamespace", "cfgowner", "true"),
    "pg_ts_dict": ("dictnamespace", "dictowner", "true"),
}
# What belongs to no schema. The first number of an object that no server has from its beginning is 16384.
IN_DATABASE: dict[str, str] = {
    "pg_event_trigger": "evtowner",
    "pg_foreign_data_wrapper": "fdwowner",
    "pg_foreign_server": "srvowner",
    "pg_language": "lanowner",
}
# Rows that the platform has written, in tables that a restore could neither replace nor create.
UNRESTORABLE: LiteralString = of_users("""
    SELECT pg_describe_object('pg_class'::regclass, c.oid, 0)
    FROM pg_class c JOIN schemas s ON s.oid = relnamespace
    WHERE relkind IN ('r', 'p') AND NOT pg_has_role(relowner, 'USAGE') AND nspname <> ALL (%s)
      AND ('pg_class'::regclass::oid, c.oid) NOT IN (TABLE extended)
      AND (has_table_privilege(c.oid, 'INSERT, UPDATE, DELETE, TRUNCATE')
        OR EXISTS (
          SELECT FROM pg_inherits JOIN pg_class own ON own.oid = inhrelid
          WHERE inhparent = c.oid AND pg_has_role(own.relowner, 'USAGE')))
    ORDER BY 1""")


@dataclass(frozen=True)
class Object:
    """Something that belongs to another role than the login."""

    # Catalog and number, as an archive's list has them.
    entry: str
    # As SQL writes it.
    identity: str
    description: str
    is_relation: bool


def schemas(connection: Connection) -> list[str]:
    """Schemas in which the login may create nothing, and owns nothing."""
    return [str(name) for (name,) in connection.execute(SCHEMAS)]


def objects(connection: Connection, left_out: list[str]) -> list[Object]:
    """What others own beside all schemas, and in every schema but those that are left out as a whole."""
    kinds = [_in_schemas(catalog, *columns, left_out) for catalog, columns in IN_SCHEMAS.items()]
    kinds += [_in_database(catalog, owner) for catalog, owner in IN_DATABASE.items()]
    query = sql.SQL(
        "{schemas}, found AS ({kinds}) SELECT class::oid || ' ' || oid, (pg_identify_object(class, oid, 0)).identity,"
        " pg_describe_object(class, oid, 0), class = 'pg_class'::regclass FROM found"
        " WHERE (class::oid, oid) NOT IN (TABLE extended) ORDER BY 3"
    ).format(schemas=sql.SQL(of_users("")), kinds=sql.SQL(" UNION ALL ").join(kinds))
    return [
        Object(str(entry), str(identity), str(description), is_relation is True)
        for entry, identity, description, is_relation in connection.execute(query)
    ]


def _in_schemas(catalog: str, schema: str, owner: str, condition: LiteralString, left_out: list[str]) -> sql.Composed:
    return sql.SQL(
        "SELECT {name}::regclass AS class, o.oid FROM pg_catalog.{catalog} o JOIN schemas s ON s.oid = {schema}"
        " WHERE nspname <> ALL ({left_out}) AND NOT pg_has_role({owner}, 'USAGE') AND ({condition})"
    ).format(
        name=sql.Literal(catalog),
        catalog=sql.Identifier(catalog),
        schema=sql.Identifier(schema),
        owner=sql.Identifier(owner),
        condition=sql.SQL(condition),
        left_out=sql.Literal(left_out),
    )


def _in_database(catalog: str, owner: str) -> sql.Composed:
    return sql.SQL(
        "SELECT {name}::regclass, oid FROM pg_catalog.{catalog}"
        " WHERE oid >= 16384 AND NOT pg_has_role({owner}, 'USAGE')"
    ).format(name=sql.Literal(catalog), catalog=sql.Identifier(catalog), owner=sql.Identifier(owner))


def unrestorable(connection: Connection) -> list[str]:
    """Tables of others that the login writes, or that its own tables are a part of."""
    return [str(name) for (name,) in connection.execute(UNRESTORABLE, [schemas(connection)])]
