"""Roles and databases of a PostgreSQL server, its administrator being a superuser or not.

Managed services (Cloud SQL, RDS) give their administrator CREATEROLE and
CREATEDB and no more, so nothing here needs a superuser. Passwords are hashed
on this side: a server that logs statements never sees one.

A database belongs to the administrator. Its client may connect and make tables
and may not make extensions or schemas, which takes CREATE on the database.

A role cannot have two passwords, so that one which must renew its own without
breaking who holds the old one has a login for each generation: a member that
acts as the role from its first statement, and owns nothing itself.

Every role and database carries the platform's sign, a comment. What carries
the sign of another platform is not touched.
"""

from provision.postgres.job import retire, run
from provision.postgres.logins import check

__all__ = ["check", "retire", "run"]
