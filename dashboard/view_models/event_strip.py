"""The event strip: everything about one subject on one time axis, a lane for each kind of event.

The lines of the timeline say the same by day, for whoever does not see the strip or point at it.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from typing import TYPE_CHECKING, Any

import polars as pl

from dashboard import text
from dashboard.view_models import words
from dashboard.view_models.clocks import decision_day
from dashboard.view_models.timeline import account_words, decision_words, label_words

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from dashboard.cases.records import Decision

MOST = 200
"""Marks of one lane; a lane of more has a bar a day. Ten lanes of these are 2,000 marks."""
LANES = {
    "account": "Account",
    "declined": "Refused cards",
    "listing": "Listings",
    "content": "Rooms, videos",
    "order": "Orders",
    "review": "Reviews",
    "refund": "Refunds",
    "trouble": "Complaints",
    "payout": "Payouts",
    "label": "Decisions",
}
"""Lanes from top to bottom: what the subject did, what was bought, what came of it."""
_OF_ORDERS = ("order", "review", "refund", "trouble", "payout", "label")
LANES_OF = {
    "merchant": ("account", "listing", "content", *_OF_ORDERS),
    "creator": ("account", "content", *_OF_ORDERS),
    "product": ("listing", *_OF_ORDERS),
    "buyer": ("account", "declined", *(lane for lane in _OF_ORDERS if lane != "payout")),
    "live_session": ("content", *_OF_ORDERS),
}
"""Which lanes a type can have anything in; one without an event is still drawn."""
DAY = "day"
"""The kind of a row that counts the events of a day."""
COLUMNS: dict[str, pl.DataType | type[pl.DataType]] = {
    "key": pl.String,
    "lane": pl.String,
    "happened_at": pl.Datetime("us"),
    "text": pl.String,
    "amount_usd": pl.Float64,
    "event_count": pl.Int64,
    "about": pl.String,
    "event_id": pl.String,
    "is_day": pl.Boolean,
    "is_strange": pl.Boolean,
}
"""Columns of the marks; `is_strange`: done on a device new to the account."""
RECENT_DAYS = 120
ALL, SEQUENCE = "all", "sequence"
PAD, EDGE = 0.12, 0.02
"""Room on both sides, as a share of what is shown."""
_HOUR = timedelta(hours=1)
_LONGEST = 80
_NOON = time(12)


@dataclass(frozen=True)
class Step:
    """One step of the salient sequence; `at` on the market's clock."""

    lane: str
    at: datetime
    words: str


@dataclass(frozen=True)
class SalientSequence:
    """Steps in order, from `since` to `until` on the market's clock, said in a sentence."""

    steps: tuple[Step, ...]
    since: datetime
    until: datetime
    sentence: str
    is_handed: bool = False
    """Whether a model of the marketplace's own found it."""


@dataclass(frozen=True)
class StripView:
    """Lanes from top to bottom (code, label), and the marks in them, columns `COLUMNS`."""

    lanes: tuple[tuple[str, str], ...]
    marks: pl.DataFrame
    caption: str
    sequence: SalientSequence | None = None

    @classmethod
    def of(
        cls,
        entity_type: str,
        rows: pl.DataFrame,
        decisions: Sequence[Decision] = (),
        steps: pl.DataFrame | None = None,
        handed: pl.DataFrame | None = None,
    ) -> StripView:
        """The view of `strip_trade` and `strip_own` together, and of `salient_sequence`.

        Where a team handed its own sequence over (`handed_sequence`), that one is shown.
        """
        marks = [_mark(row) for row in rows.iter_rows(named=True)]
        marks += [_decided(number, one) for number, one in enumerate(decisions)]
        frame = pl.DataFrame(marks, schema=COLUMNS).sort("happened_at", "key")
        lanes = tuple((lane, LANES[lane]) for lane in LANES_OF[entity_type])
        zone = str(rows["time_zone"][0]) if len(rows) else "UTC"
        sequence = None if steps is None or steps.is_empty() else _sequence(steps, zone)
        if handed is not None and len(handed):
            sequence = _handed(handed.row(0, named=True), frame, zone)
        return cls(lanes, frame, _caption(frame, zone), sequence)

    def window(self, zoom: str) -> tuple[datetime, datetime]:
        """What is shown at first: one of `zooms`; unknown = the last days."""
        if zoom == SEQUENCE and self.sequence:
            pad = max((self.sequence.until - self.sequence.since) * PAD, _HOUR)
            return self.sequence.since - pad, self.sequence.until + pad
        first, last = self.marks["happened_at"][0], self.marks["happened_at"][-1]
        if zoom != ALL:
            first = max(first, last - timedelta(days=RECENT_DAYS))
        pad = max((last - first) * EDGE, _HOUR)
        return first - pad, last + pad

    @property
    def zooms(self) -> dict[str, str]:
        """Parts of the time that can be shown, by code; one alone is no choice."""
        first, last = self.marks["happened_at"][0], self.marks["happened_at"][-1]
        is_long = last - first > timedelta(days=RECENT_DAYS)
        zooms = {"": f"Last {RECENT_DAYS} days"} if is_long else {}
        zooms |= {ALL if is_long else "": "All of it"}
        return zooms | ({SEQUENCE: "The sequence"} if self.sequence else {})

    def row_of(self, key: str) -> pl.DataFrame:
        """The mark called `key`; no row where there is none."""
        return self.marks.filter(pl.col("key") == key)


