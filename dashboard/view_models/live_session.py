"""A live session in words: whose it was, what stands out in it, and what speaks for it.

No verdict has taught a model about them yet, so one is read by the signals that fire
and by how few of its peers go as far. What speaks for it is shown with the same care.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import polars as pl

from dashboard import text
from dashboard.columns import mapped
from dashboard.view_models import words

if TYPE_CHECKING:
    from queries.catalogue import Feature

ENTITY_TYPE = "live_session"
LIMIT = 8
# Nineteen in twenty peers do not go as far.
RARE = 0.95
# At least half of the peers go further.
USUAL = 0.5
# Rounds to a hundred per cent.
NEARLY_ALL = 0.995
# Fewer peers than this are compared with every live session instead.
ENOUGH_PEERS = 20
PEOPLE = 25
BUSY_MINUTES = 5
SENTENCE_LENGTH = 200
_NAME = re.compile(r"[a-z][a-z0-9_]*")


@dataclass(frozen=True)
class Place:
    """Somebody a live session leads to: entity key, shown name (not escaped) and market."""

    key: str
    role: str
    name: str
    market: str


@dataclass(frozen=True)
class LiveSessionView:
    """Whose it was, who paid for it and what it brought."""

    places: tuple[Place, ...]
    summary: str

    @classmethod
    def of(cls, session: pl.DataFrame) -> LiveSessionView:
        """The view of `pages/investigate/session`; empty when it is not there."""
        if session.is_empty():
            return cls((), "")
        row = session.row(0, named=True)
        host = _place("creator", "Host", row)
        merchant = _place("merchant", "Shop that paid the slot", row)
        return cls(tuple(place for place in (host, merchant) if place), _summary(row))


@dataclass(frozen=True)
class Point:
    """One measured number in words; `beyond` = share of peers that go less far."""

    feature: str
    label: str
    sentence: str
    standing: str
    value: float | None
    peer: float | None
    beyond: float
    has_evidence: bool


@dataclass(frozen=True)
class LiveSessionWhy:
    """What stands out, what speaks for it, and what cannot be said yet."""

    against: tuple[Point, ...]
    """Numbers of the signals that fire, then those few peers reach."""
    exculpating: tuple[Point, ...]
    """Numbers that signals ask for and that are as usual as those of most peers."""
    unknown: tuple[str, ...]
    peers: str

    @property
    def points(self) -> tuple[Point, ...]:
        """Both sides."""
        return (*self.against, *self.exculpating)

    def point_of(self, feature: str) -> Point | None:
        """The shown number called `feature`, if there is one."""
        return next((point for point in self.points if point.feature == feature), None)

    @classmethod
    def of(cls, features: pl.DataFrame, signals: pl.DataFrame) -> LiveSessionWhy:
        """The view of `pages/investigate/session_features` and `signals` ."""
        fired = _features_of_signals(set(signals["code"]) if len(signals) else set())
        catalogue = words.catalogue(ENTITY_TYPE)
        points = [
            _point(row, catalogue[row["feature"]])
            for row in features.iter_rows(named=True)
            if row["feature"] in catalogue and row["value"] is not None
        ]
        against = [p for p in points if p.feature in fired or p.beyond >= RARE]
        against.sort(key=lambda p: (p.feature not in fired, -p.beyond, p.feature))
        telling = _features_of_signals()
        usual = [p for p in points if _is_usual(p, telling) and p not in against]
        usual.sort(key=lambda p: (p.beyond, p.feature))
        return cls(
            tuple(against[:LIMIT]),
            tuple(usual[:LIMIT]),
            _unknown(features, telling),
            _peers(features),
        )


@dataclass(frozen=True)
class MinutesView:
    """A live session minute by minute. `minutes` as `pages/investigate/session_minutes`."""

    minutes: pl.DataFrame
    sentence: str
    surges: str = ""
    """Where entries surge, in a sentence; empty = nowhere."""

    @classmethod
    def of(cls, minutes: pl.DataFrame) -> MinutesView:
        """The view of the rows, with how it filled in words."""
        joins = minutes["joins"]
        total = int(joins.sum()) if len(joins) else 0
        if not total:
            return cls(minutes, "Nobody entered, or the minutes were not delivered.")
        busiest = joins.rolling_sum(min(BUSY_MINUTES, len(joins))).max() or 0
        half = int((joins.cum_sum() < total / 2).sum()) + 1
        first = f"Half of the {total:,} entries came in the first {text.plural(half, 'minute')}"
        peak = f"the busiest {BUSY_MINUTES} minutes brought {text.percent(float(busiest) / total)}"  # type: ignore[arg-type]
        return cls(minutes, f"{first}; {peak}.", _surges(minutes))


def _surges(minutes: pl.DataFrame) -> str:
    """As in "Entries surge from minute 14: 310 a minute for four, 12 times the pace"."""
    rows = minutes.filter("is_surge").rows(named=True)
    if not rows:
        return ""
    first = rows[0]
    pace = text.ratio(first["surging"] / max(first["pace"], 1.0))
    more = [f"{row['minute']:,}" for row in rows[1:]]
    also = f"; again from minute {text.joined(more)}" if more else ""
    return (
        f"Entries surge from minute {first['minute']:,}: {first['surging']:,.0f} a minute for "
        f"four minutes, {pace} times the pace around{also}. Another host who sends viewers over "
        "looks the same."
    )


def people_table(people: pl.DataFrame) -> pl.DataFrame:
    """`pages/investigate/session_people` as display columns; names are plain text."""
    names = mapped(people, "name", text.plain)
    return people.drop("total_count", "entity_type").with_columns(names)


def _place(entity_type: str, role: str, row: dict[str, Any]) -> Place | None:
    entity_id, name, market = (row[f"{entity_type}_{part}"] for part in ("id", "name", "market"))
    if entity_id is None:
        return None
    return Place(f"{entity_type}:{entity_id}", role, text.plain(name), str(market or ""))


def _summary(row: dict[str, Any]) -> str:
    minutes = (row["ended_at"] - row["started_at"]).total_seconds()
    return " · ".join(
        (
            f"{row['started_at']:%Y-%m-%d %H:%M} UTC, {text.duration(minutes, 'seconds')}",
            f"{text.count(row['views'])} entries by {text.plural(row['unique_viewers'], 'viewer')}",
            f"{text.plural(row['orders'], 'order')} of {text.money(row['gmv_usd'])}",
            f"slot fee {text.money(row['slot_fee_usd'])}" if row["slot_fee_usd"] else "no slot fee",
        )
    )


def _features_of_signals(codes: set[str] | None = None) -> set[str]:
    """Features that the predicates of some signals ask for; None = of every pack's signals."""
    return {
        name
        for pack in words.known_packs().values()
        for signal in pack.signals
        if signal.entity_type == ENTITY_TYPE and (codes is None or signal.code in codes)
        for name in _NAME.findall(signal.predicate)
        if name in words.catalogue(ENTITY_TYPE)
    }


