"""The raw rows behind features, with each number recomputed on the spot."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import polars as pl
import streamlit as st

from dashboard.components import address, look, scope
from dashboard.components.downloads import csv_download
from dashboard.components.open_column import name_column
from dashboard.components.reveal import DataSubject, draw_reveal, read_shown
from dashboard.currency import shown
from dashboard.store import read
from dashboard.text import file_stem, md_escape, plain, plural
from dashboard.view_models import words
from dashboard.view_models.evidence import (
    EvidenceView,
    Values,
    columns_read,
    entity_columns,
    shown_columns,
    telling_first,
)
from queries.catalogue import evidence_params
from queries.recompute import recomputed

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
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


@dataclass(frozen=True)
class Measured:
    """A feature of one entity as it stands in the build, and the median of its peers."""

    name: str
    stored: float | None
    peer: float | None = None


def evidence(
    entity: EntityRef, name: str, as_of: date, *, stored: float | None, peer: float | None
) -> None:
    """The rows behind the feature `name` of one entity, whose stored value they must bear out."""
    with st.container(border=True, gap="small"):
        with st.container(horizontal=True, horizontal_alignment="distribute"):
            st.markdown(f"**Evidence: {md_escape(words.feature_label(entity.entity_type, name))}**")
            st.button(
                "Close",
                key="evidence.close",
                type="tertiary",
                icon=":material/close:",
                on_click=address.setter(feature="", rows=""),
            )
        _rows(entity, [Measured(name, stored, peer)], as_of, slot="rows", is_named=False)


def evidence_of_all(entity: EntityRef, measured: Sequence[Measured], as_of: date) -> None:
    """The rows behind each of several features, those of the same rows together."""
    groups: dict[tuple[str, str], list[Measured]] = {}
    for one in measured:
        feature = words.catalogue(entity.entity_type)[one.name]
        params = evidence_params(feature, entity.entity_id, as_of)
        groups.setdefault((feature.rows, repr(params)), []).append(one)
    for number, group in enumerate(groups.values()):
        _rows(entity, group, as_of, slot=f"rows{number or ''}", is_named=True)


def _rows(
    entity: EntityRef, group: Sequence[Measured], as_of: date, *, slot: str, is_named: bool
) -> None:
    """What each feature of a group is, then the rows they share; `slot` holds the page."""
    features = [words.catalogue(entity.entity_type)[one.name] for one in group]
    params = evidence_params(features[0], entity.entity_id, as_of)
    rows = read(features[0].rows, **params)
    columns = shown_columns(features, _without_own(rows, entity).columns)
    seen = read_shown(entity.key, features[0].rows, **params)
    ordered = telling_first(seen, columns_read(features)).select(columns)
    short = scope.shortened(ordered, *_IDENTIFIERS)
    views = [
        EvidenceView.of(
            entity.entity_type,
            feature.name,
            short,
            Values(one.stored, recomputed(feature, rows), one.peer),
            address.number(slot),
        )
        for feature, one in zip(features, group, strict=True)
    ]
    with st.container(gap=None):
        for view in views:
            _figures(view, is_named=is_named)
    key = f"evidence-{entity.key}-{features[0].name}-{slot}-{views[0].page}"
    _table(entity, views[0], key)
    with st.container(horizontal=True, horizontal_alignment="distribute"):
        csv_download(
            "Download rows",
            lambda: rows,
            filename=f"{file_stem(entity.entity_id)}-{features[0].name}.csv",
            key=f"evidence.download.{slot}",
        )
        address.pages(slot, views[0].pages, views[0].page)
    draw_reveal(DataSubject.one(entity.key), seen.select(columns), key=slot)


def _without_own(rows: pl.DataFrame, entity: EntityRef) -> pl.DataFrame:
    """`rows` without the column that repeats the entity's own id, unless it is all there is."""
    own = f"{entity.entity_type}_id"
    return rows.drop(own) if own in rows.columns and len(rows.columns) > 1 else rows


def _figures(view: EvidenceView, *, is_named: bool) -> None:
    said = "stored" if is_named else "Stored"
    parts = [
        *([f"**{md_escape(view.label)}**"] if is_named else []),
        *([f"{said} {md_escape(view.stored)}"] if view.stored else []),
        *([f"peer median {md_escape(view.peer)}"] if view.has_peer and view.peer else []),
        f"{plural(view.total, 'row')}. {md_escape(view.verdict)}",
    ]
    st.caption(" · ".join(parts))


def _table(entity: EntityRef, view: EvidenceView, key: str) -> None:
    if not view.total:
        return
    linked = entity_columns(entity.entity_type, view.page_rows.columns)
    keys = {
        name: tuple(f"{kind}:{one}" if one else "" for one in view.page_rows[name])
        for name, kind in linked.items()
    }
    look.table(
        view.table.with_columns(_names(view.page_rows, keys)),
        {
            name: name_column(_label(name.removesuffix("_id")), key, keys[name], width=150)
            if name in keys
            else _column(name, kind)
            for name, kind in view.table.schema.items()
        },
        alt=f"{view.total} rows behind {view.label}",
        key=key,
        most_rows=10,
    )


def _names(rows: pl.DataFrame, keys: Mapping[str, Sequence[str]]) -> list[pl.Series]:
    """The columns of `keys` with names in place of ids; whoever has none keeps the id."""
    asked = sorted({key for column in keys.values() for key in column if key})
    if not asked:
        return []
    nodes = scope.hide_names(read("pages/graph/named_nodes", node_keys=asked))
    names = dict(nodes.select("node_key", "name").iter_rows())
    return [
        pl.Series(
            name,
            [
                plain(names.get(key) or one, length=32) if one else None
                for key, one in zip(column, rows[name], strict=True)
            ],
            dtype=pl.String,
        )
        for name, column in keys.items()
    ]


def _label(name: str) -> str:
    bare = name.removeprefix("is_").removesuffix("_at").removesuffix("_usd")
    return _LABELS.get(name) or words.sentence_case(bare)


def _column(name: str, kind: pl.DataType) -> object:
    label = _label(name)
    if name.endswith(_AMOUNTS):
        return look.money_column(f"{label}, {shown().code}", whole=False, width=92)
    if kind == pl.Date:
        return st.column_config.DateColumn(label, format="YYYY-MM-DD", width=92)
    if kind == pl.Datetime:
        return st.column_config.DatetimeColumn(label, format="YYYY-MM-DD HH:mm", width=124)
    if kind == pl.Boolean:
        return st.column_config.CheckboxColumn(label, width=84)
    if kind.is_numeric():
        return look.number_column(label, "%.6g" if kind.is_float() else look.WHOLE, width=84)
    return st.column_config.Column(label)


_LABELS = {"event_at": "When", "order_id": "Order"}
