"""Facts: what the subject did, beside its own past and its peers, each figure with its rows."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import polars as pl
import streamlit as st

from dashboard.components import address, scope
from dashboard.components.board import Cards, Column, Table, board
from dashboard.components.boundary import panel
from dashboard.components.delivered import needs
from dashboard.components.empty_state import empty_state
from dashboard.components.kpi_tiles import kpi_tiles
from dashboard.components.nearby import nearby_alike, read_nearby
from dashboard.components.unavailable import known_metrics
from dashboard.errors import TableMissing
from dashboard.panels.investigate.playbook_facts import playbook_tables
from dashboard.store import read, read_parts
from dashboard.text import MISSING, money
from dashboard.view_models.drift import METRICS
from dashboard.view_models.fact_rows import RowsView
from dashboard.view_models.related import related_groups, sibling_group
from dashboard.view_models.subject_facts import (
    HELD,
    LEAST_LONG,
    LONG,
    PEER_DAYS,
    SHORT,
    SHOWN_DAYS,
    SubjectFact,
    chosen_fact,
    facts_of,
    kept_facts,
    reasons_of,
    table_of,
    tiles_of,
)

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import date

    from dashboard.state import EntityRef
    from dashboard.view_models.drift import Metric
    from dashboard.view_models.header import HeaderView
    from dashboard.view_models.related import RelatedGroup

MOST_ROWS = 60
RELATED = 4
"""Of each kind."""


def draw_facts(
    entity: EntityRef,
    head: HeaderView,
    *,
    is_blind: bool = False,
    kept: Mapping[str, Any] | None = None,
) -> None:
    """The strip, the rows behind the chosen figure, both spans side by side, whom it dealt with.

    Blind, whom it dealt with is left out, for they stand there with what was found about them.
    Figures that a decision `kept` stand in the place of today's, both spans side by side.
    """
    days = days_of(entity)
    if days.is_empty():
        empty_state("There are no daily numbers.", needs("orders", otherwise="Build from orders."))
        return
    facts = _facts(entity, head, days)
    held = _held(entity)
    fact = chosen_fact(facts, st.query_params.get("fact", ""))
    tiles = tiles_of(facts, days, held, fact.metric.code)
    kpi_tiles(tiles, key="facts.tiles", on_choose=_choose, in_row=4)
    rows = _rows(entity, fact, days)
    others = Cards("") if is_blind else _related(entity)
    spans = kept_facts(entity.entity_type, kept) if kept else facts
    tables = [rows, _both_spans(spans), *playbook_tables(entity)]
    board(tables, others, key="facts.board")


facts_panel = panel(draw_facts)
"""For pages of which it is not all that a panel holds."""


def figures_of(entity: EntityRef, head: HeaderView) -> dict[str, Any]:
    """The figures of the strip and of the table by metric, as a decision keeps them."""
    if entity.entity_type not in METRICS:
        return {}
    try:
        days = days_of(entity)
        facts = _facts(entity, head, days) if days.height else []
    except TableMissing:
        return {}
    parts = ("short", "long", "rank", "middle", "days", "before", "reason")
    return {fact.metric.code: {part: getattr(fact, part) for part in parts} for fact in facts}


def days_of(entity: EntityRef) -> pl.DataFrame:
    """What it did on each day that Facts and Drift show, the oldest first."""
    return read_nearby(f"pages/investigate/{entity.entity_type}_days", entity.key, days=SHOWN_DAYS)


def _facts(entity: EntityRef, head: HeaderView, days: pl.DataFrame) -> list[SubjectFact]:
    levels = read("pages/investigate/peer_levels", entity_type=entity.entity_type,
                  peer_group=head.peer_group)  # fmt: skip
    known = {one.code for one in known_metrics(METRICS[entity.entity_type], entity.entity_type)}
    every = facts_of(entity.entity_type, days, levels, head.typology)
    return [fact for fact in every if fact.metric.code in known]


def _choose(code: str) -> None:
    address.put({"fact": "" if code == HELD else code})


def _held(entity: EntityRef) -> dict[str, Any] | None:
    with suppress(TableMissing):
        rows = read_nearby("pages/investigate/held_money", entity.key)
        return rows.row(0, named=True) if rows.height else None
    return None


def _rows(entity: EntityRef, fact: SubjectFact, days: pl.DataFrame) -> Table:
    """The rows of the last week of the chosen figure; those that make the number first."""
    metric = fact.metric
    own = days.filter("is_mature") if metric.is_cohort else days
    week = (own if own.height else days)["day"].tail(fact.days).to_list()
    since, until = week[0], week[-1]
    more = f", {since:%-d %b} to {until:%-d %b}"
    if not metric.event:
        return _daily(metric, own, more)
    alike = nearby_alike(entity.key)
    table = rows_behind(entity, metric, (since, until), alike)
    return replace(table, title=metric.label, more=more)


def rows_behind(
    entity: EntityRef, metric: Metric, span: tuple[date, date], keys: Sequence[str]
) -> Table:
    """The rows that a figure of these days is made of, with names that lead on.

    They are read for all `keys` at once.
    """
    event = metric.event
    asked = {"event": event, "flag": metric.flag, "since": span[0], "until": span[1]}
    asked |= {"keys": list(keys), "limit": MOST_ROWS}
    every = read("pages/investigate/day_events", **asked)
    rows = read_parts("pages/investigate/day_events", **asked).of(entity.key)
    others = [every[name] for name in ("buyer_id", "merchant_id", "product_id")]
    ids = pl.concat(others).drop_nulls().unique().sort().to_list()
    names = read("pages/investigate/entity_names", entity_ids=ids)
    view = RowsView.of(entity.entity_type, rows, names, event)
    cells = view.table
    days = [f"{day:%-d %b}" for day in cells["day"]]
    columns = [Column("Day", days, [f"{day}" for day in cells["day"]], width=62)]
    if not view.all_count:
        counts = cells["counts"].to_list()
        ticks = ["✓" if one else "" for one in counts]
        columns.append(Column("Counts", ticks, [int(one) for one in counts], width=64))
    other = "Shop" if entity.entity_type == "buyer" else "Buyer"
    columns.append(Column(other, cells["other"].to_list(), keys=view.others))
    if entity.entity_type != "product":
        columns.append(Column("Listing", cells["product"].to_list(), keys=view.products))
    columns.append(_amounts(cells, event))
    return Table("", "", view.caption, columns, view.caption)


def _amounts(cells: pl.DataFrame, event: str) -> Column:
    """Stars of a review, else money to the minor unit."""
    name, label = ("rating", "Stars") if event == "review" else ("amount_usd", "Amount")
    values = cells[name].to_list()
    said = [MISSING if one is None else str(one) for one in values]
    if name == "amount_usd":
        said = [money(one, compact=False) for one in values]
    return Column(label, said, values, width=92, is_number=True)


def _daily(metric: Metric, days: pl.DataFrame, more: str) -> Table:
    """Of what no order makes: the days themselves."""
    week = days.select("day", pl.col(metric.numerator).cast(pl.Float64).alias("value"))
    rows = week.tail(SHORT).reverse()
    values = rows["value"].to_list()
    said = [MISSING if one is None else f"{one:,.10g}" for one in values]
    columns = [
        Column("Day", [f"{day:%-d %b}" for day in rows["day"]], [f"{day}" for day in rows["day"]]),
        Column(metric.label, said, values, is_number=True),
    ]
    alt = f"{metric.label} of the last {SHORT} days"
    return Table(metric.label, more, caption="", columns=columns, alt=alt)


def _both_spans(facts: list[SubjectFact]) -> Table:
    rows = table_of(facts)
    before = max((one.before for one in facts), default=LONG)
    usual = f"The {before} days before, as a week of them"
    ratios = rows["ratio"].to_list()
    times = [MISSING if one is None else f"{one:.2g}×" for one in ratios]
    columns = [
        Column("Figure", rows["label"].to_list()),
        Column("Week", rows["short"].to_list(), width=72, is_number=True),
        Column("Usual", rows["long"].to_list(), width=72, is_number=True, tip=usual),
        Column("Ratio", times, ratios, width=58, is_number=True),
        Column("Middle peer", rows["peers"].to_list(), width=96, is_number=True, tip=_PEER),
    ]
    alt = f"Each figure over {SHORT} days, over {before} days before, and among peers"
    beside = f"the {before} before" if before >= LEAST_LONG else "peers"
    title = f"Last {SHORT} days beside {beside}"
    return Table(title, "", "", columns, alt, most_rows=10, note=reasons_of(facts))


_PEER = f"Of its active peers, a week of the last {PEER_DAYS} days"


def _related(entity: EntityRef) -> Cards:
    """Whom it dealt with in ninety days, a card for each kind, after its siblings."""
    groups: list[RelatedGroup] = []
    limits = {"markets": scope.markets([]), "most": RELATED}
    with suppress(TableMissing):
        siblings = sibling_group(read_nearby("pages/investigate/siblings", entity.key, **limits))
        groups += [siblings] if siblings else []
    with suppress(TableMissing):
        groups += related_groups(read_nearby("pages/investigate/related", entity.key, **limits))
    return Cards("Whom it dealt with, 90 days", groups)
