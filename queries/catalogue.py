"""What every model feature means: its words, its family and the rows behind it.

A score is only worth acting on when each number behind it can be read aloud
and recomputed. `evidence/<entity>.toml` states both once per feature; the
pages speak its sentence and a test recomputes its value from its rows.
"""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from functools import cache

from queries import ROOT, QueryError

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
_REQUIRED = {"label", "family", "format", "sentence", "rows", "value", "direction"}


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


@cache
def features(entity_type: str) -> dict[str, Feature]:
    """Every documented feature of one entity type, by column name.

    Raises QueryError naming file, feature and key for a broken entry.
    """
    path = ROOT / "evidence" / f"{entity_type}.toml"
    if not path.is_file():
        raise QueryError(f"No evidence catalogue at {path}. Add one for {entity_type!r}.")
    found: dict[str, Feature] = {}
    for key, entry in tomllib.loads(path.read_text(encoding="utf-8")).items():
        for days in entry.get("windows", [entry.get("days", 0)]):
            feature = _feature(entity_type, key, entry, days)
            found[feature.name] = feature
    return found


def _feature(entity_type: str, key: str, entry: dict[str, object], days: int) -> Feature:
    missing = _REQUIRED - entry.keys()
    if missing or entry["family"] not in FAMILIES or entry["format"] not in FORMATS:
        raise QueryError(
            f"queries/evidence/{entity_type}.toml, [{key}]: missing {sorted(missing) or 'nothing'}; "
            f"family must be one of {sorted(FAMILIES)} and format one of {FORMATS}."
        )

    def text(field: str) -> str:
        window = "1 day" if days == 1 else f"{days} days"
        return str(entry[field]).replace("{days}", str(days)).replace("{window}", window)

    return Feature(
        name=key.replace("_Nd", f"_{days}d"),
        entity_type=entity_type,
        label=text("label"),
        family=text("family"),
        format=text("format"),
        sentence=text("sentence"),
        rows=f"evidence/{entity_type}/{entry['rows']}",
        days=days,
        value=str(entry["value"]).strip(),
        direction=text("direction"),
    )
