"""Facts: what the subject did, beside its own past and its peers, each figure with its rows."""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING, Any

import polars as pl
import streamlit as st

from dashboard.components import address, look, scope
from dashboard.components.boundary import panel
from dashboard.components.delivered import needs
from dashboard.components.empty_state import empty_state
from dashboard.components.kpi_tiles import kpi_tiles
from dashboard.components.links import page_link
from dashboard.components.open_column import name_column
from dashboard.components.unavailable import known_metrics
from dashboard.errors import TableMissing
from dashboard.store import data_version, read
from dashboard.text import md_escape, plural
from dashboard.view_models.drift import METRICS
from dashboard.view_models.fact_rows import RowsView
from dashboard.view_models.related import related_groups, tied_group
from dashboard.view_models.subject_facts import (
    HELD,
    LONG,
    PEER_DAYS,
    SHORT,
    SHOWN_DAYS,
    SubjectFact,
    facts_of,
    reasons_of,
    table_of,
    tiles_of,
)

if TYPE_CHECKING:
    from dashboard.state import EntityRef
    from dashboard.view_models.header import HeaderView
    from dashboard.view_models.related import RelatedGroup

MOST_ROWS = 60
RELATED = 4
"""Of each kind."""


@panel
def facts_panel(entity: EntityRef, head: HeaderView) -> None:
    """The strip, the rows behind the chosen figure, both spans side by side, whom it dealt with."""
    who = {"entity_type": entity.entity_type, "entity_id": entity.entity_id}
    days = read(
        f"pages/investigate/{entity.entity_type}_days", entity_id=entity.entity_id, days=SHOWN_DAYS
    )
    if days.is_empty():
        empty_state("There are no daily numbers.", needs("orders", otherwise="Build from orders."))
        return
    levels = read("pages/investigate/peer_levels", entity_type=entity.entity_type,
                  peer_group=head.peer_group)  # fmt: skip
    known = {one.code for one in known_metrics(METRICS[entity.entity_type], entity.entity_type)}
    facts = [
        fact
        for fact in facts_of(entity.entity_type, days, levels, head.typology)
        if fact.metric.code in known
    ]
    held = _held(who)
    codes = [fact.metric.code for fact in facts]
    chosen = st.query_params.get("fact", "")
    chosen = chosen if chosen in codes else codes[0]
    kpi_tiles(tiles_of(facts, days, held, chosen), key="facts.tiles", on_choose=_choose, in_row=4)
    rows, both = st.columns(2, gap="medium")
    with rows:
        _rows(entity, next(one for one in facts if one.metric.code == chosen), days)
    with both:
        _both_spans(entity, facts)
    _related(who)


def _choose(code: str) -> None:
    address.put({"fact": "" if code == HELD else code})


def _held(who: dict[str, str]) -> dict[str, Any] | None:
    with suppress(TableMissing):
        rows = read("pages/investigate/held_money", **who)
        return rows.row(0, named=True) if rows.height else None
    return None


def _rows(entity: EntityRef, fact: SubjectFact, days: pl.DataFrame) -> None:
    """The rows of the last week of the chosen figure; those that make the number first."""
    metric = fact.metric
    own = days.filter("is_mature") if metric.is_cohort else days
    week = (own if own.height else days)["day"].tail(fact.days).to_list()
    since, until = week[0], week[-1]
    st.markdown(f"**{md_escape(metric.label)}**, {since:%-d %b} to {until:%-d %b}")
    if not metric.event:
        _daily(entity, fact, own)
        return
    rows = read(
        "pages/investigate/day_events",
        entity_type=entity.entity_type,
        entity_id=entity.entity_id,
        event=metric.event,
        flag=metric.flag,
        since=since,
        until=until,
        limit=MOST_ROWS,
    )
    draw_rows(entity, rows, metric.event, slot=f"facts-{entity.key}-{metric.code}")


