"""Communities as values: the list, and one with its members, ties and money.

A community is a dense group, not a verdict: what is confirmed about its members
and what acting on all of them would cost stand next to the score.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import ceil
from typing import Any

import polars as pl

from dashboard import text, theme
from dashboard.columns import mapped
from dashboard.view_models import words
from dashboard.view_models.facts import Fact

PAGE_SIZE = 25
SORTS = {
    "risk": "Money × score",
    "money": "Money",
    "score": "Mean score",
    "size": "Size",
}


VERDICT_COUNTS = ("confirmed_bad_count", "confirmed_good_count")
# Entity types in the make-up of a community, in the order they are named.
_COUNTED = ("merchant", "creator", "product", "buyer")


@dataclass(frozen=True)
class CommunityListView:
    """One page of communities as display columns."""

    ids: tuple[str, ...]
    table: pl.DataFrame
    total: int
    pages: int

    @classmethod
    def of(cls, rows: pl.DataFrame) -> CommunityListView:
        """The view of `pages/community/communities`."""
        total = int(rows["total_count"][0]) if len(rows) else 0
        table = rows.select(
            pl.lit("Open").alias("open"),
            mapped(rows, "title", text.plain),
            "member_count",
            "merchant_count",
            "creator_count",
            "buyer_count",
            "confirmed_bad_count",
            "confirmed_good_count",
            "score_mean",
            "gmv_usd_30d",
            "refund_usd_30d",
            "voucher_usd_30d",
            mapped(rows, "top_relation", relation_label, skip_nulls=True),
        )
        return cls(
            tuple(rows["community_id"].to_list()), table, total, max(1, ceil(total / PAGE_SIZE))
        )


@dataclass(frozen=True)
class CommunityView:
    """One community: who, how tied, how much money, what is known."""

    community_id: str
    title: str
    headline: str
    facts: tuple[Fact, ...]
    member_count: int

    @classmethod
    def of(cls, community: pl.DataFrame, cost: pl.DataFrame) -> CommunityView:
        """The view of `pages/community/community` and `alert_cost` (empty = not known)."""
        row = community.row(0, named=True)
        costs = cost.row(0, named=True) if len(cost) else {}
        return cls(
            community_id=str(row["community_id"]),
            title=text.plain(row["title"], length=80),
            headline=_headline(row),
            facts=_facts(row, costs),
            member_count=int(row["member_count"]),
        )


@dataclass(frozen=True)
class MembersView:
    """One page of members as display columns, and their keys in the same order."""

    keys: tuple[str, ...]
    table: pl.DataFrame
    total: int
    pages: int

    @classmethod
    def of(cls, rows: pl.DataFrame) -> MembersView:
        """The view of `pages/community/members`."""
        total = int(rows["total_count"][0]) if len(rows) else 0
        band = pl.col("score_band").replace_strict(theme.BAND_LABELS, default="No score")
        table = rows.select(
            pl.lit("Open").alias("open"),
            mapped(rows, "name", text.plain),
            pl.col("entity_type").replace_strict(theme.ENTITY_LABELS, default="?").alias("entity"),
            "market",
            pl.concat_list(band.cast(pl.String)).alias("band"),
            "score",
            pl.col("label").replace_strict(_VERDICTS, default="unknown", return_dtype=pl.String),
            "weight",
        )
        keys = tuple(f"{t}:{i}" for t, i in rows.select("entity_type", "entity_id").iter_rows())
        return cls(keys, table, total, max(1, ceil(total / PAGE_SIZE)))


_VERDICTS = {"bad": "confirmed bad", "good": "confirmed good"}


def identifiers_table(rows: pl.DataFrame) -> pl.DataFrame:
    """`pages/community/identifiers` (already masked) as display columns."""
    return rows.select(
        pl.col("relation").replace_strict(theme.IDENTIFIER_LABELS, default="Other"),
        "identifier_id",
        "member_count",
        "degree",
        "weight",
    )


def relation_label(relation: str) -> str:
    """A relation in words, whatever it is."""
    return theme.RELATION_LABELS.get(relation, relation.replace("_", " "))


def _headline(row: dict[str, Any]) -> str:
    counts = {name: int(row[f"{name}_count"] or 0) for name in _COUNTED}
    parts = [text.plural(count, name) for name, count in counts.items() if count]
    tie = f"mostly {relation_label(str(row['top_relation']))}"
    span = words.day_span(row["first_seen_at"], row["last_seen_at"], "%Y-%m-%d")
    return " · ".join([*parts, tie, *([f"seen {span}"] if span else [])])


def _said(bad: int | None, good: int | None) -> str:
    """Verdicts on members; of some that the viewer is to judge without them nothing is said."""
    return words.HELD_BACK if bad is None or good is None else f"{bad} / {good}"


def _facts(row: dict[str, Any], cost: dict[str, Any]) -> tuple[Fact, ...]:
    return (
        Fact("Mean score", f"{row['score_mean'] or 0.0:.3f}", "Mean calibrated score of members"),
        Fact("Highest score", f"{row['score_max'] or 0.0:.3f}", "The riskiest member"),
        Fact("GMV, 30 days", text.money(row["gmv_usd_30d"]), "Paid order value of its members"),
        Fact("Refunds, 30 days", text.money(row["refund_usd_30d"]), "Refunds asked for"),
        Fact("Vouchers, 30 days", text.money(row["voucher_usd_30d"]), "Discounts taken"),
        Fact(
            "Bad / good",
            _said(row["confirmed_bad_count"], row["confirmed_good_count"]),
            "Members with a verdict of a person in force; everybody else is unknown, not good",
        ),
        Fact(
            "At risk", text.money(cost.get("exposure_usd")), "What alerted members can still take"
        ),
        Fact(
            "Cost if wrong",
            text.money(cost.get("expected_cost_usd")),
            "Expected cost of acting on every alerted member: what a wrong penalty costs × "
            "(1 − the probability the queue shows)",
        ),
    )
