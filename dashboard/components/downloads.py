"""Downloads for those who may export: built only when asked, and logged before they are handed out.

They hold masks, whatever is shown on the screen: what is revealed to somebody for a while leaves
by no file.

Streamlit's own export of tables writes `=HYPERLINK(...)` verbatim and is switched off; ours
escapes every text cell, so that a spreadsheet opens it as text.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import polars as pl
import streamlit as st

from dashboard import places
from dashboard.access import acting_as, viewer
from dashboard.casebook import open_casebook
from dashboard.casebook.anchoring import anchor_end
from dashboard.columns import mapped
from dashboard.components.access_record import export_of
from dashboard.text import csv_cell

if TYPE_CHECKING:
    from collections.abc import Callable


@dataclass(frozen=True)
class File:
    """What is handed out, and of how many rows it is."""

    content: bytes
    row_count: int


def csv_download(label: str, rows: Callable[[], pl.DataFrame], *, filename: str, key: str) -> None:
    """A button that downloads `rows()` as CSV; absent for roles that may not export."""

    def file() -> File:
        frame = rows()
        return File(csv_bytes(frame), len(frame))

    download(label, file, filename=filename, mime="text/csv", key=key)


def download(label: str, file: Callable[[], File], *, filename: str, mime: str, key: str) -> None:
    """A button that downloads `file()`; absent for roles that may not export.

    What cannot be logged is not handed out.
    """
    who = viewer()
    if not who.may("export"):
        return

    export = export_of(filename, st.query_params.to_dict())

    def logged() -> bytes:
        with acting_as(who):  # the file is made in a thread that belongs to no session
            made = file()
            taken = replace(export, row_count=made.row_count)
            open_casebook().log_access(taken, viewer=who)
            anchor_end(places.casebook_url(), "export")
        return made.content

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
