"""Whom a subject dealt with, by kind: the few with the most orders, each in a line."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from dashboard import text, theme

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

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
    """Those of one kind with the most orders, of `others` in all."""

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


def tied_group(rows: pl.DataFrame, markets: Sequence[str]) -> RelatedGroup | None:
    """Whom it shares devices, addresses or accounts with, of `pages/graph/neighbour_nodes`.

    `markets` are those whose names are shown; empty = every. None where it is tied to nobody there.
    """
    own = [row for row in rows.iter_rows(named=True) if not markets or row["market"] in markets]
    if not own:
        return None
    subjects = tuple(
        RelatedSubject(
            key=row["node_key"],
            name=text.plain(row["name"] or row["entity_id"], length=_LONGEST),
            said=_SINGULAR.get(row["entity_type"], row["entity_type"]),
            **_band(row["score_band"]),
        )
        for row in own
    )
    # A count of every market would tell of those that this viewer does not see.
    others = len(own) if markets else int(own[0]["hidden_count"])
    return RelatedGroup("Shares things with", others, subjects)


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
