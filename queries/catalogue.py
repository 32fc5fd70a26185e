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
from queries.vocabulary import ENTITY_TYPES

if TYPE_CHECKING:
    from datetime import date

__all__ = [
    "ENTITY_TYPES",
    "FAMILIES",
    "FORMATS",
    "USES",
    "Feature",
    "evidence_params",
    "features",
    "peers_params",
]

FAMILIES = {
    "orders": "Orders and bursts",
    "identity": "Account, shared devices and addresses",
    "neighbours": "Neighbours",
    "refunds": "Refunds",
    "vouchers": "Vouchers",
    "content": "Audience, content and reviews",
    "fulfilment": "Fulfilment",
    "money": "Money flow",
}
"""Eight, so that exact Shapley values over families need 2^8 = 256 coalitions."""
USES = ("fraud", "quality")
FORMATS = ("count", "ratio", "percent", "money", "hours", "days", "seconds")
_KEYS = {
    *("label", "family", "format", "sentence", "rows", "days", "value", "direction"),
    "changeable",
}


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
    changeable: bool
    """Whether the subject could have it otherwise by acting differently."""
    needs: str = ""
    """What must have been seen before there is a value; empty where there always is one."""
    use: str = "fraud"
    """`fraud`: may move a risk score. `quality`: tells how well a shop serves, never how honest
    it is, and no model of fraud sees it."""
    relation: str = ""
    """What is shared or compared, where the rows are other accounts."""
    peers: str = "evidence/peers"
    """Name of the query that returns the values of those it is compared with."""


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
    return _asked(feature.rows, feature, entity_id, as_of)


def peers_params(feature: Feature, entity_id: str, as_of: date) -> dict[str, Any]:
    """The parameters that the values of its peers are asked with."""
    return _asked(feature.peers, feature, entity_id, as_of)


def _asked(name: str, feature: Feature, entity_id: str, as_of: date) -> dict[str, Any]:
    known: dict[str, Any] = {
        "entity_type": feature.entity_type,
        "entity_id": entity_id,
        "as_of": as_of,
        "days": feature.days,
        "relation": feature.relation,
        "feature": feature.name,
    }
    return {column.name: known[column.name] for column in get(name).params}


def _feature(entity_type: str, name: str, entry: dict[str, Any]) -> Feature:
    missing = sorted(_KEYS - entry.keys())
    known = (
        not missing
        and entry["family"] in FAMILIES
        and entry["format"] in FORMATS
        and entry.get("use", USES[0]) in USES
    )
    if not known:
        raise QueryError(
            f"queries/evidence/{entity_type}.toml, [{name}]: it lacks {missing or 'nothing'}; "
            f"family must be one of {sorted(FAMILIES)}, format one of {FORMATS}, use one of {USES}."
        )
    rows = f"evidence/{entry['rows']}"
    return Feature(name=name, entity_type=entity_type, **{**entry, "rows": rows})
