"""What a subject spoils beyond money, as lines of the priority card: counted and priced."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from dashboard import text

if TYPE_CHECKING:
    from collections.abc import Mapping

    import polars as pl

_HARMED = {
    "rank": "Rank bought",
    "reviews": "Reviews spoilt",
    "traffic": "Traffic faked",
    "buyers": "People harmed",
    "leak": "Data given away",
}
_EVENTS = {
    "fake_order": "fake orders",
    "hasty_praise": "five-star reviews within two days",
    "copied_review": "reviews in others' words",
    "harsh_review": "one- and two-star reviews",
    "complaint": "complaints",
    "scam_call": "scam calls",
    "unsent_parcel": "parcels not sent as said",
    "machine_views": "views by machines",
    "takeover_order": "orders after a takeover",
    "regret": "returns for poor quality",
    "order": "orders",
}


@dataclass(frozen=True)
class HarmLine:
    """One line of what is harmed beyond money."""

    what: str
    """What is counted, and what that is worth."""
    worth: str
    span: str
    """Least to most, by the range of its price."""
    source: str


def harm_lines(rows: pl.DataFrame) -> tuple[HarmLine, ...]:
    """The lines of `pages/investigate/harms`, the largest first."""
    return tuple(_line(row) for row in rows.iter_rows(named=True))


def _line(row: Mapping[str, Any]) -> HarmLine:
    price, low, high = (text.price(row[name]) for name in ("price_usd", "low_usd", "high_usd"))
    counted = f"{row['events']:,.0f} {_EVENTS.get(row['event'], row['event'])}"
    return HarmLine(
        what=f"{_HARMED.get(row['kind'], row['kind'])}: {counted} at {price} ({low} to {high})",
        worth=text.money(row["harm_usd"]),
        span=f"{text.money(row['harm_low_usd'])} to {text.money(row['harm_high_usd'])}",
        source=row["source"],
    )
