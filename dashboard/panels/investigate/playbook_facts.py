"""What a playbook asks for and no day shows: refunds by reason, and figures beside peers."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import replace
from typing import TYPE_CHECKING

import polars as pl

from dashboard.components.board import Column, Table
from dashboard.components.nearby import read_nearby
from dashboard.errors import TableMissing
from dashboard.store import read
from dashboard.text import MISSING, money
from dashboard.view_models.playbook_facts import (
    agency_sentence,
    figures_caption,
    figures_of,
    reasons_caption,
    reasons_table,
)

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from dashboard.state import EntityRef

_RATE = "Requests of a hundred of its orders"
_USUAL = "Of as many orders of others, of the same category, market and month"
_BOUND = "Where nine of ten of its peers lie"


def playbook_tables(entity: EntityRef) -> list[Table]:
    """Both tables; one that has nothing to say is left out, as in a file built before them."""
    tables: list[Table] = []
    with suppress(TableMissing):
        tables += _reasons(entity)
    with suppress(TableMissing):
        tables += _figures(entity)
    return tables


def _reasons(entity: EntityRef) -> list[Table]:
    reasons = read_nearby("pages/investigate/refund_reasons", entity.key)
    if reasons.is_empty():
        return []
    rows = reasons_table(reasons)
    rates, usual_rates = ([_rate(one) for one in rows[name]] for name in ("rate", "usual"))
    times = rows["times"].to_list()
    said = [MISSING if one is None else f"{one:.2g}×" for one in times]
    back = [money(one, compact=False) for one in rows["amount_usd"]]
    columns = [
        Column("Reason", rows["label"].to_list()),
        _number("Requests", [f"{one:,}" for one in rows["requests"]], rows["requests"], 84),
        replace(_number("Per 100", rates, rows["rate"], 66), tip=_RATE),
        replace(_number("Usual", usual_rates, rows["usual"], 58), tip=_USUAL),
        _number("Ratio", said, times, 54),
        _number("Amount", back, rows["amount_usd"], 76),
    ]
    alt = "Requests for money back by reason, beside the usual of as many orders"
    more = ", orders of 90 days"
    return [Table("Why money was asked back", more, reasons_caption(reasons), columns, alt)]


def _figures(entity: EntityRef) -> list[Table]:
    rows = read_nearby("pages/investigate/subject_figures", entity.key)
    figures = figures_of(entity.entity_type, rows)
    if not figures:
        return []
    columns = [
        Column("Figure", [one.label for one in figures]),
        _number("This one", [one.value for one in figures], (), 108),
        replace(_number("Nine of ten", [one.bound for one in figures], (), 108), tip=_BOUND),
    ]
    note = agency_sentence(_agency(entity))
    alt = "Figures that playbooks ask for, beside those of peers"
    caption = figures_caption(figures)
    return [
        Table(
            "What playbooks ask for",
            ", beside peers",
            caption,
            columns,
            alt,
            most_rows=10,
            note=note,
        )
    ]


def _agency(entity: EntityRef) -> pl.DataFrame:
    """Of a creator, what its agency accounts for; nothing of anybody else."""
    if entity.entity_type != "creator":
        return pl.DataFrame()
    return read("pages/investigate/creator_agency", entity_id=entity.entity_id)


def _number(label: str, cells: Sequence[str], values: Iterable[object], width: int) -> Column:
    return Column(label, cells, list(values), width=width, is_number=True)


def _rate(share: float | None) -> str:
    return MISSING if share is None else f"{share * 100.0:,.1f}"