def draw_rows(entity: EntityRef, rows: pl.DataFrame, event: str, *, slot: str) -> None:
    """Rows of `pages/investigate/day_events`, with names that lead on."""
    view = RowsView.of(entity.entity_type, rows, event)
    st.caption(md_escape(view.caption))
    if view.table.is_empty():
        return
    key = f"{slot}-{data_version()}-{hash(tuple(view.table['order_id']))}"
    other = "Shop" if entity.entity_type == "buyer" else "Buyer"
    columns = {
        "day": st.column_config.DateColumn("Day", format="D MMM", width=58),
        **(
            {}
            if view.all_count
            else {"counts": st.column_config.CheckboxColumn("Counts", width=52)}
        ),
        "other": name_column(other, key, view.others, width=122),
        **(
            {}
            if entity.entity_type == "product"
            else {"product": name_column("Listing", key, view.products, width=130)}
        ),
        **(
            {"rating": look.number_column("Stars", look.WHOLE, width=50)}
            if event == "review"
            else {"amount_usd": look.money_column("Amount", whole=False, width=76)}
        ),
    }
    look.table(view.table, columns, alt=view.caption, key=key, most_rows=9)


def _daily(entity: EntityRef, fact: SubjectFact, days: pl.DataFrame) -> None:
    """Of what no order makes: the days themselves."""
    metric = fact.metric
    week = days.select("day", pl.col(metric.numerator).cast(pl.Float64).alias("value")).tail(SHORT)
    look.table(
        week.reverse(),
        {
            "day": st.column_config.DateColumn("Day", format="D MMM", width=80),
            "value": look.number_column(metric.label, look.WHOLE, width=140),
        },
        alt=f"{metric.label} of the last {SHORT} days",
        key=f"facts-{data_version()}-{entity.key}-{metric.code}-days",
        most_rows=9,
    )


def _both_spans(entity: EntityRef, facts: list[SubjectFact]) -> None:
    st.markdown(f"**Last {SHORT} days beside the {LONG} before**")
    look.table(
        table_of(facts),
        {
            "label": look.text_column("", width=196),
            "short": look.text_column("Week", width=58, is_number=True),
            "long": look.text_column("Usual", width=60, is_number=True, tip=_USUAL),
            "ratio": look.number_column("Ratio", "%.2g×", width=56),
            "peers": look.text_column("Middle peer", width=78, is_number=True, tip=_PEER),
        },
        alt=f"Each figure over {SHORT} days, over {LONG} days before, and among peers",
        key=f"facts-both-{data_version()}-{entity.key}",
        most_rows=10,
    )
    said = reasons_of(facts)
    if said:
        st.caption(md_escape(said))


_USUAL = f"The {LONG} days before, as a week of them"
_PEER = f"Of its active peers, a week of the last {PEER_DAYS} days"


def _related(who: dict[str, str]) -> None:
    """Whom it dealt with in ninety days, a card for each kind, and whom it shares things with."""
    groups: list[RelatedGroup] = []
    markets = scope.markets([])
    with suppress(TableMissing):
        key = f"{who['entity_type']}:{who['entity_id']}"
        near = read("pages/graph/neighbour_nodes", node_key=key, shown=[], limit=RELATED)
        tied = tied_group(near, markets)
        groups += [tied] if tied else []
    with suppress(TableMissing):
        rows = read("pages/investigate/related", **who, markets=markets, most=RELATED)
        groups += related_groups(rows)
    if not groups:
        return
    st.markdown("**Whom it dealt with, 90 days**")
    for place, group in zip(st.columns(len(groups), gap="small"), groups, strict=True):
        with place, st.container(border=True, gap="xsmall"):
            _card(group)


def _card(group: RelatedGroup) -> None:
    more = f" :gray[{plural(group.others, 'in all', 'in all')}]"
    st.markdown(f"**{group.title}**{more}")
    for one in group.subjects:
        with st.container(gap=None):
            page_link(md_escape(one.name), "investigate", {"entity": one.key})
            st.caption(f"{md_escape(one.said)} {one.badge}")
