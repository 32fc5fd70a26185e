"""What every model feature means: its words, its family and the rows behind it.

A score is only worth acting on when each number behind it can be read aloud
and recomputed. `evidence/<entity>.toml` states both once per feature; the
pages speak its sentence and a test recomputes its value from its rows.
"""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Any

from queries import ROOT, QueryError, get

if TYPE_CHECKING:
    from datetime import date

ENTITY_TYPES = ("merchant", "creator", "product", "buyer")
FAMILIES = {
    "orders": "Orders and bursts",
    "identity": "Shared devices, addresses and payment",
    "neighbours": "Neighbours",
    "refunds": "Refunds",
    "vouchers": "Vouchers",
    "reviews": "Reviews",
    "fulfilment": "Fulfilment",
    "audience": "Audience",
    "money": "Money flow",
    "account": "Account",
}
FORMATS = ("count", "ratio", "percent", "money", "hours", "days", "seconds")
_KEYS = {"label", "family", "format", "sentence", "rows", "days", "value", "direction"}


@dataclass(frozen=True)
class Feature:
    """One column of `features.<entity_type>` as a person reads it."""

    name: str
    entity_type: str
    label: str
    family: str
    format: str
    sentence: str
    """Words with `{value}` and `{peer}` to fill in."""
    rows: str
    """Name of the query that returns the raw rows behind the value."""
    days: int
    """Length of the window in days; 0 where the feature has none."""
    value: str
    """SQL aggregate over those rows that recomputes the stored value."""
    direction: str
    """`high` or `low`: which end is suspicious; `none` where neither is."""
    relation: str = ""
    """What is shared, where the rows are accounts that share an identifier."""


@cache
def features(entity_type: str) -> dict[str, Feature]:
    """Every documented feature of one entity type, by column name.

    Raises QueryError naming file, feature and key for a broken entry.
    """
    path = ROOT / "evidence" / f"{entity_type}.toml"
    if not path.is_file():
        raise QueryError(f"No evidence catalogue at {path}. Add one for {entity_type!r}.")
    entries = tomllib.loads(path.read_text(encoding="utf-8"))
    return {name: _feature(entity_type, name, entry) for name, entry in entries.items()}


def evidence_params(feature: Feature, entity_id: str, as_of: date) -> dict[str, Any]:
    """The parameters that the rows behind `feature` of one entity are asked with."""
    known: dict[str, Any] = {
        "entity_type": feature.entity_type,
        "entity_id": entity_id,
        "as_of": as_of,
        "days": feature.days,
        "relation": feature.relation,
    }
    return {column.name: known[column.name] for column in get(feature.rows).params}


def _feature(entity_type: str, name: str, entry: dict[str, Any]) -> Feature:
    missing = sorted(_KEYS - entry.keys())
    if missing or entry["family"] not in FAMILIES or entry["format"] not in FORMATS:
        raise QueryError(
            f"queries/evidence/{entity_type}.toml, [{name}]: it lacks {missing or 'nothing'}; "
            f"family must be one of {sorted(FAMILIES)} and format one of {FORMATS}."
        )
    rows = f"evidence/{entry['rows']}"
    return Feature(name=name, entity_type=entity_type, **{**entry, "rows": rows})
