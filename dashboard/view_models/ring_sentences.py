"""Sentences of a ring: who bears what it costs, and what sets it apart from the harmless."""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl

from dashboard import text

if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import Any

TIMES = 2.0
"""How many times as much, or as little, sets a figure apart."""
SHARE_APART = 0.25
"""Points of a share that do: nine tenths beside six is a difference, although no double."""
_SHARING = {
    "shares_device": "the same devices",
    "shares_ip": "the same networks",
    "shares_address": "the same addresses",
    "shares_payment_token": "the same cards",
}


BEARERS = {
    "platform": "the platform",
    "merchant": "shops",
    "buyer": "buyers",
    "creator": "creators",
    "cardholder": "cardholders",
    "rival": "rival shops",
}
"""Who bears money, as it reads in a sentence."""
HARMED = {
    "rank": "ranks it did not earn",
    "reviews": "reviews that others read",
    "traffic": "traffic it did not earn",
    "buyers": "buyers misled or kept waiting",
    "leak": "data given away",
}
"""What is harmed beyond money, as it reads in a sentence."""


def borne(money: pl.DataFrame) -> list[str]:
    """Who paid for it in 30 days, and what it harms: `pages/rings/money`."""
    sentences = []
    for is_harm, start in ((False, "In the last 30 days it cost"), (True, "Harm beyond money:")):
        rows = money.filter(pl.col("is_harm") == is_harm).select("bearer", "usd").iter_rows()
        parts = [
            f"{text.money(usd)} in {HARMED.get(bearer, bearer)}"
            if is_harm
            else f"{BEARERS.get(bearer, bearer)} {text.money(usd)}"
            for bearer, usd in rows
        ]
        if parts:
            sentences.append(f"{start} {text.joined(parts)}.")
    return sentences


def likeness(rows: pl.DataFrame) -> list[str]:
    """One sentence of `pages/rings/benign`; none where there is no such group."""
    if rows.is_empty():
        return []
    row = rows.row(0, named=True)
    sharing = _SHARING.get(row["top_relation"])
    group = f"{text.plural(row['account_count'], 'account')}{f' with {sharing}' if sharing else ''}"
    figures = _figures(row)
    if not figures:
        return [f"Its orders do not set it apart from {group} who are harmless."]
    return [f"Other than in the harmless group most like it ({group}), {text.joined(figures)}."]


def _figures(row: Mapping[str, Any]) -> list[str]:
    """What sets the ring apart, this ring first and the other group in brackets."""
    days, other_days = row["ring_days"], row["benign_days"]
    figures = []
    if days * TIMES <= other_days:
        span = f"for {text.plural(round(days), 'day')}" if days >= 1.0 else "on one day"
        figures.append(f"an account orders {span} ({text.plural(round(other_days), 'day')} there)")
    for name, words in (
        ("shop_share", "of the orders go to three shops"),
        ("voucher_share", "of the goods are paid by vouchers"),
    ):
        share, other = row[f"ring_{name}"], row[f"benign_{name}"]
        if share - other >= SHARE_APART:
            mine, theirs = (text.percent(part, digits=0) for part in (share, other))
            figures.append(f"{mine} {words} ({theirs} there)")
    return figures
