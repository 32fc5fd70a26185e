"""Whom a subject dealt with, by kind, and its siblings: the few that come first, a line each."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from dashboard import text, theme

if TYPE_CHECKING:
    from collections.abc import Mapping

    import polars as pl

TITLES = {
    "merchant": "Shops",
    "product": "Listings",
    "creator": "Creators",
    "live_session": "Live rooms",
    "buyer": "Buyers",
}
"""Kinds in the order of their cards."""
_SINGULAR = {
    "merchant": "Shop",
    "product": "Listing",
    "creator": "Creator",
    "live_session": "Live room",
    "buyer": "Buyer",
}
_WORTH_A_BADGE = ("CRIT", "HIGH", "MED")
_LONGEST = 30


@dataclass(frozen=True)
class RelatedSubject:
    """One of them: name, what was sold, and its band with the colour of that.

    Both are empty where the band is not worth a word.
    """

    key: str
    name: str
    said: str
    band: str
    tone: str


@dataclass(frozen=True)
class RelatedGroup:
    """The first of one kind, of `others` in all."""

    title: str
    others: int
    subjects: tuple[RelatedSubject, ...]


def related_groups(rows: pl.DataFrame) -> tuple[RelatedGroup, ...]:
    """The rows of `pages/investigate/related` by kind."""
    groups = []
    for kind, title in TITLES.items():
        own = [row for row in rows.iter_rows(named=True) if row["entity_type"] == kind]
        if own:
            groups.append(RelatedGroup(title, own[0]["others"], tuple(map(_subject, own))))
    return tuple(groups)


def sibling_group(rows: pl.DataFrame) -> RelatedGroup | None:
    """Who is likely in the same hands, of `pages/investigate/siblings`; None where nobody is."""
    if rows.is_empty():
        return None
    return RelatedGroup("Siblings", rows["others"][0], tuple(map(_sibling, rows.to_dicts())))


def _sibling(row: Mapping[str, Any]) -> RelatedSubject:
    kind = _SINGULAR.get(row["entity_type"], row["entity_type"])
    ties = [theme.RELATION_LABELS[relation] for relation in row["relations"]]
    return RelatedSubject(
        key=row["sibling_key"],
        name=text.plain(row["name"] or row["entity_id"], length=_LONGEST),
        said=f"{kind}, {text.joined(ties)}",
        **_band(row["score_band"]),
    )


def _band(band: str | None) -> dict[str, str]:
    if band not in _WORTH_A_BADGE:
        return {"band": "", "tone": ""}
    return {"band": theme.BAND_LABELS[band], "tone": theme.BAND_BADGES[band]}


def _subject(row: Mapping[str, Any]) -> RelatedSubject:
    orders = text.plural(row["orders"], "order")
    return RelatedSubject(
        key=f"{row['entity_type']}:{row['entity_id']}",
        name=text.plain(row["name"] or row["entity_id"], length=_LONGEST),
        said=f"{orders}, {text.money(row['gmv_usd'])}, {text.percent(row['share'], digits=0)}",
        **_band(row["score_band"]),
    )
