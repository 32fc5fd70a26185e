"""What the casebook knows about entities, as the pages need it."""

from __future__ import annotations

from dashboard.casebook import open_casebook
from dashboard.store import read


def alerted_states() -> dict[str, str]:
    """Case state by entity key, for every entity that has an alert and a case."""
    keys = [(str(kind), str(entity)) for kind, entity in read("pages/queue/alerted").iter_rows()]
    found = open_casebook().entity_status(keys)
    rows = found.select("entity_type", "entity_id", "state").iter_rows()
    return {f"{kind}:{entity}": str(state) for kind, entity, state in rows}
