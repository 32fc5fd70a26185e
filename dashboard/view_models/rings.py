"""Rings as values: the list, and one with its brief, its members and what ties them."""

from __future__ import annotations

from dataclasses import dataclass
from math import ceil
from typing import TYPE_CHECKING, Any

import polars as pl

from dashboard import text, theme
from dashboard.columns import mapped
from dashboard.view_models.facts import Fact
from dashboard.view_models.words import day_span

if TYPE_CHECKING:
    from collections.abc import Mapping

PAGE_SIZE = 25
SORTS = {
    "value": "Money and harm saved",
    "confidence": "Likely a ring",
    "size": "Members",
    "recent": "Last seen",
}
_COUNTED = {
    "victim_count": "victim",
    "account_count": "account",
    "shop_count": "shop",
    "creator_count": "creator",
    "listing_count": "listing",
    "room_count": "live room",
}
_NAMELESS = "Ring"
_SUBJECTS = {"buyer": "an account", "creator": "a creator", "merchant": "a shop"}
_HELD_BY = {
    "trade": "Trade with the ring",
    "relay": "Goods bought for its customers",
    "owner": "Its shop or host",
}
_THINGS = theme.IDENTIFIER_LABELS | {
    "signed_in_device": "Device signed in on",
    "lockstep": "Moved together",
    "review_text": "Review in the same words",
    "claim_text": "Refund claimed in the same words",
    "same_shop": "Shop bought from",
    "same_listing": "Listing bought",
    "same_creator": "Creator bought via",
    "same_room": "Live room commented in",
}


_TIED_BY = {
    "device": "the same devices",
    "ip": "the same networks",
    "address": "the same addresses",
    "payment_token": "the same cards",
    "bank_account": "the same bank accounts",
    "signed_in_device": "signing in on the same devices",
    "lockstep": "moving together",
    "review_text": "reviews in the same words",
    "claim_text": "refund claims in the same words",
    "same_shop": "buying from the same shops",
    "same_listing": "buying the same listings",
    "same_creator": "buying via the same creators",
    "same_room": "commenting in the same live rooms",
}
"""What ties members, as it reads in a sentence."""


def ring_title(row: Mapping[str, Any]) -> str:
    """A name that a person remembers, as in "Brushing: 23 accounts, 3 shops"."""
    pack = text.plain(row["pack_title"] or _NAMELESS, length=60)
    counts = {name: int(row[name] or 0) for name in _COUNTED}
    parts = [text.plural(count, _COUNTED[name]) for name, count in counts.items() if count]
    return f"{pack}: {', '.join(parts)}"


def tie_label(relation: str) -> str:
    """What members have in common, in words."""
    return _THINGS.get(relation, relation.replace("_", " ").capitalize())


@dataclass(frozen=True)
class RingListView:
    """One page of rings as display columns; `ids` in the same order."""

    ids: tuple[str, ...]
    table: pl.DataFrame
    total: int
    pages: int

    @classmethod
    def of(cls, rows: pl.DataFrame) -> RingListView:
        """The view of `pages/rings/rings`."""
        total = int(rows["total_count"][0]) if len(rows) else 0
        titles = [ring_title(row) for row in rows.iter_rows(named=True)]
        table = rows.select(
            pl.lit("Open").alias("open"),
            pl.Series("title", titles, dtype=pl.String),
            "market",
            "member_count",
            "alert_count",
            "confidence",
            "value_usd",
            "bad_count",
            "good_count",
            pl.col("last_seen_at").dt.date().cast(pl.String).alias("last_seen"),
            mapped(rows, "top_relation", tie_label, skip_nulls=True),
        )
        return cls(tuple(rows["ring_id"].to_list()), table, total, max(1, ceil(total / PAGE_SIZE)))


def tied_by(row: Mapping[str, Any]) -> str:
    """What ties a ring's members mostly, and from when to when."""
    if row["top_relation"] is None:
        return "Its members meet by trade alone: nothing else ties them."
    relation = str(row["top_relation"])
    span = day_span(row["first_seen_at"], row["last_seen_at"], "%Y-%m-%d")
    tie = _TIED_BY.get(relation, relation.replace("_", " "))
    return f"What ties them is mostly {tie}{f', from {span}' if span else ''}."


def organiser_sentences(row: Mapping[str, Any]) -> list[str]:
    """On whom the others hang; nothing where the evidence singles nobody out."""
    if row["organiser_type"] is None:
        return []
    share = text.percent(row["organiser_reach"], digits=0)
    who = _SUBJECTS[row["organiser_type"]]
    return [f"One member stands out, {who}: {share} of the others trade or share things with it."]


