"""How well a shop or a product serves, kept apart from how honest it is.

A slow shop is not a fraud: no model of fraud sees these numbers, and the page
says so where it shows them.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from dashboard import text
from dashboard.view_models import words

if TYPE_CHECKING:
    from collections.abc import Mapping

    import polars as pl


@dataclass(frozen=True)
class ServiceLine:
    """One number about service beside what is usual."""

    feature: str
    label: str
    value: str
    peer: str


def service_lines(
    entity_type: str, profile: Mapping[str, float | None], typical: Mapping[str, float | None]
) -> tuple[ServiceLine, ...]:
    """Every feature of the catalogue that is about quality and has a column."""
    return tuple(
        ServiceLine(
            name,
            feature.label,
            _value(entity_type, name, profile.get(name)),
            words.feature_value(entity_type, name, typical.get(name)),
        )
        for name, feature in words.catalogue(entity_type).items()
        if feature.use == "quality" and name in profile
    )


def index_sentence(rows: pl.DataFrame) -> str:
    """The index of `pages/investigate/service_index` in words; empty where too little is known."""
    if rows.is_empty():
        return ""
    row = rows.row(0, named=True)
    worst = words.feature_label(row["entity_type"], row["worst_part"])
    among = f"{row['category']} peers" if row["category"] else "peers"
    return (
        f"Service {row['service_index']:.0f} of 100 among {row['peers']:,} {among}, by "
        f"{text.plural(row['parts'], 'measure')}; worst: {worst[:1].lower()}{worst[1:]}"
    )


def _value(entity_type: str, name: str, value: float | None) -> str:
    if value is not None:
        return words.feature_value(entity_type, name, value)
    needs = words.catalogue(entity_type)[name].needs
    return f"unknown; needs {needs}" if needs else "unknown"
