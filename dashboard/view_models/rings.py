"""Rings as values: the list, and one with its brief, its members and what ties them."""

from __future__ import annotations

from dataclasses import dataclass
from math import ceil
from typing import TYPE_CHECKING, Any

import polars as pl

from dashboard import text, theme
from dashboard.columns import mapped
from dashboard.view_models.facts import Fact
from dashboard.view_models.ring_sentences import borne, likeness

if TYPE_CHECKING:
    from collections.abc import Mapping

PAGE_SIZE = 25
SORTS = {
    "value": "Money and harm saved",
    "probability": "Probability",
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
_JOINED_BY = {
    "tie": "shared evidence",
    "trade": "trade with the accounts",
    "relay": "goods they buy for its customers",
    "further_account": "trade with several sellers",
    "owner": "its shop or host",
}
_HELD_BY = {
    "trade": "Trade with the ring",
    "relay": "Goods bought for its customers",
    "owner": "Its shop or host",
}
_VERDICTS = {"bad": "confirmed bad", "good": "confirmed good"}
_THINGS = theme.IDENTIFIER_LABELS | {
    "signed_in_device": "Device signed in on",
    "lockstep": "Moved together",
    "review_text": "Review in the same words",
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
            "probability",
            "value_usd",
            "bad_count",
            "good_count",
            pl.col("last_seen_at").dt.date().cast(pl.String).alias("last_seen"),
            mapped(rows, "top_relation", tie_label, skip_nulls=True),
        )
        return cls(tuple(rows["ring_id"].to_list()), table, total, max(1, ceil(total / PAGE_SIZE)))


@dataclass(frozen=True)
class RingView:
    """One ring: its name, a brief in sentences, and the figures that matter."""

    ring_id: str
    title: str
    brief: tuple[str, ...]
    facts: tuple[Fact, ...]
    member_count: int

    @classmethod
    def of(cls, ring: pl.DataFrame, money: pl.DataFrame, benign: pl.DataFrame) -> RingView:
        """The view of `pages/rings/rings`, one row, `pages/rings/money` and `benign`."""
        row = ring.row(0, named=True)
        return cls(
            str(row["ring_id"]),
            ring_title(row),
            (*_brief(row, money), *likeness(benign)),
            _facts(row),
            int(row["member_count"]),
        )


def _brief(row: Mapping[str, Any], money: pl.DataFrame) -> tuple[str, ...]:
    sentences = [_since(row), *_organiser(row), *borne(money), _standing(row), _money(row)]
    if row["victim_count"]:
        sentences.append(
            f"{text.plural(row['victim_count'], 'member')} of it "
            f"{'is a victim' if row['victim_count'] == 1 else 'are victims'}: protect, do not "
            "penalise."
        )
    return tuple(sentences)


def _since(row: Mapping[str, Any]) -> str:
    if row["first_seen_at"] is None:
        return "Its members meet by trade alone: nothing else ties them."
    relation = str(row["top_relation"])
    return (
        f"Tied mostly by {_TIED_BY.get(relation, relation.replace('_', ' '))}, "
        f"from {row['first_seen_at']:%Y-%m-%d} to {row['last_seen_at']:%Y-%m-%d}."
    )


def _organiser(row: Mapping[str, Any]) -> list[str]:
    """On whom the others hang; nothing where the evidence singles nobody out."""
    if row["organiser_type"] is None:
        return []
    share = text.percent(row["organiser_reach"], digits=0)
    who = _SUBJECTS[row["organiser_type"]]
    return [f"One member stands out, {who}: {share} of the others trade or share things with it."]


def _standing(row: Mapping[str, Any]) -> str:
    bad, good = int(row["bad_count"]), int(row["good_count"])
    unknown = int(row["member_count"]) - bad - good
    return f"{bad:,} confirmed bad, {good:,} confirmed good, nobody has decided on {unknown:,}."


def _money(row: Mapping[str, Any]) -> str:
    if not row["alert_count"]:
        return "None of its members waits in the queue."
    return (
        f"{text.plural(row['alert_count'], 'member')} in the queue; acting on all of them is "
        f"expected to save {text.money(row['value_usd'])}."
    )


def _facts(row: Mapping[str, Any]) -> tuple[Fact, ...]:
    chance = f"{row['chance_pairs']:,.1f}"
    return (
        Fact("Members", f"{row['member_count']:,}", "Accounts, shops, listings, creators, rooms"),
        Fact(
            "Likely a ring",
            text.percent(row["confidence"], digits=0),
            f"Chance that most of it is guilty: of {text.plural(row['alike_count'], 'other ring')} "
            f"of about its size that were decided {row['alike_right']:,} turned out so",
        ),
        Fact("In the queue", f"{row['alert_count']:,}", "Members with an alert"),
        Fact("Saves", text.money(row["value_usd"]), "Money and harm its alerts are worth, once"),
        Fact(
            "Minutes one by one",
            f"{row['review_minutes']:,.0f} min",
            "Minutes to review its alerts one by one; shared evidence is read once",
        ),
        Fact(
            "Pairs tied",
            f"{row['tied_pairs']:,}, by chance {chance}",
            "Pairs of members that share something. By chance: as many suspects with as many "
            "partners each, drawn at random",
        ),
    )


@dataclass(frozen=True)
class RingMembersView:
    """One page of members as display columns, and their keys in the same order."""

    keys: tuple[str, ...]
    table: pl.DataFrame
    total: int
    pages: int

    @classmethod
    def of(cls, rows: pl.DataFrame) -> RingMembersView:
        """The view of `pages/rings/members`."""
        total = int(rows["total_count"][0]) if len(rows) else 0
        band = pl.col("score_band").replace_strict(theme.BAND_LABELS, default="No score")
        table = rows.select(
            pl.lit("Open").alias("open"),
            mapped(rows, "name", text.plain),
            pl.col("role").str.to_titlecase(),
            "market",
            pl.concat_list(band.cast(pl.String)).alias("band"),
            "score",
            pl.col("label").replace_strict(_VERDICTS, default="open", return_dtype=pl.String),
            pl.when("is_queued").then(pl.lit("yes")).otherwise(pl.lit("")).alias("queued"),
            pl.col("joined_by").replace_strict(_JOINED_BY, default="?", return_dtype=pl.String),
            "partner_count",
            pl.col("joined_at").dt.date().cast(pl.String).alias("joined_on"),
            pl.Series("held_by", list(map(_held_by, rows.iter_rows(named=True))), dtype=pl.String),
        )
        return cls(tuple(rows["node_key"].to_list()), table, total, max(1, ceil(total / PAGE_SIZE)))


def _held_by(row: Mapping[str, Any]) -> str:
    """What it would lose most without, and whether it would still be a member."""
    relation = row["top_relation"]
    if relation is None:
        return ""
    thing = _HELD_BY.get(relation) or tie_label(relation)
    if row["is_held_without"]:
        return f"{text.plural(row['thing_count'], 'thing')}, none decides"
    return f"{thing}: not in it without"


def evidence_table(rows: pl.DataFrame) -> pl.DataFrame:
    """`pages/rings/evidence` (identifiers already masked) as display columns."""
    shown = [
        text.plain(name) if name else text.plain(thing)
        for name, thing in rows.select("name", "thing_id").iter_rows()
    ]
    span = [
        f"{first:%Y-%m-%d} to {last:%Y-%m-%d}"
        for first, last in rows.select("first_seen_at", "last_seen_at").iter_rows()
    ]
    return rows.select(
        mapped(rows, "relation", tie_label),
        pl.Series("thing", shown, dtype=pl.String),
        "member_count",
        "weight",
        pl.Series("span", span, dtype=pl.String),
    )
