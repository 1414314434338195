"""What of others goes with the contents that a restore by a login replaces."""

from typing import LiteralString

from backup.catalog import of_users
from backup.server import Connection

Part = tuple[object, object, object]

# Relations with their columns, defaults, constraints, indexes, triggers and rules; routines; types.
OBJECTS: LiteralString = of_users(""",
    relations AS (
      SELECT c.oid FROM pg_class c JOIN schemas s ON s.oid = relnamespace
      WHERE relkind IN ('r', 'p', 'v', 'm', 'S', 'f', 'c')
        AND (NOT pg_has_role(relowner, 'USAGE') OR ('pg_class'::regclass::oid, c.oid) IN (TABLE extended))),
    found AS (
      SELECT 0::oid AS relation, 'pg_class'::regclass::oid AS class, oid, 0 AS part FROM relations
      UNION ALL
      SELECT r.oid, 'pg_class'::regclass, r.oid, attnum FROM pg_attribute JOIN relations r ON r.oid = attrelid
      WHERE attnum > 0 AND NOT attisdropped
      UNION ALL
      SELECT r.oid, classid, objid, objsubid FROM pg_depend JOIN relations r ON r.oid = refobjid
      WHERE refclassid = 'pg_class'::regclass AND deptype IN ('a', 'i')
        AND (classid <> 'pg_class'::regclass
          OR EXISTS (SELECT FROM pg_class i WHERE i.oid = objid AND relkind IN ('i', 'I')))
      UNION ALL
      SELECT 0, 'pg_proc'::regclass, p.oid, 0 FROM pg_proc p JOIN schemas s ON s.oid = pronamespace
      WHERE NOT pg_has_role(proowner, 'USAGE') OR ('pg_proc'::regclass::oid, p.oid) IN (TABLE extended)
      UNION ALL
      SELECT 0, 'pg_type'::regclass, t.oid, 0 FROM pg_type t JOIN schemas s ON s.oid = typnamespace
      WHERE typtype IN ('e', 'd', 'r')
        AND (NOT pg_has_role(typowner, 'USAGE') OR ('pg_type'::regclass::oid, t.oid) IN (TABLE extended)))
    SELECT relation, class, oid, part, pg_describe_object(class, oid, part) FROM found""")


def lost_by(connection: Connection, emptying: str) -> list[str]:
    """Others' objects that go with what the login owns, such as a view on its table.

    Args:
        emptying: SQL, which runs and is rolled back: the server itself knows best what CASCADE reaches
    """
    before = _objects(connection)
    connection.execute(emptying.encode())
    after = _objects(connection)
    connection.rollback()
    lost = {part: of for part, of in before.items() if part not in after}
    relations = {oid for (_, oid, column) in lost if column == 0}
    return sorted({name for relation, name in lost.values() if relation not in relations})


def _objects(connection: Connection) -> dict[Part, tuple[object, str]]:
    """By its address, the relation that an object is a part of, and what it is called."""
    rows = connection.execute(OBJECTS).fetchall()
    return {(kind, oid, part): (relation, str(name)) for relation, kind, oid, part, name in rows}
