"""The sign of a platform: a line of JSON in the comment of a role or a database.

Postgres shows comments to every login and lets only owners and administrators
change them, so that no client of a platform can take a sign away.
"""

import json

from provision.sign import Sign

KEY = "mlops/platform"
"""The label of a Kubernetes object that says the same."""


def signed(comment: str | None, sign: Sign) -> str:
    """The comment with this sign; what others have written stays before it."""
    others = [line for line in (comment or "").splitlines() if _sign(line) is None]
    return "\n".join([*others, json.dumps({KEY: sign.id, "stack": sign.stack})])


def sign_of(comment: str | None) -> Sign | None:
    signs = [sign for line in (comment or "").splitlines() if (sign := _sign(line)) is not None]
    return signs[-1] if signs else None


def _sign(line: str) -> Sign | None:
    try:
        value = json.loads(line)
    except json.JSONDecodeError:
        return None
    if not isinstance(value, dict) or not isinstance(value.get(KEY), str):
        return None
    return Sign.found(value[KEY], str(value.get("stack", "unknown")))
