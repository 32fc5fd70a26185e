"""A line that says what the build could not look at: nobody reads silence as innocence."""

from __future__ import annotations

from typing import TYPE_CHECKING

import streamlit as st

from dashboard.store import has_table, read
from dashboard.text import md_escape
from dashboard.view_models.availability import Off, off, shortened

if TYPE_CHECKING:
    from collections.abc import Iterable

    from dashboard.view_models.drift import Metric
    from queries.registry import Kpi


def what_is_off(entity_type: str = "") -> tuple[Off, ...]:
    """What is off for one entity type, '' for all; nothing in a file that does not say."""
    if not has_table("meta.unavailable"):
        return ()
    return off(read("pages/packs/unavailable", entity_type=entity_type))


def known_metrics(metrics: Iterable[Metric], entity_type: str = "") -> tuple[Metric, ...]:
    """The metrics of which something is known; of the whole marketplace without an entity type."""
    unknown = _unknown(entity_type)
    return tuple(one for one in metrics if unknown.isdisjoint((one.numerator, one.denominator)))


def known_kpis(kpis: Iterable[Kpi]) -> tuple[Kpi, ...]:
    """The metrics of the marketplace of which something is known."""
    unknown = _unknown("")
    return tuple(
        one for one in kpis if unknown.isdisjoint((one.code, one.numerator, one.denominator))
    )


def _unknown(entity_type: str) -> set[str]:
    if not has_table("meta.unavailable"):
        return set()
    return set(read("pages/packs/unknown_metrics", entity_type=entity_type)["name"])


def draw_unavailable(entity_type: str) -> None:
    """The first few sentences under a heading of their own; nothing where nothing is off."""
    sentences = shortened(what_is_off(entity_type))
    if not sentences:
        return
    st.markdown("**Not looked at**")
    st.caption("\n".join(f"- {md_escape(one)}" for one in sentences))
