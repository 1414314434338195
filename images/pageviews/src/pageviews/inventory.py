"""Everything that the pipeline has stored for its project: counted, and removed."""

import json
from dataclasses import asdict, dataclass

from pageviews import database, registry, storage


@dataclass(frozen=True)
class Inventory:
    """Rows in Postgres, snapshots below DATA_URI, and what is in MLflow."""

    daily_views: int
    predictions: int
    snapshots: int
    model: str
    versions: int
    champion: int | None
    runs: int


def take() -> Inventory:
    """Looks at all three stores, and makes nothing in them."""
    with database.connect(with_tables=False) as connection:
        rows = database.count_rows(connection)
    with registry.reached():
        registered = registry.registered()
    return Inventory(**rows, snapshots=storage.snapshots(), model=registry.model_name(), **asdict(registered))


def remove() -> None:
    """Empties all three stores; what was cut short can be repeated."""
    with registry.reached():
        registry.remove()
    storage.remove()
    with database.connect(with_tables=False) as connection:
        database.drop_tables(connection)


def as_json(inventory: Inventory) -> str:
    """On one line, so that it is found at the end of a task's log."""
    return json.dumps(asdict(inventory))
