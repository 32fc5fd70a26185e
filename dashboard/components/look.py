"""Tables and charts the way this product shows them: units, badges, quiet figures."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import polars as pl
import pyarrow as pa
import streamlit as st

from dashboard import theme
from dashboard.charts.base import CONFIG
from dashboard.currency import DOLLARS, shown
from dashboard.text import md_escape
from queries.vocabulary import SCORE_BANDS

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    import plotly.graph_objects as go

    from dashboard.view_models.facts import Fact

ROW_HEIGHT = 30
# The header row and the border, as Streamlit draws them.
_CHROME = 33
# ProgressColumn and NumberColumn formats.
WHOLE = "localized"
PERCENT = "%.1f%%"
SCORE = "%.3f"
TONES = {"bad": "red", "good": "green", "none": "gray"}
"""Colour names of whether a change is for the better."""


def palette() -> theme.Palette:
    """The colours of the mode this browser shows."""
    return theme.palette(st.context.theme.type)


def chart(figure: go.Figure, *, alt: str, key: str) -> None:
    """A figure with its sentence for screen readers."""
    st.plotly_chart(figure, theme=None, config=CONFIG, alt=alt, key=key)


def clickable(figure: go.Figure, *, alt: str, key: str, on_click: Callable[[int], None]) -> None:
    """`chart` whose marks can be clicked; `on_click` gets the number of the mark.

    The key must change with what a click changes: a mark still held as clicked would take
    the next click on it as letting go.
    """

    def clicked() -> None:
        points = st.session_state[key]["selection"]["points"]
        if points:
            on_click(int(points[0]["point_index"]))

    st.plotly_chart(
        figure,
        theme=None,
        config=CONFIG,
        alt=alt,
        key=key,
        on_select=clicked,
        selection_mode="points",
    )


def choose_mark(
    figure: go.Figure, *, alt: str, key: str, on_choose: Callable[[int | None], None]
) -> None:
    """A figure that is zoomed by a drag, and of which one mark can be chosen.

    `on_choose` gets what the mark carries as `customdata`, or None where it is let go. The key
    stays while a mark is chosen: a new one would undo the zoom.
    """

    def chosen() -> None:
        points = st.session_state[key]["selection"]["points"]
        carried = points[0].get("customdata") if points else None
        number = carried[0] if isinstance(carried, list) else carried
        on_choose(None if number is None else int(number))

    st.plotly_chart(
        figure,
        theme=None,
        config={**CONFIG, "doubleClick": "autosize"},
        alt=alt,
        key=key,
        on_select=chosen,
        selection_mode="points",
    )


def brushable(figure: go.Figure, *, alt: str, key: str, on_brush: Callable[[], None]) -> None:
    """`chart` over which a drag chooses; `on_brush` reads the box from the state at `key`."""
    st.plotly_chart(
        figure,
        theme=None,
        config=CONFIG,
        alt=alt,
        key=key,
        on_select=on_brush,
        selection_mode="box",
    )


def table(
    rows: pl.DataFrame,
    columns: dict[str, Any],
    *,
    alt: str,
    key: str,
    most_rows: int = 25,
    amounts: Sequence[str] = (),
) -> None:
    """A table of exactly these columns, as high as its rows, never more than `most_rows`.

    Money columns hold US dollars and are shown in the currency of the build; `amounts` are
    those whose format does not say that they are money.
    """
    # Shares are 0..1 in every table of ours; only on screen are they hundredths.
    shares = [name for name, column in columns.items() if _format(column) == PERCENT]
    cells = rows.select(list(columns)).with_columns(pl.col(name) * 100 for name in shares)
    st.dataframe(
        arrow(_converted(cells, columns, amounts)),
        column_config=columns,
        hide_index=True,
        row_height=ROW_HEIGHT,
        height=table_height(len(rows), most_rows),
        alt=alt,
        key=key,
        placeholder="–",
    )


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
        arrow(_converted(rows.select(list(columns)), columns, ())),
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


def choose_row(
    rows: pl.DataFrame,
    columns: dict[str, Any],
    *,
    alt: str,
    key: str,
    chosen: int | None,
    on_choose: Callable[[int | None], None],
) -> None:
    """`table` of which one row can be ticked, `chosen` at first; `on_choose` gets its number.

    The key must name the exact set of rows: ticks are kept by number.
    """

    def ticked() -> None:
        numbers = st.session_state[key]["selection"]["rows"]
        on_choose(numbers[0] if numbers else None)

    st.dataframe(
        arrow(_converted(rows.select(list(columns)), columns, ())),
        column_config=columns,
        hide_index=True,
        row_height=ROW_HEIGHT,
        height=table_height(len(rows), len(rows)),
        alt=alt,
        key=key,
        placeholder="–",
        on_select=ticked,
        selection_mode="single-row",
        selection_default={"selection": {"rows": [] if chosen is None else [chosen]}},
    )


def choose_in_order(
    rows: pl.DataFrame, columns: dict[str, Any], *, alt: str, key: str
) -> tuple[int, ...]:
    """The ticked rows by number, of rows whose order says something.

    A click on a header does not sort them: a column that can be chosen cannot be sorted. Nor
    does the menu of a header, which web/browser.js empties for what is called `in_order`. What
    is missing stays empty, for one of them may be a line between others. The key must name the
    exact set of rows: ticks are kept by number.
    """
    with st.container(key=f"in_order.{key}"):
        state = st.dataframe(
            arrow(_converted(rows.select(list(columns)), columns, ())),
            column_config=columns,
            hide_index=True,
            row_height=ROW_HEIGHT,
            height=table_height(len(rows), len(rows)),
            alt=alt,
            key=key,
            placeholder=" ",
            on_select="rerun",
            selection_mode=("multi-row", "single-column"),
        )
    return tuple(sorted(state["selection"]["rows"]))


def table_height(row_count: int, most_rows: int) -> int:
    """Pixels of a table that is as high as its rows, never more than `most_rows`."""
    return _CHROME + ROW_HEIGHT * min(max(row_count, 1), most_rows)


def _converted(rows: pl.DataFrame, columns: dict[str, Any], amounts: Sequence[str]) -> pl.DataFrame:
    """`rows` with the dollars of its money columns in the currency shown."""
    per_usd, formats = shown().per_usd, (shown().column(), shown().column(whole=False))
    if per_usd == 1.0:
        return rows
    own = [name for name, column in columns.items() if _format(column) in formats]
    return rows.with_columns(pl.col(name) * per_usd for name in [*own, *amounts])


def arrow(rows: pl.DataFrame) -> pa.Table:
    """What Streamlit sends as it is; of a Polars frame it would make a pandas one first.

    Taken row by row into buffers of its own: those of a frame still hold what was masked or
    hidden in it, under cells that are null, and all of a buffer goes to the browser.
    """
    return rows.to_arrow().take(pa.array(range(rows.height), pa.int64()))


def _format(column: Any) -> str | None:
    settings = column.get("type_config") if isinstance(column, dict) else None
    return settings.get("format") if settings else None


def text_column(label: str, *, width: Any = None, tip: str = "", is_number: bool = False) -> Any:
    """A column of plain text: cells show it literally, numbers with their unit at the right."""
    alignment: Any = "right" if is_number else None
    return st.column_config.TextColumn(label, width=width, help=tip or None, alignment=alignment)


def number_column(label: str, form: str = WHOLE, *, width: Any = None, tip: str = "") -> Any:
    """A right-aligned number with its unit."""
    return st.column_config.NumberColumn(label, format=form, width=width, help=tip or None)


def money_column(label: str, *, whole: bool = True, width: Any = None, tip: str = "") -> Any:
    """A column of US dollars, in the currency shown: in whole units, or to the minor unit.

    `width` is what dollars need; a code and the zeros of a small unit need more.
    """
    if isinstance(width, int) and shown() != DOLLARS:
        width = width * 3 // 2
    return number_column(label, shown().column(whole=whole), width=width, tip=tip)


def score_column(label: str = "Probability", *, width: Any = 100, tip: str = "") -> Any:
    """A probability as a bar from 0 to 1 with its number."""
    return st.column_config.ProgressColumn(
        label, format=SCORE, min_value=0, max_value=1, width=width, color="gray", help=tip or None
    )


def badge_column(
    label: str, options: Sequence[str], colours: Sequence[str], *, width: Any = 84
) -> Any:
    """A column of one badge a row."""
    return st.column_config.MultiselectColumn(
        label, options=list(options), color=list(colours), width=width
    )


def band_column() -> Any:
    """The score band as a badge."""
    return badge_column(
        "Band",
        [*(theme.BAND_LABELS[band] for band in SCORE_BANDS), "No score", "Unproven"],
        [*(theme.BAND_BADGES[band] for band in SCORE_BANDS), "gray", "violet"],
    )


def button_column(
    label: str, key: str, on_click: Any, args: tuple[Any, ...], *, width: int = 64
) -> Any:
    """A quiet button in every row; a column of names, which has a label, reads from the left."""
    return st.column_config.ButtonColumn(
        label,
        key=key,
        on_click=on_click,
        args=args,
        type="tertiary",
        width=width,
        alignment="left" if label else None,
    )


def draw_facts(facts: Sequence[Fact], *, per_row: int) -> None:
    """Small labelled numbers in a line; their meaning is the tooltip."""
    with st.grid(per_row, gap="small", min_column_width=132):
        for fact in facts:
            st.metric(fact.label, md_escape(fact.value), help=fact.meaning)
