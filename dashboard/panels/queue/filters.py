"""The queue's filters: one row of widgets, all of them in the address."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import polars as pl
import streamlit as st

from dashboard import theme
from dashboard.components import address, scope
from dashboard.view_models import words

if TYPE_CHECKING:
    from collections.abc import Mapping

    from dashboard.state import QueueFilters

STATUSES = {"open": "Open", "decided": "Decided", "all": "All"}
SORTS = {
    "priority": "Money per minute",
    "score": "Score",
    "exposure": "Money at risk",
    "age": "Age",
}
# Alerts with a probability or a known scheme behind them.
PROVEN = ("score", "signals")
# The queue of the day: some of its places are kept for the unproven.
OF_THE_DAY = (*PROVEN, "unproven")
LANES = {"score": "By score", "signals": "By signals", "unproven": "Unproven"}
# What travels along when an entity is opened, so that the way back keeps it.
KEPT = (
    "entity_type",
    "typology",
    "market",
    "band",
    "search",
    "sort",
    "page",
    "size",
    "status",
    "lane",
)
# The marked alert travels too, so that both the back button and the link find it marked.
MARK = "alert"


def status_of(params: Mapping[str, Any]) -> str:
    """Which cases to list; anything unknown is `open`."""
    asked = str(params.get("status", ""))
    return asked if asked in STATUSES else "open"


def kept_params() -> dict[str, str]:
    """The queue's part of the address."""
    return {name: value for name, value in address.current().items() if name in KEPT}


def way_back() -> dict[str, str]:
    """The queue's part of the address with the alert that was marked when leaving it."""
    mark = address.current().get(MARK, "")
    return {**kept_params(), **({MARK: mark} if mark else {})}


def draw_filters(filters: QueueFilters, choices: pl.DataFrame, unproven: int | None) -> None:
    """The filter row. A change starts again at the first page.

    `unproven` counts that lane; None where the build has none.
    """
    if unproven is not None:
        held = {"dimension": "lane", "choice": "unproven", "alert_count": unproven}
        choices = pl.concat([choices, pl.DataFrame([held])], how="vertical_relaxed")
    drops = ("page", "alert")
    with st.container(horizontal=True, vertical_alignment="bottom", gap="small"):
        with st.container(width="content"):
            address.segments("Cases", "status", STATUSES, status_of(st.query_params), drops=drops)
        for label, name, names, width in _choosers(filters):
            with st.container(width=width):
                options = _options(choices, name, names)
                address.select(label, name, options, getattr(filters, name), drops=drops)
        if filters.lane != "unproven":
            with st.container(width=160):
                address.select("Order by", "sort", SORTS, filters.sort, drops=drops)
        with st.container(width=150):
            address.search(
                "Search", "search", filters.search, placeholder="Name or id", drops=drops
            )


def _choosers(filters: QueueFilters) -> list[tuple[str, str, Mapping[str, str] | None, int]]:
    """Label, name, words and width of each choice; the unproven have no typology and no band."""
    every: list[tuple[str, str, Mapping[str, str] | None, int]] = [
        ("Entity", "entity_type", theme.ENTITY_LABELS, 124),
        ("Market", "market", {}, 104),
        ("Typology", "typology", None, 150),
        ("Band", "band", theme.BAND_LABELS, 124),
        ("Lane", "lane", LANES, 138),
    ]
    is_unproven = filters.lane == "unproven"
    return [one for one in every if not (is_unproven and one[1] in {"typology", "band"})]


def query_params(filters: QueueFilters, status: str, decided: list[str]) -> dict[str, Any]:
    """The filters as parameters of the queue's queries."""
    # Whoever has no band and no typology is not found by either.
    lanes = PROVEN if filters.band or filters.typology else OF_THE_DAY
    return {
        "entity_types": _list(filters.entity_type),
        "markets": scope.markets(_list(filters.market)),
        "typologies": _list(filters.typology),
        "bands": _list(filters.band),
        "lanes": _list(filters.lane) or list(lanes),
        "search": filters.search,
        "decided": decided,
        "status": status,
    }


def _list(value: str) -> list[str]:
    return [value] if value else []


def _options(
    choices: pl.DataFrame, dimension: str, names: Mapping[str, str] | None
) -> dict[str, str]:
    """Every value that occurs, in words, with its count; "all" first."""
    found = choices.filter(pl.col("dimension") == dimension)
    options = {"": "All"}
    for choice, count in found.select("choice", "alert_count").iter_rows():
        label = words.typology_title(choice) if names is None else names.get(choice, choice)
        options[choice] = f"{label} ({count:,})"
    return options