def _mark(row: dict[str, Any]) -> dict[str, Any]:
    lane, kind = str(row["lane"]), str(row["kind"])
    return {
        **{name: row[name] for name in ("happened_at", "amount_usd", "event_count", "about")},
        "key": f"{lane}:{kind}:{row['event_id']}",
        "lane": lane,
        "event_id": None if kind == DAY else row["event_id"],
        "text": _sentence(lane, kind, row),
        "is_day": kind == DAY,
        "is_strange": lane == "account" and row["title"] == "new",
    }


def _decided(number: int, decision: Decision) -> dict[str, Any]:
    """A decision of the casebook, at noon of the data's day."""
    return {
        "key": f"label:decision:{number}",
        "lane": "label",
        "happened_at": datetime.combine(decision_day(decision), _NOON),
        "text": decision_words(decision),
        "amount_usd": None,
        "event_count": 1,
        "about": None,
        "event_id": None,
        "is_day": False,
        "is_strange": False,
    }


_NOUNS = {
    "account": "account event",
    "declined": "refused payment",
    "listing": "listing edit",
    "content": "room or video",
    "order": "order",
    "review": "review",
    "refund": "refund request",
    "trouble": "complaint or dispute",
    "payout": "payout",
    "label": "verdict",
}
_MANY = {"content": "rooms and videos", "trouble": "complaints and disputes"}


_HEADS = {
    "order": "Order",
    "cancelled": "Order, cancelled later",
    "settled": "Paid out",
    "clawed_back": "Taken back",
    "declined": "Payment refused",
    "complaint": "Complaint",
    "dispute": "Disputed at the bank",
    "refund_only": "Refund without a return asked for",
    "return_refund": "Return and refund asked for",
    "refund": "Refund asked for",
}
"""What happened, by kind, in lanes whose title is the reason or the channel."""


def _sentence(lane: str, kind: str, row: dict[str, Any]) -> str:
    title = str(row["title"] or "")
    if kind == DAY:
        return text.plural(int(row["event_count"]), _NOUNS[lane], _MANY.get(lane))
    if lane == "listing":
        return _edit(kind, title, row["amount_usd"])
    if lane in _TITLED:
        return _TITLED[lane](kind, title)
    said = words.sentence_case(title).lower()
    link = ", via " if lane == "order" else ": "
    return text.plain(_HEADS[kind] + link + said if said else _HEADS[kind], length=_LONGEST)


def _account(kind: str, title: str) -> str:
    """One act without its count, which is always one here."""
    act = account_words(1, f"{kind} {title}".strip()).removeprefix("1 ")
    return act[0].upper() + act[1:]


_TITLED: dict[str, Callable[[str, str], str]] = {
    "account": _account,
    "label": lambda _, title: label_words(title),
    "review": lambda _, title: f"Review with {title} {'star' if title == '1' else 'stars'}",
    "content": lambda kind, title: (
        f"{'Live room' if kind == 'live' else 'Video'}: {text.plain(title, length=50)}"
    ),
}


def _edit(kind: str, changed: str, price_usd: float | None) -> str:
    """As in "Price $24.00 → $9.00, title changed"."""
    if kind == "removed":
        return "Listing removed"
    if kind == "listed":
        return f"Listed at {text.money(price_usd, compact=False)}"
    parts = [part for part in changed.split(",") if part]
    prices = [part.removeprefix("price ") for part in parts if part.startswith("price ")]
    others = [part for part in parts if not part.startswith("price ")]
    said = []
    if prices:
        before = text.money(float(prices[0]), compact=False)
        said.append(f"price {before} → {text.money(price_usd, compact=False)}")
    if others:
        said.append(f"{text.joined(others)} changed")
    sentence = ", ".join(said) or "edited, nothing shown changed"
    return sentence[0].upper() + sentence[1:]


