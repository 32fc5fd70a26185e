"""What the chosen metric is: its definition, whose it is, what guards it, and its SQL."""

from __future__ import annotations

from typing import TYPE_CHECKING

import streamlit as st

from dashboard.components.links import page_link
from dashboard.panels.metrics.selection import metrics_of
from dashboard.panels.metrics.tiles import choose_metric
from dashboard.text import md_escape
from dashboard.view_models.definitions import DefinitionView

if TYPE_CHECKING:
    from collections.abc import Sequence

    from queries.registry import Kpi


def draw_definition(kpi: Kpi) -> None:
    """A button that says all of it; the neighbours in the tree are a click away."""
    box = st.popover(
        "Definition", icon=":material/info:", key="metrics.definition", on_change="rerun"
    )
    if not box.open:
        return
    with box:
        view = DefinitionView.of(kpi)
        st.markdown(f"**{md_escape(kpi.label)}**")
        st.markdown(md_escape(view.sentence))
        st.caption(md_escape(view.rules))
        known = metrics_of()
        _others("Guarded by", [known[code] for code in kpi.guard_rail if code in known])
        _others("Part of", [known[kpi.parent]] if kpi.parent in known else [])
        _others("Explained by", [one for one in known.values() if one.parent == kpi.code])
        page_link("From the raw tables to this number", "data", view.lineage)
        st.code(kpi.sql, language="sql")


def _others(label: str, metrics: Sequence[Kpi]) -> None:
    if not metrics:
        return
    with st.container(horizontal=True, vertical_alignment="center", gap="xsmall"):
        st.caption(label)
        for one in metrics:
            st.button(
                md_escape(one.label),
                key=f"metrics.tree.{label}.{one.code}",
                type="tertiary",
                on_click=choose_metric,
                args=(one.code,),
            )
