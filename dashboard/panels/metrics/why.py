"""Why a metric changed: what calendar, mix and incomplete days explain, then the slices that do."""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl
import streamlit as st

from dashboard.components import address
from dashboard.panels.metrics.findings import stand_outs
from dashboard.panels.metrics.reading import (
    leaves,
    slice_filters,
    slices,
    sums_of,
    told_apart,
)
from dashboard.panels.metrics.selection import KEPT_ANSWERS
from dashboard.store import data_version, has_table, read
from dashboard.text import md_escape
from dashboard.view_models.cause_words import beside_baseline, cause_lines
from dashboard.view_models.kpi_change import attributable, lengths_of
from dashboard.view_models.root_cause_words import RootCauseLine, root_cause_lines
from pipeline.attribution.causes import Subject, causes
from pipeline.attribution.root_causes import RootCauses, root_causes

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date

    from dashboard.panels.metrics.selection import Selection
    from dashboard.view_models.periods import Compared

MOST_OF_ITS_OWN = 2
"""Dimensions that the table of a metric keeps apart at once; the cube has all."""


def draw_why(selection: Selection, compared: Compared) -> None:
    """Causes first; then the slices that explain the change, each a click from its own page."""
    if not selection.against:
        st.markdown("**Why**")
        _causes(selection, compared)
    st.markdown("**Which slices**")
    kpi = selection.kpi
    open_dimensions = tuple(told_apart(selection))
    if not kpi.is_of_cube:
        open_dimensions = open_dimensions[:MOST_OF_ITS_OWN]
    found = _searched(
        data_version(),
        (kpi.code, f"{compared}", *selection.compared_slices),
        open_dimensions,
        selection,
        compared,
    )
    lines, rest = root_cause_lines(found, open_dimensions, kpi.unit)
    for line in lines:
        _draw(line)
    if rest:
        st.caption(md_escape(rest))


def _causes(selection: Selection, compared: Compared) -> None:
    """What the days of now are put down to, beside the four weeks before them."""
    kpi, markets = selection.kpi, selection.markets
    if not kpi.is_of_cube or not has_table("rings.members"):
        st.caption("Its causes are not looked for: it is not made of orders.")
        return
    first, last = _days(selection, compared)
    market = markets[0] if len(markets) == 1 else None
    subject = Subject(kpi.code, first, last, market, kpi.maturity_days, kpi.is_of_money)
    since = subject.baseline[0]
    sums = sums_of(kpi)
    daily = read(
        "pages/metrics/movement_days",
        numerator=sums["numerator"],
        denominator=sums["denominator"],
        filters=slice_filters(selection),
        since=since,
        until=last,
    )
    events = read("pages/metrics/events", since=since, until=last)
    own = daily.filter(_of_markets(markets))
    # Markets that an event did not touch are what those that it did are held against.
    rows = causes(subject, own if len(markets) > 1 else daily, events).to_dicts()
    beside = beside_baseline(kpi, own, subject.first_day)
    if not rows:
        st.caption(md_escape(f"{beside} That is within chance."))
        return
    with st.container(gap="xsmall"):
        st.markdown(md_escape(beside))
        for name, share in cause_lines(rows):
            st.markdown(f"{md_escape(name)} :gray[{md_escape(share)}]")
    st.caption("Shares of that change, each taken off before the next is asked for.")


def _days(selection: Selection, compared: Compared) -> tuple[date, date]:
    """The days of the movement that the chosen days touch; these themselves where there is none."""
    for one in stand_outs(selection, compared.now):
        return one.first_day, one.last_day
    return compared.now.since, compared.now.until


def _of_markets(markets: Sequence[str]) -> pl.Expr:
    return pl.col("market").is_in(markets) if markets else pl.lit(value=True)


@st.cache_data(max_entries=KEPT_ANSWERS, show_spinner=False)
def _searched(
    version: str,
    question: tuple[str, ...],
    dimensions: tuple[str, ...],
    _selection: Selection,
    _compared: Compared,
) -> RootCauses:
    """The answer for one build and one question: whoever asks again waits for nothing."""
    del version, question
    kpi = _selection.kpi
    read_rows = leaves if kpi.is_of_cube else slices
    rows = attributable(kpi, read_rows(kpi, _selection, _compared, dimensions))
    return root_causes(rows, dimensions, days=lengths_of(kpi, _compared))


def _draw(line: RootCauseLine) -> None:
    with st.container(gap=None):
        st.button(
            md_escape(line.name),
            type="tertiary",
            key=f"metrics.cause.{'&'.join(line.slices.values())}",
            help="Look into it",
            on_click=_go_down,
            args=(dict(line.slices),),
        )
        st.caption(md_escape(line.said))


def _go_down(slices_of: dict[str, str]) -> None:
    address.put({name: address.listed([value]) for name, value in slices_of.items()})