def _caption(marks: pl.DataFrame, zone: str) -> str:
    busy = marks.filter("is_day")["lane"].unique().to_list()
    clock = f"Times are of {text.plain(zone)}; drag to zoom in, double-click for all of it."
    if not busy:
        return clock
    names = text.joined([LANES[lane].lower() for lane in LANES if lane in busy])
    many = f"More than {MOST} {names} each" if len(busy) > 1 else f"More than {MOST} {names}"
    return f"{many}: a bar a day, with its count. {clock}"


# ---------------------------------------------------------------- the salient sequence

_STEPS = {
    "new_device": ("account", "new device"),
    "password_change": ("account", "password change"),
    "phone_change": ("account", "phone change"),
    "address_change": ("account", "new address"),
    "bank_change": ("account", "new bank account"),
    "price_drop": ("listing", "price drop"),
    "order": ("order", "order"),
    "payout": ("payout", "payout"),
}
"""Lane and words of each step."""
_TAKING = ("order", "payout")
_BETWEEN = re.compile(r"[\s,;]+")
_SAID, _SHORT = 4, 40
"""Events of a handed-over sequence that are said, and their length."""


def _sequence(steps: pl.DataFrame, zone: str) -> SalientSequence:
    local = _local(zone, "happened_at", "ended_at")
    rows = steps.sort("place").with_columns(local).rows(named=True)
    chain = tuple(
        Step(_STEPS[row["step"]][0], row["happened_at"], _step_words(row)) for row in rows
    )
    since, until = rows[0]["happened_at"], max(row["ended_at"] for row in rows)
    return SalientSequence(chain, since, until, _told(rows))


def _local(zone: str, *columns: str) -> pl.Expr:
    """Instants (UTC, no zone) on the clocks of a time zone."""
    instants = pl.col(columns).dt.replace_time_zone("UTC")
    return instants.dt.convert_time_zone(zone).dt.replace_time_zone(None)


def _handed(row: dict[str, Any], marks: pl.DataFrame, zone: str) -> SalientSequence:
    """A handed-over sequence; its events are the marks of the rows that it names, in its order."""
    ends = pl.DataFrame({name: [row[name]] for name in ("t0", "t1")})
    since, until = ends.select(_local(zone, "t0", "t1")).row(0)
    named = _BETWEEN.split((row["salient_events"] or "").strip()) if row["salient_events"] else []
    places = {mark["event_id"]: mark for mark in marks.iter_rows(named=True) if mark["event_id"]}
    found = [places[one] for one in named if one in places]
    steps = tuple(Step(mark["lane"], mark["happened_at"], mark["text"]) for mark in found)
    length = text.duration((until - since).total_seconds(), "seconds")
    told = f"Your model scores {row['score']:.2f} for {length} from {since:%Y-%m-%d %H:%M}"
    if named:
        told += f", {text.plural(len(named), 'event')}"
    if len(found) < len(named):
        told += f", {len(found):,} of them marks of the strip"
    if found:
        said = [text.plain(mark["text"], length=_SHORT) for mark in found[:_SAID]]
        told += f": {'; '.join(said)}" + ("; …" if len(found) > _SAID else "")
    return SalientSequence(steps, since, until, told, is_handed=True)


def _step_words(row: dict[str, Any]) -> str:
    noun = _STEPS[row["step"]][1]
    if row["step"] in _TAKING:
        money = text.money(row["amount_usd"])
        return f"{text.plural(int(row['event_count']), noun)} for {money}"
    if row["step"] == "price_drop" and row["event_count"] > 1:
        return f"price drop of {row['event_count']:,} listings"
    return noun


def _told(rows: list[dict[str, Any]]) -> str:
    """As in "New device, password change and new address within 3 h, then 4 orders for $612"."""
    first = [row for row in rows if row["step"] not in _TAKING]
    said = text.joined([_step_words(row) for row in first])
    seconds = (first[-1]["happened_at"] - first[0]["happened_at"]).total_seconds()
    sentence = f"{said[0].upper()}{said[1:]} within {text.duration(seconds, 'seconds')}"
    taken = [_step_words(row) for row in rows if row["step"] in _TAKING]
    return f"{sentence}, then {taken[0]}" if taken else sentence
