"""What a decision about several members says of each, and whom acting on it would touch."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from dashboard import text
from dashboard.view_models import words

if TYPE_CHECKING:
    from collections.abc import Mapping

    from dashboard.cases.states import Verdict


@dataclass(frozen=True)
class Choice:
    """What the form says of every ticked member; `confidence` is 0..1."""

    verdict: Verdict
    typology: str
    action: str
    reasons: tuple[str, ...]
    note: str
    confidence: float | None


def typology_of(chosen: str, member: Mapping[str, Any]) -> str:
    """The scheme a member is decided for: the chosen one, or its own where that fits its kind.

    A chain runs over kinds of risk: a shop of brushing accounts is no account.
    """
    packs = words.known_packs()
    for code in (chosen, str(member["typology"] or "")):
        if code in packs and str(member["entity_type"]) in packs[code].entity_types:
            return code
    return chosen


def radius_sentence(row: Mapping[str, Any]) -> str:
    """Whom acting on the ticked members touches; `row` of `pages/case/blast_radius`."""
    counted = [(row[name], row.get(usd), *said) for name, usd, *said in _TOUCHED]
    parts = [_part(count, usd, one, many) for count, usd, one, many in counted if count]
    if not parts:
        return "Acting on them touches nobody else: no order is on its way, no payout to come."
    due = f", the next on {row['next_payout_day']}" if row["next_payout_day"] else ""
    return f"Acting on them: {text.joined(parts)}{due}."


_TOUCHED = (
    ("waiting_buyers", "", "buyer outside waits for goods", "buyers outside wait for goods"),
    ("order_count", "order_usd", "order is on its way", "orders are on their way"),
    ("payout_count", "payout_usd", "payout is still to come", "payouts are still to come"),
    ("good_count", "", "of them was cleared before", "of them were cleared before"),
    ("unqueued_count", "", "of them has no alert", "of them have no alert"),
)
"""Columns of a count and of its money, and how one and many of it read."""


def _part(count: int, usd: float | None, one: str, many: str) -> str:
    amount = "" if usd is None else f" ({text.money(usd)})"
    return f"{count:,} {one if count == 1 else many}{amount}"
