"""The raw rows behind one feature, with the number recomputed on the spot."""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl
import streamlit as st

from dashboard.components import address, look, scope
from dashboard.components.downloads import csv_download
from dashboard.currency import shown
from dashboard.store import read
from dashboard.text import file_stem, md_escape, plural
from dashboard.view_models import words
from dashboard.view_models.evidence import EvidenceView, Values
from queries.catalogue import evidence_params
from queries.recompute import recomputed

if TYPE_CHECKING:
    from datetime import date

    from dashboard.state import EntityRef

_IDENTIFIERS = (
    "device_id",
    "ip_id",
    "address_id",
    "payment_token_id",
    "bank_account_id",
    "identifier_id",
)
_AMOUNTS = ("_usd",)


def evidence(
    entity: EntityRef, name: str, as_of: date, *, stored: float | None, peer: float | None
) -> None:
    """The rows behind the feature `name` of one entity, whose stored value they must bear out."""
    feature = words.catalogue(entity.entity_type)[name]
    rows = read(feature.rows, **evidence_params(feature, entity.entity_id, as_of))
    view = EvidenceView.of(
        entity.entity_type,
        name,
        scope.masked(_without_own(rows, entity), *_IDENTIFIERS),
        Values(stored, recomputed(feature, rows), peer),
        address.number("rows"),
    )
    with st.container(border=True, gap="small"):
        _head(view)
        if view.total:
            look.table(
                view.table,
                _columns(view.table),
                alt=f"{view.total} rows behind {view.label}",
                key=f"evidence-{entity.key}-{name}-{view.page}",
                most_rows=10,
            )
        with st.container(horizontal=True, horizontal_alignment="distribute"):
            csv_download(
                "Download rows",
                lambda: scope.masked(rows, *_IDENTIFIERS),
                filename=f"{file_stem(entity.entity_id)}-{name}.csv",
                key="evidence.download",
            )
            address.pages("rows", view.pages, view.page)


def _without_own(rows: pl.DataFrame, entity: EntityRef) -> pl.DataFrame:
    """`rows` without the column that repeats the entity's own id, unless it is all there is."""
    own = f"{entity.entity_type}_id"
    return rows.drop(own) if own in rows.columns and len(rows.columns) > 1 else rows


def _head(view: EvidenceView) -> None:
    with st.container(horizontal=True, horizontal_alignment="distribute"):
        st.markdown(f"**Evidence: {md_escape(view.label)}**")
        st.button(
            "Close",
            key="evidence.close",
            type="tertiary",
            icon=":material/close:",
            on_click=address.setter(feature="", rows=""),
        )
    st.caption(
        f"Stored {md_escape(view.stored)} · recomputed {md_escape(view.recomputed)} · "
        f"peer median {md_escape(view.peer)} · {plural(view.total, 'row')}. "
        f"{md_escape(view.verdict)}"
    )


def _columns(table: pl.DataFrame) -> dict[str, object]:
    return {name: _column(name, kind) for name, kind in table.schema.items()}


def _column(name: str, kind: pl.DataType) -> object:
    label = words.sentence_case(name.removesuffix("_at").removesuffix("_usd"))
    if name.endswith(_AMOUNTS):
        return look.money_column(f"{label}, {shown().code}", whole=False)
    if kind == pl.Date:
        return st.column_config.DateColumn(label, format="YYYY-MM-DD")
    if kind == pl.Datetime:
        return st.column_config.DatetimeColumn(label, format="YYYY-MM-DD HH:mm")
    if kind.is_numeric():
        return look.number_column(label, "%.6g" if kind.is_float() else look.WHOLE)
    return st.column_config.Column(label)
