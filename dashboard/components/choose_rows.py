"""A table whose rows are ticked: what a decision about several of them is about."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import streamlit as st

from dashboard.components.look import arrow, table_height

if TYPE_CHECKING:
    from collections.abc import Sequence

    import polars as pl


def choose_rows(
    rows: pl.DataFrame,
    columns: dict[str, Any],
    *,
    alt: str,
    key: str,
    chosen: Sequence[int],
    most_rows: int,
) -> tuple[int, ...]:
    """The ticked rows by number, those of `chosen` at first.

    The key must name the exact set of rows: ticks are kept by number.
    """
    state = st.dataframe(
        arrow(rows.select(list(columns))),
        column_config=columns,
        hide_index=True,
        height=table_height(len(rows), most_rows),
        alt=alt,
        key=key,
        placeholder="–",
        on_select="rerun",
        selection_mode="multi-row",
        selection_default={"selection": {"rows": list(chosen)}},
    )
    return tuple(sorted(state["selection"]["rows"]))
