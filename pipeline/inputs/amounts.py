"""Which amounts of an order are of a piece and which of the line, as the data themselves say.

The contract has paid = items - voucher + shipping. A price may be of one piece or of the whole
line, and no name is certain: whichever adds up on most rows is proposed.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import duckdb

import queries
from pipeline.inputs.likeness import words
from pipeline.inputs.mapping import SCHEMA

if TYPE_CHECKING:
    from pipeline.inputs.proposal import TableProposal
    from pipeline.inputs.shape import Shape

MOSTLY = 0.9
"""Share of rows that have to add up for a reading to be taken for right."""
_SLACK = 0.05
"""Whole units by which rounding may part a sum from its parts."""
_OF_ONE = {"unit", "each", "piece", "single"}
"""Words of a price that is of one piece."""


def settle(shape: Shape, made: TableProposal, alias: str) -> None:
    """Make the items of an order unit price times quantity where that is what adds up."""
    items, quantity = made.columns.get("items_minor"), made.columns.get("quantity")
    if items is None or quantity is None or not items.is_guess:
        return
    share = {
        is_of_one: _adds_up(shape, made, alias, is_of_one=is_of_one) for is_of_one in (True, False)
    }
    is_of_one = bool(_OF_ONE & set(words(items.sql)))
    if max(share.values()) >= MOSTLY:
        is_of_one = share[True] > share[False] or (is_of_one and share[True] == share[False])
    note = f"it adds up to what is paid on {share[is_of_one]:.0%} of the rows"
    note = note if "paid_minor" in made.columns else ""
    if is_of_one:
        made.columns["items_minor"] = replace(
            items, is_guess=True, times=quantity.sql, note=note or "price of a piece, by quantity"
        )
    elif note:
        made.columns["items_minor"] = replace(items, is_guess=True, note=note)


def _adds_up(shape: Shape, made: TableProposal, alias: str, *, is_of_one: bool) -> float:
    """Share of rows on which paid is items, less voucher, and shipping; 0 where nobody can say."""
    if "paid_minor" not in made.columns:
        return 0.0
    paid, items, voucher, shipping, quantity = (
        f"try_cast({made.columns[name].sql} as double)" if name in made.columns else "0"
        for name in ("paid_minor", "items_minor", "voucher_minor", "shipping_minor", "quantity")
    )
    items = f"{items} * {quantity}" if is_of_one else items
    sql = (
        f"select coalesce(avg(case when abs({paid} - ({items} - coalesce({voucher}, 0) "
        f"+ coalesce({shipping}, 0))) < {_SLACK} then 1 else 0 end), 0) "
        f'from (from {SCHEMA}."{made.start}" limit 10000) as {alias}'
    )
    try:
        return float(queries.scalar(shape.con, sql))
    except duckdb.Error:  # a value that is no number, which the check of the mapping names
        return 0.0