def ring_facts(row: Mapping[str, Any]) -> tuple[Fact, ...]:
    """How sure it is that this is a ring, and how dense beside chance."""
    chance = f"{row['chance_pairs']:,.1f}"
    return (
        Fact(
            "Likely a ring",
            text.percent(row["confidence"], digits=0),
            f"Chance that most of it is guilty: of {text.plural(row['alike_count'], 'other ring')} "
            f"of about its size that were decided {row['alike_right']:,} turned out so",
        ),
        Fact(
            "Pairs tied, by chance",
            f"{row['tied_pairs']:,} vs {chance}",
            "Pairs of members that share something. By chance: as many suspects with as many "
            "partners each, drawn at random",
        ),
    )


def held_by(row: Mapping[str, Any]) -> str:
    """What alone holds a member in its ring, or how many things do; an analyst's word counts."""
    relation = row["top_relation"]
    if row["is_moved"]:
        return "an analyst"
    if relation is None:
        return ""
    if row["is_held_without"]:
        return text.plural(row["thing_count"], "thing")
    return f"{_ALONE.get(relation) or tie_label(relation)} alone"


_ALONE = {"trade": "Trade", "relay": "Relayed goods", "owner": "Owner", "same_shop": "Shop"}


def evidence_table(rows: pl.DataFrame) -> pl.DataFrame:
    """`pages/rings/evidence` (identifiers already masked) as display columns."""
    shown = [
        text.plain(name, length=34) if name else text.plain(thing)
        for name, thing in rows.select("name", "thing_id").iter_rows()
    ]
    span = [
        day_span(first, last, "%Y-%m-%d")
        for first, last in rows.select("first_seen_at", "last_seen_at").iter_rows()
    ]
    return rows.select(
        mapped(rows, "relation", tie_label),
        pl.Series("thing", shown, dtype=pl.String),
        "member_count",
        "weight",
        pl.Series("span", span, dtype=pl.String),
    )


def member_evidence_table(rows: pl.DataFrame) -> pl.DataFrame:
    """`pages/rings/member_evidence` (identifiers already masked) as display columns."""
    shown = [
        text.plain(name) if name else text.plain(thing)
        for name, thing in rows.select("name", "thing_id").iter_rows()
    ]
    stays = pl.when("is_held_without").then(pl.lit("stays")).otherwise(pl.lit("out of the ring"))
    return rows.select(
        mapped(rows, "relation", lambda code: _HELD_BY.get(code) or tie_label(code)),
        pl.Series("thing", shown, dtype=pl.String),
        pl.lit("Rows").alias("open"),
        "partner_count",
        "evidence_count",
        "loss_share",
        stays.alias("without"),
        pl.col("last_seen_at").dt.date().cast(pl.String).alias("last_seen"),
    )


def own_first(rows: pl.DataFrame, own: str, names: pl.DataFrame) -> pl.DataFrame:
    """Rows behind a tie with `name` and `market` of whose they are, those of `own` (a key) first.

    `rows` are of `pages/rings/evidence_orders` and `evidence_events`, `names` those of
    `pages/graph/named_nodes` for every key in them.
    """
    of_whom = names.select("node_key", "name", "market")
    of_what = names.select(about_key="node_key", about_name="name")
    keyed = rows.with_columns(
        node_key=pl.concat_str("entity_type", pl.lit(":"), "entity_id"),
        about_key=pl.concat_str("about_type", pl.lit(":"), "about_id"),
    )
    order = [pl.col("node_key") == own, "happened_at", "row_id"]
    return (
        keyed.join(of_whom, on="node_key", how="left")
        .join(of_what, on="about_key", how="left")
        .sort(order, descending=[True, True, False], nulls_last=True)
    )


def evidence_rows_table(rows: pl.DataFrame) -> pl.DataFrame:
    """Rows of `own_first` as display columns."""
    about = [
        text.plain(name or about) if about else ""
        for name, about in rows.select("about_name", "about_id").iter_rows()
    ]
    return rows.select(
        pl.col("happened_at").dt.strftime("%Y-%m-%d %H:%M").alias("at"),
        mapped(rows, "name", text.plain, skip_nulls=True),
        pl.col("source").str.replace_all("_", " "),
        pl.Series("about", about, dtype=pl.String),
        "amount_usd",
        mapped(rows, "words", text.plain, skip_nulls=True),
    )


CHANGES = {
    "founded": "in it since it was first seen",
    "joined": "joined",
    "left": "left",
    "ended": "the ring ended",
    "merged": "came with a ring that merged",
    "split": "came with a part that split off",
    "moved": "came from another ring",
}


def history_lines(rows: pl.DataFrame) -> list[str]:
    """`pages/rings/history` by build and change, as in "2026-09-29: Ann and Bob joined"."""
    grouped = rows.group_by("as_of", "change", maintain_order=True).agg("name")
    lines = []
    for day, change, names in grouped.iter_rows():
        who = [text.plain(name) for name in names[:NAMED]]
        more = [f"{len(names) - NAMED:,} more"] if len(names) > NAMED else []
        lines.append(f"{day}: {text.joined([*who, *more])} {CHANGES[change]}")
    return lines


NAMED = 4
"""Names of one line of the history; the rest is a number."""
