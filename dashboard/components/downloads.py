"""Downloads for those who may export: built only when asked, and logged with who took them.

Streamlit's own export of tables writes `=HYPERLINK(...)` verbatim and is switched off; ours
escapes every text cell, so that a spreadsheet opens it as text.
"""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING

import polars as pl
import streamlit as st

from dashboard.access import acting_as, viewer
from dashboard.columns import mapped
from dashboard.text import csv_cell

if TYPE_CHECKING:
    from collections.abc import Callable

_LOG = logging.getLogger("ringfence")


def csv_download(label: str, rows: Callable[[], pl.DataFrame], *, filename: str, key: str) -> None:
    """A button that downloads `rows()` as CSV; absent for roles that may not export."""
    download(label, lambda: csv_bytes(rows()), filename=filename, mime="text/csv", key=key)


def download(
    label: str, content: Callable[[], bytes], *, filename: str, mime: str, key: str
) -> None:
    """A button that downloads `content()`; absent for roles that may not export."""
    who = viewer()
    if not who.may("export"):
        return

    def logged() -> bytes:
        with acting_as(who):  # the file is made in a thread that belongs to no session
            file = content()
        _LOG.info("export %s: %d bytes by %s", filename, len(file), who.name)
        return file

    st.download_button(
        label,
        data=logged,
        file_name=filename,
        mime=mime,
        key=key,
        icon=":material/download:",
        on_click="ignore",
    )


def csv_bytes(frame: pl.DataFrame) -> bytes:
    """`frame` as UTF-8 CSV with a byte-order mark; text cells and headers escaped."""
    texts = [name for name, kind in frame.schema.items() if kind == pl.String]
    escaped = frame.with_columns(
        mapped(frame, name, lambda cell: str(csv_cell(cell)), skip_nulls=True) for name in texts
    )
    named = escaped.rename({name: str(csv_cell(name)) for name in escaped.columns})
    return named.write_csv(include_bom=True).encode()
