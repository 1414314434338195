"""SQL that queries of the catalogs begin with: which schemas are the users' own, and what is an extension's."""

from typing import LiteralString

SCHEMAS: LiteralString = """
    WITH schemas AS (
      SELECT oid, nspname FROM pg_namespace WHERE nspname !~ '^pg_' AND nspname <> 'information_schema'),
    extended AS (SELECT classid, objid FROM pg_depend WHERE deptype = 'e')"""


def of_users(query: LiteralString) -> LiteralString:
    """A query that reads `schemas` and `extended`; it begins with a comma where it has a WITH of its own."""
    return SCHEMAS + query