def _point(row: dict[str, Any], feature: Feature) -> Point:
    beyond = _beyond(row, feature)
    sentence = words.reason(ENTITY_TYPE, feature.name, row["value"], row["peer_median"])
    return Point(
        feature.name,
        feature.label,
        text.plain(sentence, length=SENTENCE_LENGTH),
        _standing(row, feature),
        row["value"],
        row["peer_median"],
        beyond,
        has_evidence=True,
    )


def _beyond(row: dict[str, Any], feature: Feature) -> float:
    """Share of peers that lie on the innocent side of the value; 0.0 where none is suspicious."""
    side = {"high": "lower_share", "low": "higher_share"}.get(feature.direction)
    return float(row[side] or 0.0) if side else 0.0


def _is_usual(point: Point, telling: set[str]) -> bool:
    is_sided = words.catalogue(ENTITY_TYPE)[point.feature].direction != "none"
    return is_sided and point.feature in telling and point.beyond <= USUAL


def _peers(features: pl.DataFrame) -> str:
    if features.is_empty():
        return ""
    peers, group = max(features["peers"]), features["peer_group"][0]
    whom = f"other rooms of {group}" if group else "other rooms: those of its peers are too few"
    return f"Compared with {peers:,} {whom}."


def _standing(row: dict[str, Any], feature: Feature) -> str:
    if feature.direction == "none" or row["lower_share"] is None:
        return ""
    low, high = float(row["lower_share"]), float(row["higher_share"] or 0.0)
    word, share = ("more", low) if low >= high else ("less", high)
    if share < USUAL:
        return "like most peers"
    if share >= NEARLY_ALL:
        return f"{word} than nearly every peer"
    return f"{word} than {text.percent(share, digits=0)} of peers"


def _unknown(features: pl.DataFrame, telling: set[str]) -> tuple[str, ...]:
    catalogue = words.catalogue(ENTITY_TYPE)
    missing = features.filter(pl.col("value").is_null())["feature"].to_list()
    return tuple(
        f"{catalogue[name].label}: needs {catalogue[name].needs}"
        for name in sorted(missing)
        if name in telling and name in catalogue and catalogue[name].needs
    )
