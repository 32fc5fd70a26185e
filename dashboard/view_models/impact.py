"""Whom acting on some subjects would touch, in a sentence."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from dashboard import text

if TYPE_CHECKING:
    from collections.abc import Mapping


def impact_sentence(row: Mapping[str, Any], good_count: int) -> str:
    """Whom acting on them touches; `row` of `pages/case/blast_radius`.

    `good_count` of them were cleared before, by the casebook or by a delivered label.
    """
    every = {**row, "good_count": good_count}
    touched = [(every[name], every.get(usd), *said) for name, usd, *said in _TOUCHED]
    parts = [_part(count, usd, one, many) for count, usd, one, many in touched if count]
    who = "it" if row["subjects"] == 1 else "them"
    if not parts:
        return f"Acting on {who} touches nobody else: no order is on its way, no payout to come."
    due = f", the next on {row['next_payout_day']}" if row["next_payout_day"] else ""
    held = f"; {text.money(row['held_usd'])} of it is held already" if row["held_usd"] else ""
    return f"Acting on {who}: {text.joined(parts)}{due}{held}."


_TOUCHED = (
    ("good_count", "", "of them was cleared before", "of them were cleared before"),
    ("unqueued_count", "", "of them has no alert", "of them have no alert"),
    ("partner_count", "", "partner is in good standing", "partners are in good standing"),
    ("listing_count", "", "listing is open", "listings are open"),
    ("creator_count", "", "creator earns from orders under way",
     "creators earn from orders under way"),
    ("waiting_buyers", "", "buyer outside waits for goods", "buyers outside wait for goods"),
    ("order_count", "order_usd", "order is on its way", "orders are on their way"),
    ("payout_count", "payout_usd", "payout is still to come", "payouts are still to come"),
)  # fmt: skip
"""Columns of a count and of its money, and how one and many of it read."""


def _part(count: int, usd: float | None, one: str, many: str) -> str:
    amount = "" if usd is None else f" ({text.money(usd)})"
    return f"{count:,} {one if count == 1 else many}{amount}"
